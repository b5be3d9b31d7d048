"""Classes are those of the kernel, about as good as by a classical one, and judged honestly."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from qiskit.quantum_info import Pauli, Statevector

from algorithms.kernel_classification.algorithm import algorithm
from algorithms.kernel_classification.bandwidth import BANDWIDTHS, best_bandwidth
from algorithms.kernel_classification.feature_map import axes, circuits_of, exact_vectors
from algorithms.kernel_classification.ridge import Choice, chosen, decisions, squared_distances
from azure_quantum_emulator.execution.noise import model
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Inputs, JSONObject
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.aer import circuits_of as circuits_of_step
from tests.unit.algorithms.aer import complete, finished, first_step

FOLDER = Path(__file__).parents[3] / "algorithms" / "kernel_classification"
IRIS, CANCER = json.loads((FOLDER / "input.schema.json").read_text(encoding="utf-8"))["examples"]
RESULT = Draft202012Validator(
    json.loads((FOLDER / "result.schema.json").read_text(encoding="utf-8"))
)
NOISELESS, NOISY = "local.sim.aer", "local.sim.aer-noisy"
SPLITS = 5


def asked(document: JSONObject, target: str = NOISELESS, shots: int = 1000) -> Inputs:
    """Return what the engine passes."""
    return Inputs({"layers": 1, **document}, shots, 7, target_facts().get(target))


def run(document: JSONObject, seed: int, noise: str | None = None) -> JSONObject:
    """Return the result of a job, valid under its schema."""
    inputs = asked(document, NOISY if noise else NOISELESS)
    result = complete(algorithm, inputs, count(1000 * seed), noise and model(noise))
    RESULT.validate(result)
    return result


def split(seed: int) -> JSONObject:
    """Return the points of the second example, divided anew: as many of each class in training."""
    points, half = CANCER["training"] + CANCER["test"], len(CANCER["training"]) // 2
    chance = np.random.default_rng(seed)
    training: list[Any] = []
    test: list[Any] = []
    for label in ("benign", "malignant"):
        of_class = [one for one in points if one["label"] == label]
        mixed = [of_class[place] for place in chance.permutation(len(of_class))]
        training += mixed[:half]
        test += mixed[half:]
    return {"training": training, "test": test}


@cache
def classified(seed: int) -> JSONObject:
    """Return the result for one of the splits."""
    return run(split(seed), seed)


def points(*features: float, label: str) -> list[JSONObject]:
    """Return points of one feature and one class."""
    return [{"features": [value], "label": label} for value in features]


LINE = {
    "training": points(0, 1, 2, label="low") + points(8, 9, 10, label="high"),
    "test": points(-1, 1.5, label="low") + points(8.5, 30, label="high"),
}


@pytest.mark.parametrize("seed", range(SPLITS))
def test_it_is_as_good_as_a_tuned_classical_kernel(seed: int) -> None:
    """Within 0.05 of the RBF kernel on the same split, by 140 circuits; far above guessing."""
    result = classified(seed)

    assert result["advantage"] >= -0.05 - 1e-9
    assert result["accuracy"] >= result["baseline"]["value"] + 0.2
    assert len(circuits_of_step(first_step(algorithm, asked(split(seed))))) <= 210


def test_on_average_the_kernels_are_equal() -> None:
    """Over five splits the mean difference of the accuracies is within 0.03."""
    assert abs(np.mean([classified(seed)["advantage"] for seed in range(SPLITS)])) <= 0.03


def test_the_classical_kernel_is_no_straw_man() -> None:
    """Its accuracy is that of the rule of thumb for the width or better, give or take 0.05."""
    for seed in range(SPLITS):
        document = split(seed)
        training = np.array([one["features"] for one in document["training"]])
        test = np.array([one["features"] for one in document["test"]])
        centre, scale = training.mean(axis=0), training.std(axis=0)
        labels = np.array(
            [1.0 if p["label"] == "malignant" else -1.0 for p in document["training"]]
        )
        truth = np.array([1.0 if p["label"] == "malignant" else -1.0 for p in document["test"]])
        rule = Choice(1 / training.shape[1], 0.1, 0, 0.0)
        values = decisions((training - centre) / scale, labels, (test - centre) / scale, rule)
        accuracy = float(np.mean(np.sign(values) == truth))

        assert classified(seed)["comparison"]["value"] >= accuracy - 0.05


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_circuits_measure_the_vectors(layers: int) -> None:
    """The state vectors by which the bandwidth is chosen are those of the circuits."""
    chance = np.random.default_rng(layers)
    scaled = chance.normal(size=(3, 4))

    vectors = exact_vectors(scaled, layers)

    assert vectors.shape == (3, 4, len(axes(layers)))
    for point, expected in zip(scaled, vectors, strict=True):
        for place, circuit in enumerate(circuits_of(point, layers)):
            state = Statevector(circuit.remove_final_measurements(inplace=False))
            for qubit in range(4):
                read = state.expectation_value(Pauli("Z"), [qubit]).real
                assert read == pytest.approx(expected[qubit, place], abs=1e-9)


def test_after_one_layer_qubits_are_on_the_equator() -> None:
    """Their Z is read as 1 and as 0 equally often, so that two circuits tell all of a point."""
    circuit = circuits_of(np.array([0.3, -1.2, 0.7]), 1)[0]
    circuit.remove_final_measurements()
    # The last gates of the first circuit turn the X axes, which it reads, to the Z axes.
    circuit.h(range(3))

    for qubit in range(3):
        assert Statevector(circuit).expectation_value(Pauli("Z"), [qubit]) == pytest.approx(0)


def test_left_out_values_are_those_of_training_without_the_point() -> None:
    """The closed formula against doing it."""
    chance = np.random.default_rng(4)
    vectors, labels = chance.normal(size=(8, 3)), np.array([1.0, -1.0] * 4)
    choice = chosen(vectors, labels)

    left_out = [
        decisions(np.delete(vectors, i, 0), np.delete(labels, i), vectors[i : i + 1], choice)[0]
        for i in range(8)
    ]

    assert int(np.sum(np.sign(left_out) == labels)) == choice.hits
    assert float(np.mean((left_out - labels) ** 2)) == pytest.approx(choice.error)


def test_distances_are_of_all_pairs() -> None:
    """A matrix with a row for each of the first."""
    first, second = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0]])

    assert squared_distances(first, second).tolist() == [[0.0], [25.0]]


def test_the_bandwidth_is_chosen_on_training_points() -> None:
    """Other test points make no difference, and the largest bandwidth does not win."""
    changed = {**CANCER, "test": CANCER["test"][:3]}
    first, second = (first_step(algorithm, asked(one)).state for one in (CANCER, changed))

    assert first == second
    assert first["bandwidth"] in BANDWIDTHS[:-1]
    labels = np.array([1.0, -1.0] * 5)
    assert best_bandwidth(np.zeros((10, 2)), labels, 1, 1000) in BANDWIDTHS


@pytest.mark.parametrize("layers", [1, 2])
def test_noise_is_made_up_for(layers: int) -> None:
    """On the noisy simulator the accuracy stays, within the interval that is stated."""
    result = run({**IRIS, "layers": layers}, 1, "generic")

    assert result["accuracy"] >= 0.75
    assert result["uncertainty"]["lower"] <= 0.75


def test_readings_that_are_noise_verify_nothing() -> None:
    """Classes from random readings are no better than guesses, and not called verified."""
    inputs = asked(split(1))
    circuits = circuits_of_step(first_step(algorithm, inputs))
    chance, state = np.random.default_rng(1), first_step(algorithm, inputs).state
    outcomes = [
        Counts(
            {f"{k:04b}": int(n) for k, n in enumerate(chance.multinomial(1000, [1 / 16] * 16)) if n}
        )
        for _ in circuits
    ]

    result = finished(algorithm.resume(inputs, state, outcomes))

    assert result["verified"]["status"] == "NotVerified"
    assert result["accuracy"] < 0.75


def test_well_separated_points_are_told_apart() -> None:
    """Of one feature, far outside of the training points as well, with every class certain."""
    result = run(LINE, 1)

    assert [one["class"] for one in result["predictions"]] == ["low", "low", "high", "high"]
    assert all(one["right"] for one in result["predictions"])
    assert result["accuracy"] == 1
    assert result["accuracyOf"] == "TestPoints"


def test_without_labels_training_points_are_judged() -> None:
    """Then the accuracy is that of training points left out, and says so."""
    unknown = [{"features": one["features"]} for one in LINE["test"]]

    result = run({**LINE, "test": unknown}, 1)

    assert result["accuracyOf"] == "TrainingPointsLeftOut"
    assert result["accuracy"] == result["kernel"]["trainingAccuracy"]
    assert all("right" not in one for one in result["predictions"])


def test_features_that_are_all_equal_say_nothing() -> None:
    """A constant feature changes no class, whatever the test points have there."""
    wider = {
        name: [
            {**one, "features": [*one["features"], 7.0 if name == "training" else 1e9]}
            for one in LINE[name]
        ]
        for name in ("training", "test")
    }

    result = run(wider, 1)

    assert [one["class"] for one in result["predictions"]] == ["low", "low", "high", "high"]


@pytest.mark.parametrize(
    ("document", "pointer", "words"),
    [
        ({**LINE, "training": LINE["training"][:3] * 2}, "/input/training", "1 classes"),
        ({**LINE, "training": LINE["training"][:4]}, "/input/training", "'high'"),
        ({**LINE, "test": points(1, label="middle")}, "/input/test/0/label", "'middle'"),
        (
            {**LINE, "test": [{"features": [1.0]}, {"features": [1.0, 2.0]}]},
            "/input/test/1/features",
            "1 features, this one 2",
        ),
        ({**LINE, "test": LINE["test"] * 25}, "/input/test", "at most 210"),
        ({**CANCER, "test": CANCER["test"] * 2, "layers": 2}, "/input/test", "at most 210"),
    ],
    ids=["one class", "one point", "new class", "lengths", "many", "many with layers"],
)
def test_refusals_name_member_and_figure(document: JSONObject, pointer: str, words: str) -> None:
    """What cannot be classified is refused before anything runs."""
    with pytest.raises(InputRejectedError) as refused:
        algorithm.start(asked(document))

    assert refused.value.violations[0].pointer == pointer
    assert words in refused.value.detail
