"""Inputs that are too large for a kind of target are refused by name, with the figures."""

from __future__ import annotations

import pytest

from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Inputs
from qjobs.domain.errors import InputRejectedError
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size

LARGEST = {Kind.SIMULATOR: 12, Kind.NOISY_SIMULATOR: 8, Kind.HARDWARE: 8}


@pytest.mark.parametrize(
    ("target", "size", "kind"),
    [
        ("ionq.simulator", 13, "noiseless simulators: at most 12"),
        ("quantinuum.sim.h2-1e", 9, "noisy simulators: at most 8"),
        ("ionq.qpu.aria-1", 9, "quantum computers: at most 8"),
        ("not.known", 9, "quantum computers: at most 8"),
    ],
)
def test_what_is_too_large_is_refused_by_name(target: str, size: int, kind: str) -> None:
    """The error names the figure, the largest, the kind of target, and the member."""
    inputs = Inputs({}, 100, target=target_facts().get(target))

    check_size(inputs, size - 1, LARGEST, "vertices", "/input/edges")
    with pytest.raises(
        InputRejectedError, match=f"{size} vertices are too many for {kind}"
    ) as raised:
        check_size(inputs, size, LARGEST, "vertices", "/input/edges")

    assert [one.pointer for one in raised.value.violations] == ["/input/edges"]
