"""The command that prints what was done for a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localdev.__main__ import main
from localdev.commands import trace
from qjobs.adapters import telemetry_file

JOB, OTHER = "ff000000-0000-8000-8000-000000000001", "ff000000-0000-8000-8000-000000000002"
TRACE = "a" * 32
SECOND = 10**9


def span(
    number: int, name: str, began: float, ended: float | None, **members: object
) -> dict[str, Any]:
    """Return a span as the functions write it, in seconds."""
    return {
        "traceId": TRACE,
        "spanId": f"{number:016x}",
        "parentSpanId": "",
        "name": name,
        "kind": "INTERNAL",
        "startTimeUnixNano": int(began * SECOND),
        "endTimeUnixNano": None if ended is None else int(ended * SECOND),
        "status": "",
        "attributes": {},
        "links": [],
        **members,
    }


REMOTE = "f" * 16
ROOT = span(1, "submit_job", 100, 100.04, parentSpanId=REMOTE, attributes={"qjobs.job.id": JOB})
VISIT = span(2, "dispatch", 100.05, 101, parentSpanId=f"{1:016x}")
CALL = span(
    3,
    "provider submit",
    100.1,
    100.2,
    parentSpanId=f"{2:016x}",
    status="ERROR",
    attributes={"error.type": "throttled", "qjobs.target.id": "local.sim.aer"},
)
LATER = span(4, "track", 103.5, None, parentSpanId=f"{1:016x}")
NEIGHBOUR = span(5, "submit_job", 99, 99.5, attributes={"qjobs.job.id": OTHER})


def write(folder: Path, *spans: dict[str, Any], name: str = "spans.jsonl", end: str = "") -> None:
    """Write spans to a file."""
    lines = "".join(f"{json.dumps(one)}\n" for one in spans)
    (folder / name).write_text(lines + end, encoding="ascii")


def printed(capsys: pytest.CaptureFixture[str], folder: Path, job: str = JOB) -> list[str]:
    """Return the lines that the command prints."""
    assert main(["trace", job, "--telemetry", str(folder)]) == 0
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


EXPECTED = [
    f"trace {TRACE}",
    "       began        took",
    "      0.0 ms     40.0 ms  submit_job",
    "     50.0 ms    950.0 ms    dispatch",
    "    100.0 ms    100.0 ms      provider submit  error: throttled local.sim.aer",
    "  3,500.0 ms  unfinished    track",
]


def test_a_job_is_a_tree_with_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which things began, whatever that of the file; without other jobs."""
    begun = {**VISIT, "endTimeUnixNano": None}
    write(tmp_path, NEIGHBOUR, LATER, begun, CALL, ROOT, VISIT)

    assert printed(capsys, tmp_path) == EXPECTED
    assert printed(capsys, tmp_path, JOB.upper()) == EXPECTED


def test_what_was_put_aside_and_what_was_cut_off_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trace may go over two files, and the last line may be half a line."""
    write(tmp_path, ROOT, VISIT, name="spans.jsonl.1")
    write(tmp_path, CALL, LATER, end='{"traceId": "aa')

    assert printed(capsys, tmp_path) == EXPECTED


@pytest.mark.parametrize("spans", [None, (NEIGHBOUR,)])
def test_a_job_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spans: tuple[dict[str, Any]] | None
) -> None:
    """With the file that was looked into."""
    if spans is not None:
        write(tmp_path, *spans)

    assert main(["trace", JOB, "--telemetry", str(tmp_path)]) == 1
    assert str(tmp_path / "spans.jsonl") in capsys.readouterr().err


def test_without_a_stack_the_command_says_how_to_start_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its ready file says where the spans are."""
    assert main(["trace", JOB, "--ready-file", str(tmp_path / "up.json")]) == 1
    assert "make up" in capsys.readouterr().err


def test_the_file_is_the_one_that_the_functions_write() -> None:
    """The command does not load what writes it, which takes a moment."""
    assert trace.SPANS == telemetry_file.SPANS
