from __future__ import annotations

import json

import pytest

from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.target import Mode, Target, TargetRequest
from qjobs.domain.target_choice import (
    Needs,
    TargetChoice,
    choice_document,
    choose_target,
    misfit,
    stored_choice,
)
from qjobs.domain.target_facts import Profile
from tests.fakes import START, target


def device(name: str, *, queue: int, qubits: int | None, available: bool = True) -> Target:
    """Return a device."""
    return Target(f"x.qpu.{name}", "x", available, queue, qubits, as_of=START)


DEVICES = [
    device("small", queue=10, qubits=5),
    device("down", queue=0, qubits=50, available=False),
    device("busy", queue=900, qubits=50),
    device("calm", queue=60, qubits=50),
]


@pytest.mark.parametrize(("qubits", "chosen"), [(5, "small"), (6, "calm"), (50, "calm")])
def test_hardware_is_the_least_busy_device_that_fits(qubits: int, chosen: str) -> None:
    """Of the available devices with enough qubits, the one with the shortest queue is taken."""
    choice = choose_target(TargetRequest(mode=Mode.HARDWARE), DEVICES, Needs(qubits))

    assert choice.id == f"x.qpu.{chosen}"
    assert choice.mode is Mode.HARDWARE
    assert choice.as_of == START


def test_no_device_fits_is_an_error_that_says_so() -> None:
    """A job too large for every device is refused with the number of qubits it needs."""
    with pytest.raises(NoSuitableTargetError, match="51 qubits"):
        choose_target(TargetRequest(mode=Mode.HARDWARE), DEVICES, Needs(51))


def test_a_named_target_is_taken_even_if_it_is_down() -> None:
    """A caller that names a target gets its queue."""
    assert choose_target(TargetRequest(id="x.qpu.down"), DEVICES, Needs(50)).id == "x.qpu.down"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x.qpu.small", "has 5"),
        ("x.qpu.none", "GET /targets lists"),
    ],
)
def test_a_named_target_must_be_there_and_fit(name: str, reason: str) -> None:
    """A named target that cannot take the job is refused with the reason."""
    with pytest.raises(NoSuitableTargetError, match=reason):
        choose_target(TargetRequest(id=name), DEVICES, Needs(6))


def test_a_target_of_which_nothing_is_known_may_fit() -> None:
    """What a workspace and the table do not tell rules a target out for nothing."""
    unknown = device("unknown", queue=1, qubits=None)
    needs = Needs(1000, "other.v1", Profile.ADAPTIVE_RIF, sampling=True)

    assert choose_target(TargetRequest(mode=Mode.HARDWARE), [unknown], needs).id == unknown.id


@pytest.mark.parametrize(
    ("name", "needs", "reason"),
    [
        ("ionq.qpu.aria-1", Needs(25), None),
        ("ionq.qpu.aria-1", Needs(26), "has 25 qubits; the job needs 26"),
        ("pasqal.qpu.fresnel", Needs(2), "it takes pasqal.pulser.v1"),
        ("rigetti.sim.qvm", Needs(2, profile=Profile.ADAPTIVE_RI), "the profile Base"),
        ("quantinuum.qpu.h2-1", Needs(2, profile=Profile.ADAPTIVE_RI), None),
        ("quantinuum.qpu.h2-1", Needs(2, profile=Profile.ADAPTIVE_RIF), "needs Adaptive_RIF"),
        ("quantinuum.qpu.helios-1", Needs(2, profile=Profile.ADAPTIVE_RIF), None),
        ("ionq.simulator", Needs(2), None),
        ("ionq.simulator", Needs(2, sampling=True), "does not sample"),
        ("quantinuum.sim.h2-1sc", Needs(2, sampling=True), "does not sample"),
        ("quantinuum.sim.h2-1e", Needs(2, sampling=True), None),
    ],
)
def test_a_misfit_has_its_reason(name: str, needs: Needs, reason: str | None) -> None:
    """Whether a target can run a step follows from its facts and the needs of the step."""
    found = misfit(target(name), needs)

    assert found is None if reason is None else found is not None and reason in found


@pytest.mark.parametrize("name", ["ionq.qpu.aria-1", "ionq.simulator", "new.qpu.x"])
def test_a_choice_survives_its_storage(name: str) -> None:
    """A choice is the same after it went through JSON, with facts or without."""
    choice = choose_target(TargetRequest(id=name), [target(name)], Needs(2))

    assert stored_choice(json.loads(json.dumps(choice_document(choice)))) == choice


def test_a_choice_stored_before_it_had_facts_can_be_read() -> None:
    """A step that an earlier version stored is gone on with."""
    earlier = {
        "id": "a.sim",
        "provider": "a",
        "mode": "Simulator",
        "reason": "",
        "queue_seconds": 3,
    }

    assert stored_choice(earlier) == TargetChoice("a.sim", "a", Mode.SIMULATOR, "", 3)
