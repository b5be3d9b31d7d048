"""The GHZ device check measures what it says it measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.quantum_info import (
    DensityMatrix,
    Statevector,
    hellinger_fidelity,
    random_density_matrix,
    state_fidelity,
)
from qiskit_aer.noise import NoiseModel, depolarizing_error

from algorithms.ghz.algorithm import algorithm
from algorithms.ghz.circuits import parity_circuits, populations_circuit
from algorithms.ghz.fidelity import (
    Estimate,
    Populations,
    coherence,
    parity,
    shows_entanglement,
)
from algorithms.ghz.fidelity import state_fidelity as estimated_fidelity
from algorithms.ghz.interval import state_interval
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Inputs
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.aer import complete, finished, sample

SCALE = 10**12  # readings that stand for a probability of one


def ghz_state(qubits: int) -> Statevector:
    """Return the ideal state."""
    amplitudes = np.zeros(2**qubits)
    amplitudes[0] = amplitudes[-1] = np.sqrt(0.5)
    return Statevector(amplitudes)


def asked(qubits: int, method: str, shots: int = 1000, target: str | None = None) -> Inputs:
    """Return what the engine passes."""
    facts = target_facts()[target] if target else None
    return Inputs({"qubits": qubits, "method": method}, shots, target=facts)


def rotation(circuit: QuantumCircuit, *, measured: bool) -> QuantumCircuit:
    """Return *circuit* without the preparation of the state."""
    tail = circuit.copy_empty_like()
    for instruction in circuit.data[circuit.num_qubits :]:
        if measured or instruction.operation.name != "measure":
            tail.append(instruction)
    return tail


def exact(state: DensityMatrix, circuit: QuantumCircuit) -> Counts:
    """Return the probabilities of reading *state* as *circuit* does, as very many readings."""
    turned = state.evolve(rotation(circuit, measured=False))
    shares = turned.probabilities_dict()
    return Counts({bits: round(share * SCALE) for bits, share in shares.items()})


def drawn(state: DensityMatrix, shots: int, seed: int, repetitions: int) -> Iterator[list[Counts]]:
    """Yield readings of *state* by the circuits of the parity method, again and again."""
    chance = np.random.default_rng(seed)
    circuits = [populations_circuit(state.num_qubits), *parity_circuits(state.num_qubits)]
    expected = [exact(state, circuit).readings for circuit in circuits]
    shares = [np.array(list(one.values())) / sum(one.values()) for one in expected]
    for _ in range(repetitions):
        yield [
            Counts(dict(zip(one, chance.multinomial(shots, share).tolist(), strict=True)))
            for one, share in zip(expected, shares, strict=True)
        ]


def estimate(outcomes: list[Counts]) -> Estimate:
    """Return the fidelity of two qubits by the method of parities, as the result has it."""
    plain, *rotated = outcomes
    return estimated_fidelity(Populations.of(plain, 2).alike, coherence([*map(parity, rotated)]))


@pytest.mark.parametrize("qubits", [2, 3, 5, 8])
def test_the_circuit_prepares_the_state(qubits: int) -> None:
    """Without measurement, the first circuit ends in the GHZ state."""
    circuit = populations_circuit(qubits).remove_final_measurements(inplace=False)

    assert Statevector(circuit) == ghz_state(qubits)


def test_by_default_one_circuit_runs() -> None:
    """Populations take one circuit, parities one more for each qubit."""
    assert len(algorithm.start(asked(5, "Populations")).circuits) == 1
    assert len(algorithm.start(asked(5, "Parity")).circuits) == 6


@pytest.mark.parametrize("qubits", [2, 5, 20])
def test_noiseless_populations_are_ideal(qubits: int) -> None:
    """Without noise the classical fidelity is 1 within four standard errors."""
    result = complete(algorithm, asked(qubits, "Populations"), count(1))

    fidelity = result["fidelity"]
    assert fidelity["kind"] == "Classical"
    assert fidelity["value"] == pytest.approx(1, abs=4 * fidelity["standardError"])
    assert {entry["bits"] for entry in result["readings"]} == {"0" * qubits, "1" * qubits}
    assert result["entanglement"] == "NotTested"


@pytest.mark.parametrize("qubits", [2, 5, 8])
def test_a_noiseless_state_has_fidelity_one(qubits: int) -> None:
    """Without noise every parity is exact, so the fidelity is, and entanglement is shown."""
    result = complete(algorithm, asked(qubits, "Parity"), count(1))

    assert result["fidelity"]["kind"] == "State"
    assert result["uncertainty"]["lower"] < result["uncertainty"]["upper"] == 1
    assert result["fidelity"]["value"] == pytest.approx(1)
    assert 0 < result["fidelity"]["standardError"] < 0.01
    assert all(entry["value"] == entry["ideal"] for entry in result["parities"])
    assert result["entanglement"] == "Shown"


@pytest.mark.parametrize(("qubits", "share"), [(2, 0.1), (2, 0.5), (4, 0.05), (6, 0.02)])
def test_depolarised_gates_give_the_known_fidelity(qubits: int, share: float) -> None:
    """The estimate is that of the noisy density matrix within four standard errors."""
    noise = NoiseModel(basis_gates=["h", "rz", "cx"])
    noise.add_all_qubit_quantum_error(depolarizing_error(share, 2), "cx")
    state = DensityMatrix.from_label("0" * qubits).evolve(_first_gate(qubits))
    for qubit in range(qubits - 1):
        gate = QuantumCircuit(2)
        gate.cx(0, 1)
        pair = [qubit, qubit + 1]
        state = state.evolve(gate, pair).evolve(
            depolarizing_error(share, 2).to_quantumchannel(), pair
        )
    expected = state_fidelity(state, ghz_state(qubits))
    if qubits == 2:
        assert expected == pytest.approx(1 - 3 * share / 4)

    result = complete(algorithm, asked(qubits, "Parity", 4000), count(1), noise)

    fidelity = result["fidelity"]
    assert fidelity["value"] == pytest.approx(expected, abs=4 * fidelity["standardError"])
    assert fidelity["standardError"] < 0.01
    assert result["bounds"]["lower"] <= fidelity["value"] <= result["bounds"]["upper"]


def _first_gate(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    return circuit


def test_a_mixture_passes_for_the_state_only_by_its_populations() -> None:
    """Half all zeros, half all ones: classical fidelity 1, state fidelity 1/2, not entangled."""
    qubits, shots = 5, 2000
    outcomes: list[Counts] = []
    for circuit in [populations_circuit(qubits), *parity_circuits(qubits)]:
        ones = circuit.copy_empty_like()
        ones.x(range(qubits))
        tail = rotation(circuit, measured=True)
        halves = sample([tail, ones.compose(tail)], shots // 2, count(len(outcomes)))
        outcomes.append(Counts(sum((Counter(half.readings) for half in halves), Counter())))

    classical = finished(algorithm.resume(asked(qubits, "Populations"), {}, outcomes[:1]))
    state = finished(algorithm.resume(asked(qubits, "Parity"), {}, outcomes))

    assert classical["fidelity"]["value"] == pytest.approx(1)
    assert classical["bounds"] == {"lower": 0, "upper": 1}
    fidelity = state["fidelity"]
    assert fidelity["value"] == pytest.approx(0.5, abs=4 * fidelity["standardError"])
    assert state["entanglement"] == "NotShown"


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.integers(2, 4))
def test_of_any_state_the_fidelity_is_exact_on_average(seed: int, qubits: int) -> None:
    """With all probabilities known the formula gives the fidelity, whatever the state."""
    state = random_density_matrix(2**qubits, seed=seed)
    parities = [parity(exact(state, circuit)) for circuit in parity_circuits(qubits)]
    populations = Populations.of(exact(state, populations_circuit(qubits)), qubits)

    fidelity = (populations.alike.value + coherence(parities).value) / 2

    assert fidelity == pytest.approx(state_fidelity(state, ghz_state(qubits)), abs=1e-9)
    low, high = populations.bounds
    assert low - 1e-9 <= fidelity <= high + 1e-9


def test_the_standard_error_is_the_spread() -> None:
    """Over 1,000 repetitions the errors are as large as announced, within a tenth."""
    mixed = np.diag([0.25] * 4)
    state = DensityMatrix(0.8 * DensityMatrix(ghz_state(2)).data + 0.2 * mixed)
    errors: list[float] = []
    for outcomes in drawn(state, shots=200, seed=5, repetitions=1000):
        fidelity = estimate(outcomes)
        errors.append((fidelity.value - 0.85) / fidelity.standard_error)

    assert np.std(errors) == pytest.approx(1, abs=0.1)
    assert abs(np.mean(errors)) < 0.1


@pytest.mark.parametrize("shots", [1, 10, 30, 100])
def test_unentangled_qubits_are_rarely_called_entangled(shots: int) -> None:
    """Of the best states without entanglement at most one in 25 is taken for entangled."""
    state = DensityMatrix.from_label("00")  # its fidelity is 1/2, and no separable one's is more
    shown = [
        shows_entanglement(estimate(outcomes), shots)
        for outcomes in drawn(state, shots, seed=11, repetitions=4000)
    ]

    # The rate is below 3 %; four standard deviations of 4,000 repetitions are 1 %.
    assert np.mean(shown) <= 0.04


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_classical_fidelity_is_hellingers(zeros: int, ones: int, others: int) -> None:
    """The classical fidelity is what Qiskit computes from the same counts, between its bounds."""
    readings = {"000": zeros, "111": ones, "010": others}
    if not sum(readings.values()):
        return
    result = finished(algorithm.resume(asked(3, "Populations"), {}, [Counts(readings)]))

    value = result["fidelity"]["value"]
    expected = hellinger_fidelity({k: n for k, n in readings.items() if n}, {"000": 1, "111": 1})
    assert value == pytest.approx(expected, abs=1e-9)
    assert 0 <= result["bounds"]["lower"] <= result["bounds"]["upper"] == value <= 1
    assert result["fidelity"]["standardError"] > 0


def test_only_the_most_frequent_readings_are_listed() -> None:
    """However noisy the device, the result stays small, the most frequent reading first."""
    counts = Counts({format(number, "010b"): number + 1 for number in range(1024)})
    result = finished(algorithm.resume(asked(10, "Populations"), {}, [counts]))

    assert [entry["count"] for entry in result["readings"]] == list(range(1024, 1008, -1))


def test_an_integer_may_be_written_with_a_point() -> None:
    """5.0 is an integer to JSON Schema, so it is one number of qubits."""
    inputs = Inputs({"qubits": 5.0, "method": "Populations"}, 100)

    assert complete(algorithm, inputs, count(1))["qubits"] == 5


@pytest.mark.parametrize("weight", [0.6, 0.9, 0.99, 0.998, 1.0])
def test_the_interval_holds_the_fidelity(weight: float) -> None:
    """At 95 % confidence in at least 93 % of 1,000 repetitions, near the ideal state as well."""
    state = DensityMatrix(weight * DensityMatrix(ghz_state(2)).data + (1 - weight) * np.eye(4) / 4)
    fidelity = weight + (1 - weight) / 4
    held = [
        fidelity in state_interval(outcomes, 2)
        for outcomes in drawn(state, shots=300, seed=6, repetitions=1000)
    ]

    # Four standard deviations of 1,000 repetitions at 95 % are 2.8 %; the rate is above that.
    assert np.mean(held) >= 0.93


def test_only_a_simulator_without_noise_is_verified() -> None:
    """There the fidelity is known to be 1; what a device reads, nothing else knows."""
    ideal = [Counts({"00": 490, "11": 510}), Counts({"00": 1000}), Counts({"01": 1000})]

    def verified(target: str | None, outcomes: list[Counts]) -> str:
        inputs = asked(2, "Parity", target=target)
        status: str = finished(algorithm.resume(inputs, {}, outcomes))["verified"]["status"]
        return status

    assert verified("local.sim.aer", ideal) == "Verified"
    assert verified("local.sim.aer-noisy", ideal) == "NotVerified"
    assert verified(None, ideal) == "NotVerified"


@pytest.mark.parametrize(
    "outcomes",
    [
        [Counts({"00": 490, "11": 509, "01": 1}), Counts({"00": 1000}), Counts({"01": 1000})],
        [Counts({"00": 400, "11": 600}), Counts({"00": 1000}), Counts({"01": 1000})],
        [Counts({"00": 490, "11": 510}), Counts({"00": 999, "01": 1}), Counts({"01": 1000})],
    ],
)
def test_readings_of_another_state_are_not_verified(outcomes: list[Counts]) -> None:
    """A reading too many, unequal populations, a wrong parity: the simulator would be at fault."""
    inputs = asked(2, "Parity", target="local.sim.aer")

    result = finished(algorithm.resume(inputs, {}, outcomes))

    assert result["verified"]["status"] == "NotVerified"


def test_parities_that_noise_makes_slow_are_refused() -> None:
    """On the noisy simulator beyond 10 qubits, with the figure; other methods and targets run."""
    with pytest.raises(InputRejectedError, match=r"11 qubits .* at most 10") as refused:
        algorithm.start(asked(11, "Parity", target="local.sim.aer-noisy"))

    assert [violation.pointer for violation in refused.value.violations] == ["/input/qubits"]
    for qubits, method, target in (
        (10, "Parity", "local.sim.aer-noisy"),
        (20, "Populations", "local.sim.aer-noisy"),
        (20, "Parity", "local.sim.aer"),
        (20, "Parity", "ionq.qpu.aria-1"),
    ):
        assert algorithm.start(asked(qubits, method, target=target)).circuits


def test_the_picture_has_a_bar_for_all_that_was_read() -> None:
    """Fidelity, three populations and, with the method of parities, a bar for each direction."""
    outcomes = [Counts({"00": 490, "11": 510}), Counts({"00": 1000}), Counts({"01": 1000})]

    parities = finished(algorithm.resume(asked(2, "Parity"), {}, outcomes))["svg"]
    populations = finished(algorithm.resume(asked(2, "Populations"), {}, outcomes[:1]))["svg"]

    for label in ("fidelity", "all 0", "all 1", "others"):
        assert f">{label}</text>" in parities
        assert f">{label}</text>" in populations
    assert ">along 90°</text>" in parities
    assert "along" not in populations
