from __future__ import annotations

import json
import sys

import pulser
import pytest

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.execution import pulses
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs import pulser_sequence

HALF_TURN = 1000
"""Nanoseconds in which a Rabi frequency of pi per microsecond excites an atom."""


def sequence(duration: int, atoms: int, *, variable: bool = False) -> bytes:
    """Return a job's input: a pulse on atoms that are too far apart to block each other."""
    register = pulser.Register({f"q{n}": (100.0 * n, 0.0) for n in range(atoms)})
    built = pulser.Sequence(register, pulser.MockDevice)
    built.declare_channel("global", "rydberg_global")
    amplitude = built.declare_variable("amplitude") if variable else 3.141592653589793
    built.add(pulser.Pulse.ConstantPulse(duration, amplitude, 0.0, 0.0), "global")
    return json.dumps({"sequence_builder": built.to_abstract_repr()}).encode()


def test_a_half_turn_excites_every_atom() -> None:
    """A pulse of area pi moves each of two lone atoms to the excited state."""
    program = pulser_sequence.parse(sequence(HALF_TURN, 2))
    assert program.num_qubits == 2
    assert pulses.sample(program, Run(100, seed=1)).counts == {"11": 100}


def test_a_seed_fixes_the_counts() -> None:
    """The same seed gives the same counts, another one gives others."""
    program = pulser_sequence.parse(sequence(HALF_TURN // 2, 2))
    first, again, other = (pulses.sample(program, Run(1000, seed)) for seed in (5, 5, 6))
    assert first == again != other


def test_too_many_atoms_are_refused() -> None:
    """What would take hours fails the job at once."""
    program = pulser_sequence.parse(sequence(HALF_TURN, pulses.LARGEST + 1))
    with pytest.raises(ProgramError, match="15 atoms; 14 can be simulated"):
        pulses.sample(program, Run(1))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"{", "no sequence of pulses"),
        (b"{}", "no sequence of pulses"),
        (b'{"sequence_builder": "{}"}', "no sequence of pulses"),
        (sequence(HALF_TURN, 1, variable=True), "variables without values"),
    ],
)
def test_a_wrong_sequence_is_refused(source: bytes, reason: str) -> None:
    """What Pulser does not read, or could not run, fails the job."""
    with pytest.raises(ProgramError, match=reason) as caught:
        pulser_sequence.parse(source)
    assert caught.value.code == "InvalidInputData"


def test_without_pulser_the_job_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulser is not needed for anything else, so it may be missing."""
    monkeypatch.setitem(sys.modules, "pulser", None)
    with pytest.raises(ProgramError, match="pip install pulser-simulation"):
        pulser_sequence.parse(b"{}")
