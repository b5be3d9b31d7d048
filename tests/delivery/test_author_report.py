"""The report for the author of an algorithm: `make check-algorithm`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from localdev.commands.new import TEMPLATE
from qjobs.adapters.algorithm_pool import AlgorithmPool
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.target_table import target_facts
from tests.delivery.rehearsals import ALGORITHMS, example, rehearsed
from tests.markdown import links
from tools.algorithm_checks import __main__ as algorithm_checks
from tools.algorithm_checks.__main__ import main
from tools.algorithm_checks.cost import costs
from tools.algorithm_checks.example import examples
from tools.algorithm_checks.noisy import MOST_QUBITS, rehearse_noisy
from tools.algorithm_checks.rehearsal import Rehearsal, Twice
from tools.algorithm_checks.resources import of_each, resources


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a new algorithm, which the command finds, with its report beside it."""
    folder = tmp_path / "algorithms" / "mine"
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace(TEMPLATE.name, "mine")
        file.write_text(text, encoding="utf-8")
    (folder.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(algorithm_checks, "ALGORITHMS", folder.parent)
    monkeypatch.setattr(algorithm_checks, "REPORTS", tmp_path / "checks")
    return folder


@pytest.fixture(scope="module")
def algorithms() -> Iterator[AlgorithmPool]:
    """Return the algorithms of the repository, as they are executed in production."""
    with closing(AlgorithmPool(ALGORITHMS)) as pool:
        yield pool


def report_of(folder: Path) -> str:
    """Return the report on an algorithm."""
    return (folder.parents[1] / "checks" / "mine" / "report.md").read_text(encoding="utf-8")


def test_a_report_has_results_resources_costs_and_plots(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For each example: both runs, what each step takes, what it costs where, every plot."""
    assert main(["--report", "mine"]) == 0

    report, printed = report_of(mine), capsys.readouterr().out
    first, *others = report.split("\n## Example ")[1:]
    assert len([first, *others]) == len(FileCatalogue(mine.parent).describe("mine")["examples"])
    assert "**Without noise:** passed after 6 steps" in first
    assert "**With noise:** passed after 6 steps" in first
    assert re.search(r"Value of `progress`: noiseless .* \(step 6\); noisy .* \(step 6\)\.", first)
    assert "| 1 to 6, each | 1 | 1,000 | 1 | 2 | 0 | ry 1 |" in first
    assert "| all | 6 | 6,000 | 1 | 2 | 0 | ry 6 |" in first
    # Six programs at the published minimum of 97.50.
    assert re.search(
        r"\| `ionq.qpu.aria-1` \| 585\.00 USD \| 585\.00 USD \| .*, 2026-\d\d-\d\d \|", first
    )
    images = {link.target for link in links(report)}
    assert images == {path.name for path in (mine.parents[1] / "checks/mine").glob("*.svg")}
    assert {
        f"example-{one}-{kind}.svg" for one in (1, 2) for kind in ("convergence", "counts-1")
    } == images
    for name in images:
        ET.parse(mine.parents[1] / "checks" / "mine" / name)
    assert "585.00 USD" in printed
    assert str(mine.parents[1] / "checks" / "mine" / "report.md") in printed


def test_a_new_report_replaces_the_last(mine: Path) -> None:
    """No plot of an example that is no more is left."""
    folder = mine.parents[1] / "checks" / "mine"
    folder.mkdir(parents=True)
    (folder / "example-7-counts-1.svg").touch()

    assert main(["--report", "--first", "mine"]) == 0

    left = {path.name for path in folder.iterdir()}
    assert left == {"report.md", "example-1-convergence.svg", "example-1-counts-1.svg"}


@pytest.mark.parametrize("place", ["start", "resume"])
def test_the_report_has_the_traceback(mine: Path, place: str) -> None:
    """Whoever reads the report alone sees the line that failed."""
    with (mine / "algorithm.py").open("a", encoding="utf-8") as file:
        file.write(
            f"\n\ndef broken(*_):\n    return {{}}['gone']\n\n\nBisection.{place} = broken\n"
        )

    assert main(["--report", "--first", "mine"]) == 1

    report = report_of(mine)
    assert "failed with KeyError" in report.replace("\\", "")
    assert "    return {}['gone']\n" in report
    assert "**With noise:** skipped: it fails without noise." in report


def test_a_failure_with_noise_alone_fails(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An algorithm has to end with a result on what devices measure, too."""
    file = mine / "algorithm.py"
    code = file.read_text(encoding="utf-8")
    noisy = "        counts = outcomes[0]\n        assert not inputs.target.noisy, 'noise'\n"
    file.write_text(re.sub(r" +counts = outcomes\[0\].*\n", noisy, code), encoding="utf-8")

    assert main(["--report", "--first", "mine"]) == 1

    report = report_of(mine)
    assert "**Without noise:** passed" in report
    assert "**With noise:** failed after 1 step" in report
    assert "AssertionError: noise" in report
    assert "AssertionError: noise" in capsys.readouterr().err


def test_a_report_is_of_simulators(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody runs an example a second time on a device by asking for a report."""
    with pytest.raises(SystemExit):
        main(["--report", "--target", "ionq.qpu.aria-1", "ghz"])

    assert "--report runs the examples on simulators" in capsys.readouterr().err


async def test_noise_is_left_out_where_it_takes_long(algorithms: AlgorithmPool) -> None:
    """The reason names the figure: the qubits, the gates, the seconds, or that nothing runs."""
    twice_each = Twice(algorithms, algorithms)
    small = await rehearsed(example(), algorithms)
    (step,) = small.steps
    (program,) = step.run.plan.programs

    def with_program(qubits: int, gates: dict[str, int]) -> Rehearsal:
        plan = replace(step.run.plan, programs=(replace(program, qubits=qubits, gates=gates),))
        return replace(small, steps=(replace(step, run=replace(step.run, plan=plan)),))

    for rehearsal, reason in [
        (replace(small, steps=()), "it runs no circuit"),
        (
            with_program(11, {"h": 1}),
            f"a circuit has 11 qubits; with noise up to {MOST_QUBITS} are",
        ),
        (with_program(2, {"cx": 501, "h": 900}), "a circuit has 501 gates on several qubits"),
    ]:
        told = await rehearse_noisy(rehearsal, twice_each)
        assert isinstance(told, str)
        assert told.startswith(reason)
    assert await rehearse_noisy(small, twice_each, 0.001) == "it was not over after 0.001 s"
    assert isinstance(await rehearse_noisy(small, twice_each), Rehearsal)


async def test_every_priced_target_has_a_cost_or_a_reason(algorithms: AlgorithmPool) -> None:
    """The cost is that of all steps together; what is too small or bills by time says so."""
    rehearsal = await rehearsed(example(), algorithms)
    twice = replace(rehearsal, steps=rehearsal.steps * 2)
    priced = {name for name, facts in target_facts().items() if facts.price}

    one, two = ({each.target: each for each in costs(run)} for run in (rehearsal, twice))

    assert one.keys() == two.keys() == priced
    for name, each in one.items():
        assert (each.cost is None) == bool(each.reason)
        double = two[name].cost
        assert (each.cost and each.cost.times(2)) == double
    assert one["ionq.qpu.aria-1"].cost is not None
    assert "Billed by the time" in str(one["rigetti.qpu.cepheus-1-108q"].reason)


async def test_what_samples_nothing_is_no_target_for_random_numbers(
    algorithms: AlgorithmPool,
) -> None:
    """The needs of the algorithm count, as they do when a job is submitted."""
    one = next(examples(FileCatalogue(ALGORITHMS), ["random_numbers"]))

    found = {each.target: each for each in costs(await rehearsed(one, algorithms))}

    assert "does not sample" in str(found["ionq.simulator"].reason)
    assert found["rigetti.sim.qvm"].reason is None


async def test_steps_that_take_the_same_are_told_once(algorithms: AlgorithmPool) -> None:
    """Those that follow each other are one row; the sums are of all steps."""
    (populations,) = (await rehearsed(example(), algorithms)).steps
    _, parity_example, *_ = examples(FileCatalogue(ALGORITHMS), ["ghz"], 100)
    (parity,) = (await rehearsed(parity_example, algorithms)).steps
    steps = [populations, populations, parity, populations]

    rows = [(first, last, each.circuits) for first, last, each in of_each(steps)]

    assert rows == [(1, 2, 1), (3, 3, 4), (4, 4, 1)]
    every = resources(steps)
    assert (every.circuits, every.shots, every.qubits, every.depth) == (7, 700, 5, 6)
    assert every.gates["cx"] == 3 * 4 + resources([parity]).gates["cx"]
    assert every.entangling_gates == every.gates["cx"]
