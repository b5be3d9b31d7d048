"""What is tried of the algorithms before they are deployed."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping

from qjobs.adapters.algorithm_pool import AlgorithmPool
from qjobs.adapters.qir import BASIS
from qjobs.adapters.qiskit_algorithms import lower
from qjobs.domain.algorithm import Counts
from qjobs.domain.errors import ProviderRejectedError
from tests.delivery.rehearsals import ALGORITHMS, CATALOGUE, example
from tools.algorithm_checks import __main__ as algorithm_checks
from tools.algorithm_checks.__main__ import main
from tools.algorithm_checks.estimate import fault_tolerant
from tools.algorithm_checks.rehearsal import Twice
from tools.algorithm_checks.report import as_markdown
from tools.algorithm_checks.simulator import NOISELESS


@pytest.fixture
def algorithms() -> Iterator[AlgorithmPool]:
    """Return the algorithms of the repository, as they are executed in production."""
    with closing(AlgorithmPool(ALGORITHMS)) as pool:
        yield pool


def test_every_algorithm_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is compiled, estimated and run to a valid result, and reported in all three forms.

    This is done with the first example in processes of their own, as deployed, and with all of them
    in tests/unit/algorithms/test_every_algorithm.py.
    """
    file, page = tmp_path / "checks.json", tmp_path / "stage.md"

    code = main(["--first", "--json", str(file), "--markdown", str(page)])

    documents = json.loads(file.read_text(encoding="utf-8"))
    assert code == 0, capsys.readouterr().out
    assert len(documents) == len(CATALOGUE.all())
    for document in documents:
        assert document["result"] is not None
        assert document["qubits"] <= document["mostQubits"]
        # The estimator does not read every program of a caller.
        unread = document["circuits"] == 0 or document["algorithm"] == "qir"
        assert (document["faultTolerant"] is None) == unread
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith("|")]) == len(documents) + 2
    assert "passed" in capsys.readouterr().out


async def test_an_example_that_takes_long_shows_that_it_is_not_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], algorithms: AlgorithmPool
) -> None:
    """Whoever waits sees that something runs, and the reason as soon as it is known."""
    monkeypatch.setattr(algorithm_checks, "SIGN_OF_LIFE", 0.01)

    async def slow(jobs: object) -> list[Counts]:
        await asyncio.sleep(0.5)
        raise ProviderRejectedError("The simulator is out of order.")

    provider, twice = nullcontext(slow), Twice(algorithms, algorithms)
    (done,) = await algorithm_checks._rehearse([example()], twice, provider, NOISELESS)  # noqa: SLF001 - main() takes no such provider

    told = capsys.readouterr().err
    assert done.failure == "The simulator is out of order."
    assert "not over after" in told
    assert told.strip().endswith(done.failure)


@pytest.mark.parametrize("gate", BASIS)
def test_every_gate_can_be_estimated(gate: str) -> None:
    """The estimator knows each gate that a deployed program may have."""
    operation = get_standard_gate_name_mapping()[gate]
    circuit = QuantumCircuit(operation.num_qubits, 1)
    circuit.append(operation.to_mutable(), range(operation.num_qubits))
    circuit.measure(0, 0)
    if operation.params:
        circuit.assign_parameters([0.3], inplace=True)

    estimate = fault_tolerant(lower(circuit).text)

    assert estimate is not None
    assert estimate.qubits > operation.num_qubits
    assert estimate.nanoseconds > 0


@pytest.mark.parametrize(("asked", "given"), [(None, 1000), (0, 1), (100, 100), (10**9, 20000)])
def test_shots_stay_within_the_limits_of_the_algorithm(asked: int | None, given: int) -> None:
    """What is asked for is taken as near as the algorithm allows it."""
    assert example(asked).shots == given


def test_the_first_examples_are_enough_for_a_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One example of each algorithm that is named, with as few shots as are asked for."""
    file = tmp_path / "checks.json"

    assert main(["--first", "--shots", "10", "--json", str(file), "ghz"]) == 0

    (document,) = json.loads(file.read_text(encoding="utf-8"))
    assert (document["algorithm"], document["example"], document["shots"]) == ("ghz", 1, 10)


def test_a_folder_with_a_mistake_is_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command fails and says what to write and where; a folder not named is let be."""
    for name in ("ghz", "emoticons"):
        shutil.copytree(ALGORITHMS / name, tmp_path / name)
    file = tmp_path / "ghz" / "input.schema.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"Parity"', '"parity"'))
    monkeypatch.setattr(algorithm_checks, "ALGORITHMS", tmp_path)

    assert main([]) == 1
    assert f"{file}#/properties/method/enum/1: write 'parity' in Pascal" in capsys.readouterr().err
    assert main(["emoticons", "--first"]) == 0


@pytest.mark.parametrize("named", [[], ["ghz"]])
def test_an_algorithm_without_its_row_is_not_tried(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    named: list[str],
) -> None:
    """The command says which row of which document to write; one that is not named is let be."""
    shutil.copytree(ALGORITHMS, tmp_path / "algorithms")
    (tmp_path / "docs").mkdir()
    text = (ALGORITHMS.parent / "docs" / "algorithms.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| `ghz` |")]
    outdated = row.replace("device", "computer")
    document = tmp_path / "docs" / "algorithms.md"
    document.write_text(text.replace(row, outdated), encoding="utf-8")
    monkeypatch.setattr(algorithm_checks, "ALGORITHMS", tmp_path / "algorithms")

    assert main(named) == 1
    told = "".join(capsys.readouterr().err.splitlines())
    assert f'docs/algorithms.md, table under "The algorithms": write {row} instead of' in told
    assert main(["emoticons", "--first"]) == 0


def test_an_unknown_algorithm_is_an_error_of_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The message names those that there are."""
    with pytest.raises(SystemExit):
        main(["teleporter"])

    assert "ghz" in capsys.readouterr().err


def test_a_reason_cannot_break_the_page() -> None:
    """What Markdown or HTML would read as its own is shown as text."""
    document = {
        "algorithm": "ghz",
        "example": 1,
        "steps": 1,
        "circuits": 1,
        "qubits": 1,
        "mostQubits": 1,
        "depth": 1,
        "gates": {},
        "entanglingGates": 0,
        "faultTolerant": None,
        "failure": "a|b<c>\nd",
    }

    assert "a\\|b&lt;c> d |" in as_markdown([document])
