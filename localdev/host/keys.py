"""Who may call: keys and the levels they give."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Level(IntEnum):
    """What a caller may do, or has to be allowed to do."""

    ANONYMOUS = 0
    FUNCTION = 1
    ADMIN = 2


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the host."""

    host: str = field(repr=False)
    """Opens every function."""
    master: str = field(repr=False)
    """Opens the administration too."""
    functions: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The key that opens just the function of that name, where it has one."""

    def level(self, header: str | None, code: str | None, function: str | None = None) -> Level:
        """Return what the key in the header, or else in the query, gives on a function."""
        given = header or code
        if not given:
            return Level.ANONYMOUS
        if _same(given, self.master):
            return Level.ADMIN
        own = self.functions.get(function) if function is not None else None
        if _same(given, self.host) or (own is not None and _same(given, own)):
            return Level.FUNCTION
        return Level.ANONYMOUS


def _same(given: str, key: str) -> bool:
    # As long for a nearly right key as for a wrong one.
    return hmac.compare_digest(given.encode(), key.encode())
