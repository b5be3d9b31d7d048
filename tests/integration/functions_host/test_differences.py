"""The list of differences says nothing of what is not recorded."""

from __future__ import annotations

import pytest

from tests.integration.functions_host.differences import DIFFERENT, REASONS
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    cases,
    content,
    fits,
)

MOST = 25
"""Reasons, which somebody reads."""


@pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)
@pytest.mark.parametrize("file", DIFFERENT)
def test_every_difference_is_of_a_case(file: str) -> None:
    """A case that is gone is taken from the list, too."""
    values = content(file).get("optionValues", {"values": []})["values"]
    options = [f"options/{each['option']}={each['value']}" for each in values]
    names = [*cases(file), *options, "by hand"]
    idle = [
        pattern
        for patterns in DIFFERENT[file].values()
        for pattern in patterns
        if not any(fits(name, pattern) for name in names)
    ]

    assert idle == []


def test_every_reason_is_one_of_a_few() -> None:
    """There are few reasons, and each has a case."""
    assert set(REASONS) == {reason for reasons in DIFFERENT.values() for reason in reasons}
    assert len(REASONS) <= MOST
