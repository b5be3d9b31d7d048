"""Callers' OpenQASM gives the counts of Aer, and says what is known of them."""

from __future__ import annotations

from random import Random

import pytest
from qiskit import QuantumCircuit, QuantumRegister, qasm2, qasm3, transpile
from qiskit.circuit import ClassicalRegister
from qiskit.circuit.random import random_circuit
from qiskit_aer import AerSimulator
from scipy.stats import chi2_contingency

from algorithms.openqasm.algorithm import algorithm
from qjobs.domain.algorithm import Counts, Inputs, Program
from qjobs.domain.errors import AlgorithmError, InputRejectedError
from qjobs.methods.program_reading import document
from tests.unit.algorithms.aer import finished, first_step
from tests.unit.algorithms.emulator import H2, NOISELESS, NOISY, Started, asked, read

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BELL = f"{HEAD}qubit[2] q;\nh q[0];\ncx q[0], q[1];\nbit[2] c = measure q;\n"
TELEPORTED = f"""{HEAD}qubit[3] q;
ry(1.0) q[0];
h q[1];
cx q[1], q[2];
cx q[0], q[1];
h q[0];
bit a = measure q[0];
bit b = measure q[1];
if (b) {{ x q[2]; }}
if (a) {{ z q[2]; }}
ry(-1.0) q[2];
bit out = measure q[2];
"""
LEAST_P = 1e-6
"""Of one program of 100: a good one is below it once in 10,000 runs of all of them."""


def random_program(number: int) -> QuantumCircuit:
    """Return a random circuit with gates of all kinds, and measurements into two registers."""
    random = Random(number)
    qubits = random.randint(2, 4)
    drawn = random_circuit(qubits, random.randint(1, 4), max_operands=3, seed=number)
    first = random.randint(1, qubits - 1)
    registers = ClassicalRegister(first, "a"), ClassicalRegister(qubits - first, "b")
    circuit = QuantumCircuit(QuantumRegister(qubits, "q"), *registers)
    circuit.compose(drawn, inplace=True)
    places = random.sample(range(qubits), qubits)
    if random.random() < 0.2:  # a share; measured, and used again
        circuit.measure(0, places[0])
        circuit.ry(0.7, 0)
    for qubit, place in enumerate(places):
        circuit.measure(qubit, place)
    return circuit


def written(circuit: QuantumCircuit, version: int) -> str:
    """Return a circuit in OpenQASM.

    Qiskit defines gates of version 3 with products of angles and floats, which the language does
    not have: so they are translated to those that the library has.
    """
    if version == 2:
        return str(qasm2.dumps(circuit))
    standard = [
        "u",
        "p",
        "rx",
        "ry",
        "rz",
        "h",
        "s",
        "t",
        "sx",
        "cx",
        "cy",
        "ch",
        "cp",
        "swap",
        "ccx",
    ]
    return str(qasm3.dumps(transpile(circuit, basis_gates=standard, optimization_level=0)))


def p_value(one: Counts, other: Counts) -> float:
    """Return the p-value of the chi-square test that two samples are of one distribution."""
    kinds = sorted({*one.readings, *other.readings})
    table = [[counts.readings.get(kind, 0) for kind in kinds] for counts in (one, other)]
    rare = [k for k in range(len(kinds)) if table[0][k] + table[1][k] < 10]
    rows = [[n for k, n in enumerate(row) if k not in rare] for row in table]
    if rare:
        for row, whole in zip(rows, table, strict=True):
            row.append(sum(whole[k] for k in rare))
    return float(chi2_contingency(rows).pvalue) if len(rows[0]) > 1 else 1.0


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("version", [2, 3])
def test_counts_are_aers(part: int, version: int) -> None:
    """Of 100 random programs in both versions, 1,000 shots each, with confidence 0.9999 for all."""
    simulator = AerSimulator(max_parallel_threads=1)
    for number in range(13 * part, min(13 * part + 13, 50)):
        circuit = random_program(100 * version + number)
        source = written(circuit, version)
        found = document("OpenQASM", source)
        assert "refused" not in found, (found, source)
        program = Program("qir.v1", found["text"], found["qubits"])
        counts = simulator.run(circuit.decompose(reps=4), shots=1000, seed_simulator=number)
        joined = {k.replace(" ", ""): n for k, n in counts.result().get_counts().items()}

        assert p_value(read(program, 1000, number + 1), Counts(joined)) > LEAST_P, source


def test_a_bell_pair_is_verified() -> None:
    """On a noiseless simulator, with its exact probability beside it and chance below it."""
    started = Started.of(algorithm, BELL)
    for seed in range(5):
        found = started.result(seed)

        assert found["verified"]["status"] == "Verified"
        assert found["comparison"]["value"] == pytest.approx(0.5)
        assert found["baseline"]["value"] == 1 / 4
        assert found["uncertainty"]["lower"] < 0.5 < found["uncertainty"]["upper"]
        assert {one["bits"] for one in found["readings"]} == {"00", "11"}


def test_noise_withdraws_the_claim() -> None:
    """On a noisy simulator the readings do not fit, and how far off they are is said."""
    started = Started.of(algorithm, BELL, NOISY)
    for seed in range(5):
        found = started.result(seed)

        assert found["verified"]["status"] == "NotVerified"
        assert "noisy" in found["verified"]["reason"]
        agreed = found["agreement"]
        assert agreed["totalVariation"] > agreed["expectedTotalVariation"]


def test_a_program_that_depends_on_measurements_runs_where_it_can() -> None:
    """A state that was teleported and turned back reads zero; there is no exact distribution."""
    started = Started.of(algorithm, TELEPORTED, H2, shots=200)
    assert '"qir_profiles"="adaptive_profile"' in started.program.text

    found = started.result(1)

    assert found["program"]["profile"] == "AdaptiveRI"
    assert found["comparison"]["value"] is None
    assert "depends on what it measures" in found["comparison"]["method"]
    assert found["verified"]["status"] == "NotVerified"
    assert found["agreement"] is None
    assert found["registers"][0]["name"] == "out"
    zeros = sum(one["count"] for one in found["readings"] if one["bits"][0] == "0")
    assert zeros > 150  # of 200; a coin gives as many once in 10^12


def test_many_equal_readings_are_not_verified() -> None:
    """A test of readings that are all rare would show nothing, and the interval is wide enough."""
    source = f"{HEAD}qubit[12] q;\nh q;\nbit[12] c = measure q;\n"
    found = Started.of(algorithm, source).result(1)

    assert found["verified"]["status"] == "NotVerified"
    assert "take more shots" in found["verified"]["reason"]
    assert found["uncertainty"]["lower"] <= 2**-12 <= found["uncertainty"]["upper"]


def test_the_interval_of_the_leading_reading_covers() -> None:
    """In 95 of 100 runs or more, though the leading one is the luckiest of 16."""
    source = f"{HEAD}qubit[4] q;\nh q;\nbit[4] c = measure q;\n"
    started = Started.of(algorithm, source, shots=400)
    ends = [started.result(seed + 1)["uncertainty"] for seed in range(100)]

    # 95 are expected at least; fewer than 90 come once in 50 samples, and the seeds are fixed.
    assert sum(one["lower"] <= 1 / 16 <= one["upper"] for one in ends) >= 90


@pytest.mark.parametrize(
    ("qubits", "target", "words"),
    [
        (30, NOISELESS, "30 qubits are too many for noiseless simulators: at most 29"),
        (17, NOISY, "17 qubits are too many for noisy simulators: at most 16"),
    ],
)
def test_what_is_too_large_for_a_target_is_refused(qubits: int, target: str, words: str) -> None:
    """By the kind of the target, with the figure."""
    source = f"{HEAD}qubit[{qubits}] q;\nh q;\nbit[{qubits}] c = measure q;\n"

    with pytest.raises(InputRejectedError, match=words):
        algorithm.start(asked(source, target=target))


def test_too_many_gates_for_noise_are_refused() -> None:
    """Gates on two qubits are counted."""
    source = BELL.replace("cx q[0], q[1];", "cx q[0], q[1];" * 1001)

    with pytest.raises(InputRejectedError, match="1,001 gates on two qubits are too many"):
        algorithm.start(asked(source, target=NOISY))


def test_the_largest_program_is_taken() -> None:
    """56 qubits, at a target of which nothing is known, without an exact distribution."""
    source = f"{HEAD}qubit[56] q;\nx q;\nbit[56] c = measure q;\n"
    inputs = Inputs({"program": source}, 100)
    step = first_step(algorithm, inputs)
    assert isinstance(step.circuits[0], Program)

    found = finished(algorithm.resume(inputs, step.state, [Counts({"1" * 56: 100})]))

    assert step.circuits[0].qubits == 56
    assert "56 qubits" in found["comparison"]["method"]


def test_no_reading_is_no_result() -> None:
    """Shots that were all lost end the job."""
    with pytest.raises(AlgorithmError, match="no reading"):
        Started.of(algorithm, BELL).result_of(Counts({}))
