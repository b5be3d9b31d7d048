"""The telemetry of this process, as its settings say, with a flush at its end."""

from __future__ import annotations

import atexit
from pathlib import Path

from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from qjobs.adapters.open_telemetry import OpenTelemetry
from qjobs.adapters.telemetry_file import FileMetrics, FileSpans
from qjobs.settings import InsightsSettings

BATCH_SECONDS = 1.0
"""Until a span is sent: what a process that is killed loses of its spans."""
METRICS_SECONDS = 60.0
"""Between two exports of metrics to Application Insights, which keeps minutes apart."""
FILE_METRICS_SECONDS = 5.0
"""Between two exports to a file, for somebody who looks at it."""


def set_up(service: str, destination: InsightsSettings | Path) -> OpenTelemetry:
    """Return the telemetry of this process, by the name of its service."""
    processor, reader = (
        _to_files(destination) if isinstance(destination, Path) else _to_insights(destination)
    )
    made = OpenTelemetry(service, [processor], [reader])
    atexit.register(made.close)
    return made


def _to_insights(settings: InsightsSettings) -> tuple[SpanProcessor, MetricReader]:
    from qjobs.adapters.application_insights import (  # noqa: PLC0415 - imports azure.core
        InsightsMetrics,
        InsightsSpans,
    )

    spans = BatchSpanProcessor(InsightsSpans(settings), schedule_delay_millis=BATCH_SECONDS * 1000)
    metrics = PeriodicExportingMetricReader(InsightsMetrics(settings), METRICS_SECONDS * 1000)
    return spans, metrics


def _to_files(folder: Path) -> tuple[SpanProcessor, MetricReader]:
    reader = PeriodicExportingMetricReader(FileMetrics(folder), FILE_METRICS_SECONDS * 1000)
    return FileSpans(folder), reader
