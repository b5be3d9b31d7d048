"""Spans and metrics by OpenTelemetry's SDK, written to the files of a laptop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

from qjobs.adapters.open_telemetry import OpenTelemetry
from qjobs.adapters.telemetry_file import METRICS, SPANS, BoundedFile, FileMetrics, FileSpans
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.domain.trace_context import valid_trace_parent
from qjobs.telemetry import ENDED_JOBS, JOBS, PLACEMENT, WAITING_REQUESTS, Kind

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = f"00-{TRACE}-{SPAN}-00"
NEVER = 1e9
"""Milliseconds until metrics are exported by themselves."""


def lines(file: Path) -> list[dict[str, Any]]:
    """Return what a file has."""
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


def ended(folder: Path) -> list[dict[str, Any]]:
    """Return the spans that have ended, in the order of their ends."""
    return [span for span in lines(folder / SPANS) if span["endTimeUnixNano"]]


@pytest.fixture
def reader(tmp_path: Path) -> PeriodicExportingMetricReader:
    """Return a reader that exports when a test says so."""
    return PeriodicExportingMetricReader(FileMetrics(tmp_path), NEVER)


@pytest.fixture
def telemetry(tmp_path: Path, reader: PeriodicExportingMetricReader) -> Iterator[OpenTelemetry]:
    """Return telemetry that goes to files."""
    made = OpenTelemetry("test", [FileSpans(tmp_path)], [reader])
    yield made
    made.close()


def test_a_span_is_in_the_trace_of_its_parent(telemetry: OpenTelemetry, tmp_path: Path) -> None:
    """Also of one that was not sampled: whether it is recorded is not for a caller to say."""
    link = f"00-{'c' * 32}-{'d' * 16}-01"
    with telemetry.span("outer", {"a": 1, "none": None}, parent=CALLER, link=link) as outer:
        with telemetry.span("inner", kind=Kind.CLIENT) as inner:
            inner.set({"b": "x"})
        assert valid_trace_parent(outer.trace_parent) == outer.trace_parent

    inside, outside = ended(tmp_path)
    assert (outside["traceId"], outside["parentSpanId"]) == (TRACE, SPAN)
    assert (inside["traceId"], inside["parentSpanId"]) == (TRACE, outside["spanId"])
    assert (outside["attributes"], inside["attributes"]) == ({"a": 1}, {"b": "x"})
    assert (outside["kind"], inside["kind"]) == ("INTERNAL", "CLIENT")
    assert outside["links"] == [{"traceId": "c" * 32, "spanId": "d" * 16}]
    assert inside["startTimeUnixNano"] >= outside["startTimeUnixNano"]


def test_without_a_parent_a_trace_begins(telemetry: OpenTelemetry, tmp_path: Path) -> None:
    """Two spans one after the other are two traces."""
    for _ in range(2):
        with telemetry.span("root"):
            pass

    first, second = ended(tmp_path)
    assert first["traceId"] != second["traceId"]
    assert first["parentSpanId"] == second["parentSpanId"] == ""


async def test_a_task_that_is_left_behind_stays_in_the_trace(
    telemetry: OpenTelemetry, tmp_path: Path
) -> None:
    """What a request begins and does not wait for is below the request."""
    go = asyncio.Event()

    async def later() -> None:
        await go.wait()
        with telemetry.span("later"):
            pass

    with telemetry.span("request"):
        task = asyncio.create_task(later())
    go.set()
    await task

    request, after = ended(tmp_path)
    assert after["parentSpanId"] == request["spanId"]


def test_an_error_is_named_and_not_quoted(telemetry: OpenTelemetry, tmp_path: Path) -> None:
    """Its text may have anything in it; the kind or the class says enough."""
    secret = "https://account.blob/x?sig=SECRET"
    errors = (
        ProviderUnavailableError(secret, kind=ProviderErrorKind.THROTTLED),
        ValueError(secret),
        asyncio.CancelledError(secret),
    )
    for error in errors:
        with pytest.raises(type(error)), telemetry.span("call"):
            raise error

    types = [span["attributes"]["error.type"] for span in ended(tmp_path)]
    assert types == ["throttled", "ValueError", "CancelledError"]
    assert {span["status"] for span in ended(tmp_path)} == {"ERROR"}
    assert "SECRET" not in (tmp_path / SPANS).read_text(encoding="ascii")


def test_a_span_is_in_the_file_while_it_lasts(telemetry: OpenTelemetry, tmp_path: Path) -> None:
    """If the process is killed meanwhile, what it was doing is known."""
    with telemetry.span("work", {"qjobs.job.id": "x"}):
        (begun,) = lines(tmp_path / SPANS)

    assert (begun["name"], begun["endTimeUnixNano"]) == ("work", None)
    assert begun["attributes"] == {"qjobs.job.id": "x"}
    assert ended(tmp_path)[0]["spanId"] == begun["spanId"]


def test_metrics_have_what_is_new(
    telemetry: OpenTelemetry, reader: PeriodicExportingMetricReader, tmp_path: Path
) -> None:
    """But for what is waiting now, which is its sum over all times."""
    telemetry.record(WAITING_REQUESTS, 1)
    telemetry.record(WAITING_REQUESTS, 1)
    telemetry.record(ENDED_JOBS, 1, {"qjobs.job.status": "Failed", "error.type": "x"})
    telemetry.record(PLACEMENT, 2.0, {"qjobs.target.id": "t"})
    telemetry.record(PLACEMENT, 4.0, {"qjobs.target.id": "t"})
    telemetry.record(JOBS, 7, {"qjobs.job.status": "Queued"})
    reader.collect()
    exported = lines(tmp_path / METRICS)
    first = {line["name"]: line for line in exported}
    telemetry.record(WAITING_REQUESTS, -1)
    reader.collect()

    assert first["qjobs.requests.waiting"]["value"] == 2
    assert first["qjobs.jobs.ended"]["value"] == 1
    assert first["qjobs.jobs.ended"]["attributes"] == {
        "qjobs.job.status": "Failed",
        "error.type": "x",
    }
    placement = first["qjobs.job.placement.duration"]
    assert [placement[name] for name in ("count", "sum", "min", "max")] == [2, 6.0, 2.0, 4.0]
    assert (placement["unit"], first["qjobs.jobs"]["value"]) == ("s", 7)
    # A gauge that is not measured again is not told again: another process may measure it now.
    assert [(one["name"], one["value"]) for one in lines(tmp_path / METRICS)[len(exported) :]] == [
        ("qjobs.requests.waiting", 1)
    ]


def test_what_is_left_is_written_at_the_end(telemetry: OpenTelemetry, tmp_path: Path) -> None:
    """Metrics are exported once more when the process ends."""
    telemetry.record(ENDED_JOBS, 1, {"qjobs.job.status": "Succeeded"})
    telemetry.close()

    assert [one["value"] for one in lines(tmp_path / METRICS)] == [1]


def test_a_file_is_bounded(tmp_path: Path) -> None:
    """Of what does not fit into two files the oldest goes."""
    file = BoundedFile(tmp_path / "new" / SPANS, largest=1000)
    for number in range(200):
        file.write({"number": number})
    file.close()

    old, new = tmp_path / "new" / f"{SPANS}.1", tmp_path / "new" / SPANS
    assert all(one.stat().st_size <= 1000 for one in (old, new))
    kept = [line["number"] for line in (*lines(old), *lines(new))]
    assert kept == list(range(kept[0], 200))
    assert {one.name for one in new.parent.iterdir()} == {old.name, new.name}


def test_a_file_that_cannot_be_written_is_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One, not one a span; and the work goes on."""
    (tmp_path / "file").write_text("", encoding="ascii")
    telemetry = OpenTelemetry("test", [FileSpans(tmp_path / "file" / "folder")], [])
    for _ in range(3):
        with telemetry.span("work"):
            pass

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "Telemetry is lost" in caplog.text
