"""What every algorithm keeps to; new folders are found by themselves."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from qiskit import transpile

from localdev.algorithm_folder import check_folder, folders
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.qir import BASIS, straight_line
from qjobs.adapters.qiskit_algorithms import load
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Algorithm, Counts, Execute, Finish, Inputs
from qjobs.domain.errors import PermanentError
from qjobs.methods.evidence import without_times
from tests.unit.algorithms.aer import circuits_of, complete, first_step, sample

ROOT = Path(__file__).parents[3] / "algorithms"
FOLDERS = folders(ROOT)
IDS = [folder.name for folder in FOLDERS]
CATALOGUE = FileCatalogue(ROOT)
SIMULATOR = target_facts()["local.sim.aer"]


def read(algorithm: str, name: str) -> Any:  # noqa: ANN401 - it is JSON
    """Return the content of a file of an algorithm."""
    return json.loads((ROOT / algorithm / name).read_text(encoding="utf-8"))


def examples() -> list[Any]:
    """Return every worked example with its algorithm."""
    return [
        pytest.param(name, example, id=f"{name}-{number}")
        for name in IDS
        if (ROOT / name / "input.schema.json").exists()
        for number, example in enumerate(read(name, "input.schema.json").get("examples", []))
    ]


def prepared(name: str, example: Any, shots: int | None = None) -> tuple[Algorithm, Inputs]:  # noqa: ANN401 - it is JSON
    """Return the algorithm and what the engine passes it for *example*."""
    filled, violations = CATALOGUE.check(name, example)
    assert not violations
    rules = CATALOGUE.submission_rules(name)
    return load(name), Inputs(filled, shots or rules.default_shots, 7, SIMULATOR)


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_a_folder_is_complete_and_says_all(folder: Path) -> None:
    """Its files are there, and clients can be generated from its schemas."""
    assert check_folder(folder) == []


@pytest.mark.parametrize(("name", "example"), examples())
def test_an_example_ends_in_a_valid_result(name: str, example: Any) -> None:  # noqa: ANN401 - it is JSON
    """On a noiseless simulator, each example ends in JSON that the result schema describes."""
    algorithm, inputs = prepared(name, example)

    result = complete(algorithm, inputs, count(1))

    Draft202012Validator(read(name, "result.schema.json")).validate(
        json.loads(json.dumps(result, allow_nan=False))
    )


@pytest.mark.parametrize(("name", "example"), examples())
def test_equal_outcomes_give_equal_results(name: str, example: Any) -> None:  # noqa: ANN401 - it is JSON
    """An algorithm has no memory and no chance of its own."""
    algorithm, inputs = prepared(name, example)

    first, second = (without_times(complete(algorithm, inputs, count(1))) for _ in range(2))

    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize(("name", "example"), examples())
def test_the_first_circuits_keep_the_limits(name: str, example: Any) -> None:  # noqa: ANN401 - it is JSON
    """No circuit is larger than announced, and every classical bit is written exactly once."""
    algorithm, inputs = prepared(name, example)
    decision = algorithm.start(inputs)
    if isinstance(decision, Finish):
        return

    assert circuits_of(decision)
    for circuit in circuits_of(decision):
        assert circuit.num_qubits <= read(name, "algorithm.json")["limits"]["qubits"]
        assert circuit.count_ops()["measure"] == circuit.num_clbits
        translated = transpile(circuit, basis_gates=BASIS, optimization_level=0)
        assert straight_line(translated) is not None


@pytest.mark.parametrize(("name", "example"), examples())
def test_lost_shots_are_no_fault(name: str, example: Any) -> None:  # noqa: ANN401 - it is JSON
    """With a tenth of the shots lost, an algorithm ends, goes on, or says why it cannot."""
    algorithm, inputs = prepared(name, example)
    decision = algorithm.start(inputs)
    if isinstance(decision, Finish):
        return

    outcomes = sample(circuits_of(decision), inputs.shots - inputs.shots // 10, count(1))

    assert isinstance(algorithm.resume(inputs, decision.state, outcomes), Execute | Finish)


@pytest.mark.parametrize(("name", "example"), examples())
def test_without_readings_there_is_no_answer(name: str, example: Any) -> None:  # noqa: ANN401 - it is JSON
    """Circuits that returned nothing end the job with a reason, not with a crash."""
    algorithm, inputs = prepared(name, example)
    if isinstance(algorithm.start(inputs), Finish):
        return
    step = first_step(algorithm, inputs)

    with pytest.raises(PermanentError):
        algorithm.resume(inputs, step.state, [Counts({}) for _ in circuits_of(step)])
