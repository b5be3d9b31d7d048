from __future__ import annotations

import pytest

from qjobs.domain.target import Mode, Target, mode_of
from qjobs.domain.target_facts import Profile
from tests.fakes import START, target


@pytest.mark.parametrize(
    ("target", "mode"),
    [
        ("ionq.simulator", Mode.SIMULATOR),
        ("ionq.qpu.aria-1", Mode.HARDWARE),
        ("ionq.qpu", Mode.HARDWARE),
        ("quantinuum.qpu.h2-1", Mode.HARDWARE),
        ("quantinuum.sim.h2-1e", Mode.NOISY_SIMULATOR),
        ("quantinuum.sim.h2-1sc", None),
        ("quantinuum.sim.helios-1e", Mode.NOISY_SIMULATOR),
        ("rigetti.sim.qvm", Mode.SIMULATOR),
        ("rigetti.qpu.cepheus-1-108q", Mode.HARDWARE),
        ("pasqal.sim.emu-sv", Mode.SIMULATOR),
        ("local.sim.aer", Mode.SIMULATOR),
        ("microsoft.estimator", None),
    ],
)
def test_a_target_is_known_by_its_name(target: str, mode: Mode | None) -> None:
    """What a target computes with follows from the naming of Azure Quantum."""
    assert mode_of(target) is mode
    assert Target(target, "x", available=True, queue_seconds=0, as_of=START).mode is mode


def test_a_known_kind_counts_more_than_a_name() -> None:
    """A simulator with noise is one, whatever its name says."""
    assert target("local.sim.aer-noisy").mode is Mode.NOISY_SIMULATOR
    assert target("quantinuum.sim.h2-1sc").mode is None


@pytest.mark.parametrize("target", list(Profile))
@pytest.mark.parametrize("program", list(Profile))
def test_a_profile_has_all_that_smaller_ones_have(target: Profile, program: Profile) -> None:
    """A target runs programs of its own profile and of every smaller one."""
    sizes = {Profile.BASE: 0, Profile.ADAPTIVE_RI: 1, Profile.ADAPTIVE_RIF: 2}

    assert target.runs(program) is (sizes[program] <= sizes[target])
