from __future__ import annotations

import pytest

from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.target import Mode, Target, TargetRequest, choose_target, mode_of


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


def device(name: str, *, queue: int, qubits: int | None, available: bool = True) -> Target:
    """Return a device."""
    return Target(f"x.qpu.{name}", "x", available, queue, qubits)


DEVICES = [
    device("small", queue=10, qubits=5),
    device("down", queue=0, qubits=50, available=False),
    device("busy", queue=900, qubits=50),
    device("calm", queue=60, qubits=50),
]


@pytest.mark.parametrize(("qubits", "chosen"), [(5, "small"), (6, "calm"), (50, "calm")])
def test_hardware_is_the_least_busy_device_that_fits(qubits: int, chosen: str) -> None:
    """Of the available devices with enough qubits, the one with the shortest queue is taken."""
    choice = choose_target(TargetRequest(mode=Mode.HARDWARE), DEVICES, qubits)

    assert choice.id == f"x.qpu.{chosen}"
    assert choice.mode is Mode.HARDWARE


def test_no_device_fits_is_an_error_that_says_so() -> None:
    """A job too large for every device is refused with the number of qubits it needs."""
    with pytest.raises(NoSuitableTargetError, match="51 qubits"):
        choose_target(TargetRequest(mode=Mode.HARDWARE), DEVICES, 51)


def test_a_named_target_is_taken_even_if_it_is_down() -> None:
    """A caller that names a target gets its queue."""
    assert choose_target(TargetRequest(id="x.qpu.down"), DEVICES, 50).id == "x.qpu.down"


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
        choose_target(TargetRequest(id=name), DEVICES, 6)


def test_a_target_of_unknown_size_may_fit() -> None:
    """A workspace that does not tell the number of qubits does not rule its target out."""
    unknown = device("unknown", queue=1, qubits=None)

    assert choose_target(TargetRequest(mode=Mode.HARDWARE), [unknown], 1000).id == unknown.id
