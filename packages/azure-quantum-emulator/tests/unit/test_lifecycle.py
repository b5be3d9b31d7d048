from __future__ import annotations

import itertools

import pytest

from azure_quantum_emulator import lifecycle
from azure_quantum_emulator.lifecycle import TERMINAL, TRANSITIONS, IllegalTransitionError, Status


@pytest.mark.parametrize(("before", "after"), [*itertools.product(Status, repeat=2)])
def test_only_the_moves_in_the_table_are_made(before: Status, after: Status) -> None:
    """A move that the table does not have is a mistake, and is called one."""
    if after in TRANSITIONS[before]:
        lifecycle.check(before, after)
    else:
        with pytest.raises(IllegalTransitionError):
            lifecycle.check(before, after)


def test_every_job_can_end() -> None:
    """From each status a final one can be reached, and final ones are the SDK's."""
    assert {status.value for status in TERMINAL} == {"Succeeded", "Failed", "Cancelled"}
    for status in set(Status) - TERMINAL:
        assert TRANSITIONS[status] & TERMINAL
