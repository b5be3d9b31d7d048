from __future__ import annotations

from dataclasses import replace

from tests.unit.soak.cases import GOOD, IDS, JOBS, outcome
from tools.soak.audit import Finding
from tools.soak.report import lines, marks, points
from tools.soak.run import Outcome
from tools.soak.schedule import Kind


def rows(run: Outcome) -> dict[str, str]:
    """Return the figures of a report by their names."""
    indented = [line for line in lines(run) if line.startswith("  ")]
    return {name.strip(): value for name, _, value in (line.rpartition(" ") for line in indented)}


def test_a_run_without_findings_says_so() -> None:
    """The seed is in the first line, the verdict in the last."""
    said = list(lines(outcome()))

    assert said[0].startswith("seed 7, 5 jobs")
    assert said[-1] == "every rule was kept"


def test_the_figures_are_those_of_the_run() -> None:
    """Jobs by their ends, latencies, what was done to the stack, what was left."""
    figures = rows(outcome())

    assert (figures["records"], figures["Succeeded"], figures["Canceled"]) == ("5", "2", "2")
    assert (figures["median"], figures["longest"]) == ("3.0", "3.0")
    assert (figures["stuck"], figures["blobs: reset"]) == ("0", "4")
    assert figures[str(Kind.SHIFT_QUEUES)] == "1"
    assert figures["copies of messages"] == "9"
    assert figures["ends of hosts by themselves"] == "3"
    assert figures["messages under a lease"] == "2"
    assert figures["seconds after the last fault"] == "12.3"


def test_a_finding_is_counted_and_told() -> None:
    """A broken rule has its number in the table and a line of its own."""
    run = replace(outcome(), findings=[Finding("stuck", IDS[GOOD], "still Queued")])

    said = list(lines(run))

    assert rows(run)["stuck"] == "1"
    assert f"stuck: {IDS[GOOD]}: still Queued" in said
    assert said[-1] == "1 findings"


def test_the_plot_has_every_job_and_every_absence() -> None:
    """A disturbance that ends no process is not one."""
    assert sorted(point.status for point in points(outcome())) == sorted(
        job.status for job in JOBS.values()
    )
    assert {(point.at, point.seconds) for point in points(outcome())} == {(0, 3)}
    assert [(mark.began, mark.ended) for mark in marks(outcome())] == [(1, 3)]
