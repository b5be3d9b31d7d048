"""The ground state energy is that of the Hamiltonian, within its error bars."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from qiskit.quantum_info import Statevector

from algorithms.ground_state_energy.algorithm import algorithm
from algorithms.ground_state_energy.hamiltonian import Hamiltonian
from algorithms.ground_state_energy.measurement import circuits_of
from algorithms.ground_state_energy.problem import MOST_SHOTS, Problem
from azure_quantum_emulator.execution.noise import model
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Execute, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from qjobs.methods.evidence import without_times
from tests.unit.algorithms.aer import circuits_of as circuits_of_step
from tests.unit.algorithms.aer import complete, finished, first_step, sample, shots_of

FOLDER = Path(__file__).parents[3] / "algorithms" / "ground_state_energy"
EXAMPLES = json.loads((FOLDER / "input.schema.json").read_text(encoding="utf-8"))["examples"]
RESULT = Draft202012Validator(
    json.loads((FOLDER / "result.schema.json").read_text(encoding="utf-8"))
)
HYDROGEN, HEISENBERG, ISING = EXAMPLES
ACCURACY = 0.0016
"""What chemists call accurate, in hartree."""
NOISELESS, NOISY = "local.sim.aer", "local.sim.aer-noisy"


def asked(document: JSONObject, shots: int = 1000, target: str | None = NOISELESS) -> Inputs:
    """Return what the engine passes."""
    defaults = {"constant": 0, "ansatz": "Automatic", "layers": 1}
    return Inputs({**defaults, **document}, shots, 7, target_facts().get(target or ""))


def of(pairs: dict[str, float], **members: Any) -> JSONObject:  # noqa: ANN401 - it is JSON
    """Return an input with these terms."""
    terms = [{"pauli": pauli, "coefficient": number} for pauli, number in pairs.items()]
    return {"terms": terms, **members}


def heisenberg(spins: int) -> JSONObject:
    """Return an open chain of spins, each coupled to the next."""
    return of(
        {
            "I" * place + letter * 2 + "I" * (spins - 2 - place): 1.0
            for place in range(spins - 1)
            for letter in "XYZ"
        }
    )


def run(document: JSONObject, seed: int, shots: int = 1000, noise: str | None = None) -> JSONObject:
    """Return the result of a job, valid under its schema."""
    inputs = asked(document, shots, NOISY if noise else NOISELESS)
    result = complete(algorithm, inputs, count(1000 * seed), noise and model(noise))
    RESULT.validate(result)
    return result


@cache
def hydrogen(seed: int) -> JSONObject:
    """Return the result of the first example."""
    return run(HYDROGEN, seed)


@cache
def spins(seed: int) -> JSONObject:
    """Return the result of the second example."""
    return run(HEISENBERG, seed)


def error(result: JSONObject) -> float:
    """Return the standard error of the answer."""
    return float(result["uncertainty"]["standardError"])


@pytest.mark.parametrize("seed", range(5))
def test_hydrogen_is_accurate(seed: int) -> None:
    """Within 1.6 millihartree at a standard error of at most 0.4: four of them, by chance never."""
    result = hydrogen(seed)

    assert abs(result["energy"] - -1.137306035753) < ACCURACY
    assert error(result) <= 0.0004
    assert result["precision"] == {"status": "Reached", "wanted": 0.0004}
    assert result["verified"]["status"] == "Verified"


def test_a_job_keeps_to_a_million_shots() -> None:
    """A precision that takes more is told not to be reached."""
    inputs, seeds, shots = asked({**HYDROGEN, "precision": 1e-6}), count(1), 0
    step = algorithm.start(inputs)
    while isinstance(step, Execute):
        each = shots_of(step, inputs)
        circuits = circuits_of_step(step)
        shots += each * len(circuits) if isinstance(each, int) else sum(each)
        step = algorithm.resume(inputs, step.state, sample(circuits, each, seeds))

    assert shots <= MOST_SHOTS
    assert finished(step)["precision"]["status"] == "NotReached"


@pytest.mark.parametrize("seed", range(5))
def test_a_chain_of_four_spins_is_within_one_percent(seed: int) -> None:
    """The exact energy is 3 + 2 sqrt 3, less than zero; the error bar is about 0.2 %."""
    exact = -(3 + 2 * np.sqrt(3))

    result = spins(seed)

    assert abs(result["energy"] - exact) < 0.01 * abs(exact)
    assert result["comparison"]["value"] == pytest.approx(exact)
    assert result["state"]["gatesOnTwoQubits"] == 11


def test_error_bars_hold() -> None:
    """Of ten energies none is beyond three of its standard errors, which chance does 1 in 37."""
    results = [*map(hydrogen, range(5)), *map(spins, range(5))]

    assert sum(abs(one["difference"]) > 3 * error(one) for one in results) == 0


def test_three_spins_have_two_ground_states() -> None:
    """The public instance: the least energy is -4, and any state of the two will do."""
    result = run(heisenberg(3), 1)

    assert result["comparison"]["value"] == pytest.approx(-4)
    assert abs(result["difference"]) < 0.08


def test_more_layers_reach_lower() -> None:
    """The transverse Ising chain: one layer leaves 2.4 %, by the states and not by chance."""
    one, two = run({**ISING, "layers": 1}, 1), run(ISING, 1)

    assert one["verified"]["status"] == "NotVerified"
    assert "more layers" in one["verified"]["reason"]
    assert two["energy"] < one["energy"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("document", [HYDROGEN, HEISENBERG], ids=["hydrogen", "heisenberg"])
def test_noise_widens_the_error(document: JSONObject, seed: int) -> None:
    """With noise the raw energy is far off, and stays beside the mitigated one, which is not."""
    result = run(document, seed, 1000, "generic")
    raw, exact = result["mitigation"]["rawEnergy"], result["comparison"]["value"]

    assert abs(result["difference"]) < 3 * error(result)
    assert abs(result["difference"]) < abs(raw - exact)
    assert raw - exact > 3 * result["mitigation"]["rawStandardError"]
    assert result["precision"]["status"] != "Reached"


def test_a_target_of_which_nothing_is_known_may_have_noise() -> None:
    """Then the calibration is measured, too."""
    inputs = asked(of({"ZZ": 1.0, "XX": 0.5}), target=None)

    assert complete(algorithm, inputs, count(1))["mitigation"]["method"] != "None"


@pytest.mark.parametrize(
    ("document", "energy"),
    [
        (of({"Z": 1.0}), -1.0),
        (of({"Y": 2.0}), -2.0),
        (of({"X": 1.0, "Z": 1.0}), -np.sqrt(2)),
        (of({"XYZ": -1.5}), -1.5),
        (of({"ZZ": 1.0, "II": 3.0}, constant=2.0), 4.0),
        (of({"XX": 1000.0, "ZI": -1000.0}), -1000 * np.sqrt(2)),
        (of({"ZIZ": 1e-6}), -1e-6),
    ],
    ids=["Z", "Y", "X+Z", "XYZ", "identity", "huge", "tiny"],
)
def test_small_hamiltonians(document: JSONObject, energy: float) -> None:
    """Diagonal, imaginary and scaled ones: the exact energy, within the error bars."""
    result = run(document, 2)

    assert result["comparison"]["value"] == pytest.approx(energy)
    assert abs(result["difference"]) < max(4 * error(result), 1e-9)
    assert abs(result["difference"]) < 0.02 * abs(energy)


def test_a_constant_needs_no_circuit() -> None:
    """Terms that cancel, or only the identity, are answered at once."""
    terms = [{"pauli": "XZ", "coefficient": 1}, {"pauli": "XZ", "coefficient": -1}]
    result = finished(algorithm.start(asked({"terms": terms, "constant": 5})))

    RESULT.validate(result)
    assert result["energy"] == 5
    assert result["uncertainty"]["lower"] == result["uncertainty"]["upper"] == 5


def test_the_circuits_measure_the_hamiltonian() -> None:
    """With very many readings, the energy of a random Hamiltonian is that of the state vector."""
    chance = np.random.default_rng(5)
    pairs = {"".join(chance.choice(list("IXYZ"), 3)): float(chance.normal()) for _ in range(12)}
    problem = Problem.of(asked(of(pairs, ansatz="Excitations", layers=2)))
    angles = chance.uniform(-3, 3, len(problem.ansatz.blocks))
    circuits = circuits_of(problem.ansatz.circuit(list(angles)), problem.groups)

    outcomes = sample(circuits, 200_000, count(1))

    expected = Statevector(problem.ansatz.circuit(list(angles))).expectation_value(
        problem.hamiltonian.operator
    )
    measured = sum(
        group.values[int(bits, 2)] * number / counts.total
        for group, counts in zip(problem.groups, outcomes, strict=True)
        for bits, number in counts.readings.items()
    )
    assert measured == pytest.approx(expected.real, abs=0.03)


def test_sparse_and_dense_diagonalisation_agree() -> None:
    """A chain of seven spins is beyond the dense one: its known energy per bond is met."""
    hamiltonian = Hamiltonian.of({**heisenberg(7), "constant": 0.0})
    dense = np.linalg.eigvalsh(hamiltonian.operator.to_matrix())[0]

    assert hamiltonian.exact_ground_energy() == pytest.approx(dense)


@pytest.mark.parametrize(
    ("document", "target", "pointer", "words"),
    [
        (of({"XX": 1, "ZZZ": 1}), NOISELESS, "/input/terms/1/pauli", "2 letters"),
        (of({"XXX": 1}, ansatz="Alternating"), NOISELESS, "/input/ansatz", "Excitations"),
        ({**ISING, "layers": 4, "evaluations": 10}, NOISELESS, "/input/evaluations", "45"),
        (heisenberg(9), NOISY, "/input/terms", "at most 8"),
        (of({"X" * 12: 1, "Y" * 11 + "X": 1}, layers=4), None, "/input/layers", "at most 160"),
    ],
    ids=["lengths", "ansatz", "evaluations", "qubits", "gates"],
)
def test_refusals_name_member_and_figure(
    document: JSONObject, target: str | None, pointer: str, words: str
) -> None:
    """What cannot be computed is refused before anything runs."""
    with pytest.raises(InputRejectedError) as refused:
        algorithm.start(asked(document, target=target))

    assert refused.value.violations[0].pointer == pointer
    assert words in refused.value.detail


def test_priced_targets_get_few_circuits() -> None:
    """On a quantum computer that bills each circuit hydrogen takes fourteen."""
    inputs, seeds, circuits = asked(HYDROGEN, target="ionq.qpu.aria-1"), count(1), 0
    step = algorithm.start(inputs)
    while isinstance(step, Execute):
        each = shots_of(step, inputs)
        circuits += len(circuits_of_step(step))
        step = algorithm.resume(inputs, step.state, sample(circuits_of_step(step), each, seeds))

    assert circuits <= 14


def test_an_interrupted_job_ends_with_the_same_answer() -> None:
    """From the state of any step, as JSON, the rest gives the same result."""
    inputs = asked(HEISENBERG)

    def rest(step: Execute, seed: int) -> JSONObject:
        decision: Any = step
        for number in count(seed):
            circuits = circuits_of_step(decision)
            outcomes = sample(circuits, shots_of(decision, inputs), count(100 * number))
            state = json.loads(json.dumps(decision.state))
            decision = algorithm.resume(inputs, state, outcomes)
            if not isinstance(decision, Execute):
                return without_times(decision.result)
            steps.append((number + 1, decision))
        raise AssertionError

    steps = [(0, first_step(algorithm, inputs))]
    whole = rest(steps[0][1], 0)
    for number, step in steps[1:8:3]:
        assert rest(step, number) == whole


def test_a_job_that_ends_early_says_so() -> None:
    """Each step after the first has a valid result so far, which is not verified."""
    inputs = asked(HYDROGEN)
    first = first_step(algorithm, inputs)
    assert first.best is None

    outcomes = sample(circuits_of_step(first), shots_of(first, inputs), count(1))
    second = algorithm.resume(inputs, first.state, outcomes)

    assert isinstance(second, Execute)
    assert second.best is not None
    RESULT.validate(second.best)
    assert second.best["verified"]["status"] == "NotVerified"
