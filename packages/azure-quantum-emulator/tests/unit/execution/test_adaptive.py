from __future__ import annotations

import json

import pytest

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.execution import adaptive, adaptive_noise
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs import qir
from azure_quantum_emulator.programs.program import AdaptiveProgram
from emulator_support import qir_text as text
from emulator_support.same_distribution import p_value

TELEPORTED = [
    # The state of qubit 0, which is one with probability sin^2(0.5), is moved to qubit 2.
    text.call("ry__body", "double 1.0", text.qubit(0)),
    text.call("h__body", text.qubit(1)),
    text.call("cx__body", text.qubit(1), text.qubit(2)),
    text.call("cx__body", text.qubit(0), text.qubit(1)),
    text.call("h__body", text.qubit(0)),
    text.call("mresetz__body", text.qubit(0), text.result(0)),
    text.call("mresetz__body", text.qubit(1), text.result(1)),
    text.read("one", 1),
    "br i1 %one, label %flip, label %next",
    "flip:",
    text.call("x__body", text.qubit(2)),
    "br label %next",
    "next:",
    text.measure(2, 2),
]
SUM = [
    text.read("a", 0),
    text.read("b", 1),
    "%m = zext i1 %a to i64",
    "%n = zext i1 %b to i64",
    "%sum = add i64 %m, %n",
    "%both = and i1 %a, %b",
]
OUTPUT = [
    text.record("tuple", 4),
    text.record_result(2),
    text.record_value("int", "i64 %sum"),
    text.record_value("bool", "i1 %both"),
    text.record("array", 2),
    text.record_result(0),
    text.record_result(1),
]


def program(body: list[str], qubits: int = 3, results: int = 3) -> AdaptiveProgram:
    """Return a program that is not straight-line."""
    read = qir.parse(text.module(body, qubits=qubits, results=results))
    assert isinstance(read, AdaptiveProgram)
    return read


TELEPORTATION = program([*TELEPORTED, *SUM, *OUTPUT])


def shots(run: Run, of: AdaptiveProgram = TELEPORTATION) -> list[str]:
    """Return the outcomes of all shots as text."""
    found = adaptive.sample(of, run)
    return [json.dumps(found.record(bits).outcome(0)) for bits in found.bits]


@pytest.mark.parametrize("device", [None, "generic"])
def test_branches_follow_what_was_measured(device: str | None) -> None:
    """Teleportation keeps the state: sin^2(0.5) is 0.23, within five standard deviations of 0.013.

    The generic device errs in less than a tenth of all shots, which adds at most another tenth.
    """
    outcomes = [json.loads(shot) for shot in shots(Run(1000, seed=1, device=device))]
    ones = sum(outcome["Item1"] for outcome in outcomes) / 1000
    assert abs(ones - 0.23) < 5 * 0.0133 + (0.1 if device else 0)
    for outcome in outcomes:
        first, second = outcome["Item4"]
        assert outcome["Item2"] == first + second
        assert outcome["Item3"] is (first + second == 2)


def test_without_noise_both_simulators_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator for noise, made noiseless, gives what the other gives (level 10^-4)."""
    ideal = shots(Run(2000, seed=1))
    monkeypatch.setattr(adaptive_noise, "_noise_config", lambda _device: None)
    assert p_value(ideal, shots(Run(2000, seed=2, device="generic"))) > 1e-4


@pytest.mark.parametrize("device", [None, "h2-1"])
def test_a_seed_fixes_the_shots(device: str | None) -> None:
    """The same seed gives the same shots, another one gives others."""
    first, again, other = (shots(Run(100, seed, device)) for seed in (5, 5, 6))
    assert first == again != other


def test_measurements_err_as_often_as_the_device() -> None:
    """A zero that is read is one in 1 of 100 measurements of the generic device.

    Of 20,000 reads 200 are wrong, give or take five standard deviations of 14.1.
    """
    body = [text.measure(0, 0), text.read("bit", 0), *text.register(0)]
    ones = shots(Run(20_000, seed=1, device="generic"), program(body)).count("[1]")
    assert abs(ones - 200) < 5 * 14.1


def test_a_loop_runs_as_often_as_it_says() -> None:
    """A counter in a loop reaches its end: five turns about pi/5 are one flip."""
    body = [
        "entry:",
        "br label %loop",
        "loop:",
        "%n = phi i64 [0, %entry], [%next, %loop]",
        text.call("rx__body", "double 0.6283185307179586", text.qubit(0)),
        "%next = add i64 %n, 1",
        "%done = icmp eq i64 %next, 5",
        "br i1 %done, label %end, label %loop",
        "end:",
        text.measure(0, 0),
        text.record("tuple", 2),
        text.record_result(0),
        text.record_value("int", "i64 %next"),
    ]
    assert set(shots(Run(50, seed=1), program(body))) == {'{"Item1": 1, "Item2": 5}'}


@pytest.mark.parametrize(
    ("qubits", "device", "reason"),
    [
        (23, None, "23 qubits in superposition; 22"),
        (21, "generic", "21 qubits; 20 can be simulated with noise"),
    ],
)
def test_too_large_programs_are_refused(qubits: int, device: str | None, reason: str) -> None:
    """What does not fit memory or patience fails the job at once."""
    body = [text.call("h__body", text.qubit(q)) for q in range(qubits)]
    large = program([*body, *TELEPORTED, *text.register(0)], qubits=qubits)
    with pytest.raises(ProgramError, match=reason):
        adaptive.sample(large, Run(1, device=device))


def test_basis_states_of_many_qubits_are_small() -> None:
    """Sixty qubits of which one is in superposition run without noise."""
    body = [text.call("h__body", text.qubit(0))]
    body += [text.call("cx__body", text.qubit(q), text.qubit(q + 1)) for q in range(59)]
    body += [text.measure(0, 0), text.measure(59, 1), text.read("bit", 0), *text.register(0, 1)]
    assert set(shots(Run(100, seed=1), program(body, qubits=60))) == {"[0, 0]", "[1, 1]"}


def test_noise_needs_a_single_entry_point() -> None:
    """The simulator for noise cannot be told which entry point to run."""
    source = text.module([*TELEPORTED, *text.register(0)], qubits=3, results=3)
    second = source[source.index(b"define") : source.index(b"declare")].replace(b"main", b"more")
    both = qir.parse(source.replace(b"define", second + b"define", 1), "ENTRYPOINT__main")
    assert isinstance(both, AdaptiveProgram)
    with pytest.raises(ProgramError, match="a single entry point"):
        adaptive.sample(both, Run(1, device="generic"))
    assert adaptive.sample(both, Run(1)).bits == [0]
