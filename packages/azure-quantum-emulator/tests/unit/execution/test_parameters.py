"""Run parameters: the number of shots, by every name that clients have had for it."""

from __future__ import annotations

from typing import Any

import pytest

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.execution import parameters
from azure_quantum_emulator.targets.catalogue import all_targets


@pytest.mark.parametrize(
    ("target", "shots"),
    [
        ("pasqal.sim.emu-tn", 100),
        ("pasqal.sim.emu-mps", 100),
        ("pasqal.qpu.fresnel", 100),
        ("ionq.simulator", 500),
        ("quantinuum.sim.h2-1e", 1),
        ("rigetti.sim.qvm", 1),
    ],
)
def test_a_provider_has_a_number_of_shots_of_its_own(target: str, shots: int) -> None:
    """It is what runs if a job does not say."""
    assert parameters.read(all_targets()[target], {}).shots == shots


@pytest.mark.parametrize(
    ("params", "shots"),
    [
        ({"runs": 150}, 150),
        ({"count": 200}, 200),
        ({"shots": 7}, 7),
        ({"count": 3, "runs": 4}, 3),
        ({"runs": 4, "shots": 5}, 5),
        ({"shots": None, "runs": 6}, 6),
    ],
)
@pytest.mark.parametrize("target", ["pasqal.sim.emu-tn", "rigetti.sim.qvm"])
def test_shots_have_had_other_names(target: str, params: dict[str, Any], shots: int) -> None:
    """The newest name that is given decides."""
    assert parameters.read(all_targets()[target], params).shots == shots


@pytest.mark.parametrize("name", parameters.SHOTS)
@pytest.mark.parametrize("value", [0, -1, 10_001, "5", 1.5, True])
def test_no_name_takes_what_is_no_number_of_shots(name: str, value: object) -> None:
    """A wrong number fails the job under each name."""
    with pytest.raises(ProgramError):
        parameters.read(all_targets()["pasqal.sim.emu-tn"], {name: value})
