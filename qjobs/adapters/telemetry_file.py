"""Spans and metrics as lines of JSON in files of a folder, for a look at them on a laptop.

A span is written when it begins and again when it ends, at once: if the process is killed, what it
was doing is there. Members are named as in OpenTelemetry's own JSON. Two generations of each file
are kept, each bounded in size.
"""

from __future__ import annotations

import json
import logging
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import StatusCode

from qjobs.adapters.temporality import TEMPORALITY

SPANS, METRICS = "spans.jsonl", "metrics.jsonl"
LARGEST_FILE = 16 * 1024 * 1024
"""Bytes of a file; a job has some 5,000."""
_log = logging.getLogger(__name__)


class BoundedFile:
    """A file of lines, which is put aside as `.1` when it has grown too large."""

    def __init__(self, path: Path, largest: int = LARGEST_FILE) -> None:
        self._path, self._largest = path, largest
        self._lock, self._failed = Lock(), False
        self._file: FileIO | None = None

    def write(self, document: dict[str, Any]) -> None:
        """Append a line; where that fails, the log says so once, and telemetry is lost."""
        line = (json.dumps(document, separators=(",", ":")) + "\n").encode("ascii")
        try:
            with self._lock:
                file = self._file or self._open()
                if file.tell() + len(line) > self._largest:
                    file.close()
                    self._path.replace(self._path.with_name(f"{self._path.name}.1"))
                    file = self._open()
                # One write for a line, at the end: another process may write to the file too.
                file.write(line)
                self._failed = False
        except OSError as error:
            if not self._failed:
                self._failed = True
                _log.warning(
                    "Telemetry is lost: %s", error.strerror, extra={"action": "telemetry_lost"}
                )

    def close(self) -> None:
        """Close the file; a line that comes later opens it again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _open(self) -> FileIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab", buffering=0)
        return self._file


class FileSpans(SpanProcessor):
    """Writes spans to `spans.jsonl`, when they begin and when they end."""

    def __init__(self, folder: Path, largest: int = LARGEST_FILE) -> None:
        self._file = BoundedFile(folder / SPANS, largest)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - as the base class
        """Write a span without its end."""
        self._file.write(_span(span))

    def on_end(self, span: ReadableSpan) -> None:
        """Write a span."""
        self._file.write(_span(span))

    def shutdown(self) -> None:
        """Close the file."""
        self._file.close()


class FileMetrics(MetricExporter):
    """Writes metrics to `metrics.jsonl`, a line for each series and export."""

    def __init__(self, folder: Path, largest: int = LARGEST_FILE) -> None:
        super().__init__(preferred_temporality=TEMPORALITY)
        self._file = BoundedFile(folder / METRICS, largest)

    def export(
        self,
        metrics_data: MetricsData,
        timeout_millis: float = 10_000,  # noqa: ARG002 - as the base class
        **_: Any,  # noqa: ANN401 - as the base class
    ) -> MetricExportResult:
        """Write the values since the last export."""
        for resource in metrics_data.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points:
                        self._file.write(_point(metric.name, metric.unit, point))
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis: float = 10_000) -> bool:  # noqa: ARG002 - as the base class
        """Do nothing: what is exported is written."""
        return True

    def shutdown(self, timeout_millis: float = 30_000, **_: Any) -> None:  # noqa: ANN401, ARG002 - as the base class
        """Close the file."""
        self._file.close()


def _span(span: ReadableSpan) -> dict[str, Any]:
    known, parent = span.get_span_context(), span.parent
    links = [
        {"traceId": f"{link.context.trace_id:032x}", "spanId": f"{link.context.span_id:016x}"}
        for link in span.links
    ]
    return {
        "traceId": f"{known.trace_id:032x}" if known else "",
        "spanId": f"{known.span_id:016x}" if known else "",
        "parentSpanId": f"{parent.span_id:016x}" if parent else "",
        "name": span.name,
        "kind": span.kind.name,
        "startTimeUnixNano": span.start_time,
        "endTimeUnixNano": span.end_time,
        "status": "ERROR" if span.status.status_code is StatusCode.ERROR else "",
        "attributes": dict(span.attributes or {}),
        "links": links,
    }


def _point(name: str, unit: str | None, point: Any) -> dict[str, Any]:  # noqa: ANN401 - one of several classes
    value = (
        {"value": point.value}
        if hasattr(point, "value")
        else {"count": point.count, "sum": point.sum, "min": point.min, "max": point.max}
    )
    attributes = dict(point.attributes or {})
    return {
        "name": name,
        "unit": unit,
        "attributes": attributes,
        "timeUnixNano": point.time_unix_nano,
        **value,
    }
