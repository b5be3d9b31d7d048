"""The figures of the algorithms: the document is what the tool would print now."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.target_table import target_facts
from tests.markdown import ROOT
from tools.algorithm_checks.example import examples
from tools.algorithm_figures import __main__ as algorithm_figures
from tools.algorithm_figures.__main__ import main
from tools.algorithm_figures.document import Measured, measured_tables, page, section
from tools.algorithm_figures.estimates import CostAt, Estimator
from tools.algorithm_figures.measurements import chance_cells, evidence_cells

CATALOGUE = FileCatalogue(ROOT / "algorithms")
IDS = [str(entry["id"]) for entry in CATALOGUE.all()]
TEXT = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
EVIDENCE = {
    "verified": {"status": "NotVerified", "reason": "It is noisy."},
    "comparison": {"method": "By hand", "value": {"cut": 10.0, "share": 0.123456789}, "seconds": 1},
    "baseline": {"description": "Random cuts", "value": 6.0},
}


def test_the_document_is_what_the_tool_would_print() -> None:
    """Texts, sizes and costs are those of the files, the circuits and the prices.

    Otherwise: `make figures`, or `make figures ARGS=--texts` where no run can have changed.
    """
    assert page(CATALOGUE, measured_tables(TEXT)) == TEXT


@pytest.mark.parametrize("algorithm", IDS)
def test_the_present_version_is_what_was_measured(algorithm: str) -> None:
    """Each example has a row of each simulator, measured with the version of algorithm.json."""
    described, measured = CATALOGUE.describe(algorithm), measured_tables(TEXT).get(algorithm)
    assert measured, f"make figures ARGS={algorithm}"

    rows = re.findall(r"^\| (\d+) \| `([\w.-]+)` \|", measured.table, re.MULTILINE)
    assert measured.version == described["version"], f"make figures ARGS={algorithm}"
    assert rows == [
        (str(number), simulator)
        for number, _ in enumerate(described["examples"], 1)
        for simulator in ("local.sim.aer", "local.sim.aer-noisy")
    ]


@pytest.fixture
def text_of_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the document of a catalogue of two algorithms, which the tool has for its own.

    Their sections are those of the whole document, which takes long to print.
    """
    for name in ("ghz", "random_numbers"):
        shutil.copytree(CATALOGUE.folder / name, tmp_path / "algorithms" / name)
    monkeypatch.setattr(algorithm_figures, "CATALOGUE", FileCatalogue(tmp_path / "algorithms"))
    head, *sections = re.split(r"(?m)^(?=## )", TEXT)
    ghz, numbers = (
        next(one for one in sections if one.startswith(f"## `{name}`\n"))
        for name in ("ghz", "random_numbers")
    )
    return f"{head}{ghz}{numbers}".removesuffix("\n")


def test_a_change_of_the_files_changes_the_document(tmp_path: Path, text_of_two: str) -> None:
    """The tool has the figures of now, and leaves alone what it was not asked to measure."""
    document = tmp_path / "catalogue.md"
    document.write_text(text_of_two.replace("97.50 USD", "1.00 USD"), encoding="utf-8")

    assert main(["--texts", "--document", str(document)]) == 0

    assert document.read_text(encoding="utf-8") == text_of_two


def test_an_algorithm_is_measured_anew(tmp_path: Path, text_of_two: str) -> None:
    """The evidence is that of the document, since everything random has a seed."""
    document = tmp_path / "catalogue.md"
    document.write_text(text_of_two, encoding="utf-8")

    assert main(["ghz", "--document", str(document)]) == 0

    def without_seconds(text: str) -> str:
        return re.sub(r"(?m)^(\| \d+ \| `[\w.-]+` \|) [\d.]+ \|", r"\1 |", text)

    printed = document.read_text(encoding="utf-8")
    assert without_seconds(printed) == without_seconds(text_of_two)


def test_an_unknown_algorithm_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """By its name."""
    with pytest.raises(SystemExit):
        main(["none_such"])

    assert "there is no algorithm none_such" in capsys.readouterr().err


def test_measured_tables_are_found_again() -> None:
    """What was measured stays, whatever the rest of the document becomes."""
    measured = Measured("1.2.3", "| a |\n| --- |\n| 1 |\n")

    assert measured_tables(section(CATALOGUE, "ghz", measured)) == {"ghz": measured}
    assert measured_tables(section(CATALOGUE, "ghz", None)) == {}


def test_an_estimate_has_its_steps_and_the_parts_of_large_circuits() -> None:
    """Random numbers take up to five rounds; 20,000 shots are two jobs where 10,000 are most."""
    numbers = next(examples(CATALOGUE, ["random_numbers"]))
    loop = Estimator(numbers).workload()
    ghz = replace(next(examples(CATALOGUE, ["ghz"])), shots=20000)
    parts = Estimator(ghz).workload(target_facts()["ionq.qpu.aria-1"])

    assert loop is not None
    assert parts is not None
    assert (loop.steps.planned, loop.steps.at_most) == (1, 5)
    assert parts.circuits.planned == 2


def test_what_a_target_does_not_run_has_its_reason() -> None:
    """Instead of a cost: what the algorithm needs, what it refuses, what is billed by time."""
    numbers = next(examples(CATALOGUE, ["random_numbers"]))
    parity = next(examples(CATALOGUE, ["ghz"]))
    parity = replace(parity, input={"qubits": 12, "method": "Parity"})

    def at(example_costs: Estimator, target: str) -> CostAt:
        return next(one for one in example_costs.costs() if one.target == target)

    reasons = [
        at(Estimator(numbers), "ionq.simulator").reason,
        at(Estimator(parity), "local.sim.aer-noisy").reason,
        at(Estimator(parity), "rigetti.qpu.cepheus-1-108q").reason,
    ]
    assert reasons[0] is not None
    assert reasons[0].startswith("it does not sample")
    assert reasons[1] is not None
    assert "at most 10" in reasons[1]
    assert reasons[2] == "by time"
    exact = at(Estimator(replace(parity, shots=1000)), "ionq.qpu.aria-1")
    assert exact.cost is not None
    assert exact.cost.planned == pytest.approx(13 * 97.5)


def test_evidence_is_told_in_a_few_words() -> None:
    """An interval with its confidence, or a gap with its bound; numbers with six digits."""
    interval = {"lower": 0.91234, "upper": 1.0, "confidence": 0.95}

    estimate = list(evidence_cells({**EVIDENCE, "uncertainty": interval}))
    optimum = list(evidence_cells({**EVIDENCE, "bound": 10.0, "gap": 0.05}))

    assert estimate == ["no", "0.9123 to 1 (95 %)", '{"cut": 10, "share": 0.123457}', "6"]
    assert optimum[1] == "gap 5 %, bound 10"


def test_an_optimum_is_told_beside_the_chance_of_it() -> None:
    """The best of the readings says nothing of a circuit where random readings find it too."""
    readings = {"optimal": 0.71, "optimalByChance": 0.0625, "betterThanChance": "Shown"}

    assert list(chance_cells({"readings": readings})) == ["71 %", "6.25 %", "shown"]
    assert list(chance_cells({"readings": [{"reading": "01"}]})) == []
    assert list(chance_cells({})) == []
