"""Who may call: keys and the levels they give."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """What a caller may do, or has to be allowed to do."""

    ANONYMOUS = 0
    FUNCTION = 1
    ADMIN = 2


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the host."""

    host: str
    """Opens every function."""
    master: str
    """Opens the administration too."""

    def level(self, header: str | None, code: str | None) -> Level:
        """Return what the key in the header, or else in the query, gives."""
        given = (header or code or "").encode()
        if hmac.compare_digest(given, self.master.encode()):
            return Level.ADMIN
        if hmac.compare_digest(given, self.host.encode()):
            return Level.FUNCTION
        return Level.ANONYMOUS
