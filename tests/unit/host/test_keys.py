"""Keys: the level each gives."""

from __future__ import annotations

import pytest

from localdev.host.keys import Keys, Level

KEYS = Keys("host", "master")


@pytest.mark.parametrize(
    ("header", "code", "expected"),
    [
        (None, None, Level.ANONYMOUS),
        ("", "", Level.ANONYMOUS),
        ("wrong", None, Level.ANONYMOUS),
        ("schlüssel", None, Level.ANONYMOUS),
        ("host", None, Level.FUNCTION),
        (None, "host", Level.FUNCTION),
        ("master", None, Level.ADMIN),
        (None, "master", Level.ADMIN),
        ("wrong", "master", Level.ANONYMOUS),  # the header wins
        ("host", "master", Level.FUNCTION),
        ("Host", None, Level.ANONYMOUS),
    ],
)
def test_the_level_of_a_key(header: str | None, code: str | None, expected: Level) -> None:
    """The host key opens functions, the master key everything, others nothing."""
    assert KEYS.level(header, code) is expected


def test_keys_are_not_shown() -> None:
    """The representation of keys has none of them, so no log has."""
    assert not any(key in repr(KEYS) for key in ("'host'", "master"))
