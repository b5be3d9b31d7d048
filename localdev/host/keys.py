"""Function keys, and the authorization level that each grants."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from enum import IntEnum

HOST_KEY_VARIABLE = "LOCALDEV_HOST_KEY"
MASTER_KEY_VARIABLE = "LOCALDEV_MASTER_KEY"
"""The environment variables with the keys: of a command line everybody on the machine knows."""


class Level(IntEnum):
    """Authorization level of a function or a key."""

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

    def level(self, header: str | None, code: str | None) -> Level:
        """Return the level that the key in the header, or else in the query, grants."""
        given = header or code
        if not given:
            return Level.ANONYMOUS
        if _same(given, self.master):
            return Level.ADMIN
        return Level.FUNCTION if _same(given, self.host) else Level.ANONYMOUS


def _same(given: str, key: str) -> bool:
    # As long for a nearly right key as for a wrong one.
    return hmac.compare_digest(given.encode(), key.encode())
