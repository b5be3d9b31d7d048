"""Spans and metrics to Application Insights, by Microsoft's exporter of OpenTelemetry.

The exporter is made by the thread that sends: its import takes as long as a request. It sends
nothing to anybody else, keeps nothing on disk, and sends each batch once.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from qjobs.adapters.client_options import CONNECT_SECONDS, READ_SECONDS, one_attempt
from qjobs.adapters.temporality import TEMPORALITY
from qjobs.settings import InsightsSettings

if TYPE_CHECKING:
    from azure.monitor.opentelemetry.exporter import (
        AzureMonitorMetricExporter,
        AzureMonitorTraceExporter,
    )

_EXPORTER = "azure.monitor.opentelemetry.exporter"
_REPORTS = (
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",  # figures about the exporter, to Microsoft
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",  # requests for settings of it, from Microsoft
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",  # figures about the exporter, to ourselves
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED",  # a metric with each batch
)
_FAILURES = (AzureError, ValueError, OSError, RuntimeError)
"""What sending may raise; RuntimeError is that of an import while the interpreter ends."""
_log = logging.getLogger(__name__)


class InsightsSpans(SpanExporter):
    """Exporter of spans to Application Insights."""

    def __init__(self, settings: InsightsSettings) -> None:
        self._settings, self._losses = settings, _Losses()

    @cached_property
    def _exporter(self) -> AzureMonitorTraceExporter:
        options = _options(self._settings)
        from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter

        return AzureMonitorTraceExporter(**options)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; where that fails, the log says so once, and they are lost."""
        try:
            result: SpanExportResult = self._exporter.export(spans)
        except _FAILURES as error:
            self._losses.note(type(error).__name__)
            return SpanExportResult.FAILURE
        self._losses.note(None if result is SpanExportResult.SUCCESS else "not accepted")
        return result

    def shutdown(self) -> None:
        """Close the connections."""
        _close(self)


class InsightsMetrics(MetricExporter):
    """Exporter of metrics to Application Insights."""

    def __init__(self, settings: InsightsSettings) -> None:
        super().__init__(preferred_temporality=TEMPORALITY)
        self._settings, self._losses = settings, _Losses()

    @cached_property
    def _exporter(self) -> AzureMonitorMetricExporter:
        options = _options(self._settings)
        from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter

        return AzureMonitorMetricExporter(**options)

    def export(
        self,
        metrics_data: MetricsData,
        timeout_millis: float = 10_000,
        **options: Any,  # noqa: ANN401 - as the base class
    ) -> MetricExportResult:
        """Send metrics; where that fails, the log says so once, and they are lost."""
        try:
            result: MetricExportResult = self._exporter.export(
                metrics_data, timeout_millis, **options
            )
        except _FAILURES as error:
            self._losses.note(type(error).__name__)
            return MetricExportResult.FAILURE
        self._losses.note(None if result is MetricExportResult.SUCCESS else "not accepted")
        return result

    def force_flush(self, timeout_millis: float = 10_000) -> bool:  # noqa: ARG002 - as the base class
        """Do nothing: nothing is kept here."""
        return True

    def shutdown(self, timeout_millis: float = 30_000, **_: Any) -> None:  # noqa: ANN401, ARG002 - as the base class
        """Close the connections."""
        _close(self)


def _close(exporter: InsightsSpans | InsightsMetrics) -> None:
    made = vars(exporter).get("_exporter")
    if made is not None:
        made.client.close()


class _Losses:
    """Logs that telemetry is lost when that begins, not with each batch."""

    def __init__(self) -> None:
        self._losing = False

    def note(self, reason: str | None) -> None:
        """Note the reason for which a batch was lost; None if it was sent."""
        if reason is not None and not self._losing:
            _log.warning("Telemetry is lost: %s", reason, extra={"action": "telemetry_lost"})
        self._losing = reason is not None


def _options(settings: InsightsSettings) -> dict[str, Any]:
    for name in _REPORTS:
        os.environ.setdefault(name, "true")
    # It would write a line for each batch that is lost.
    logging.getLogger(_EXPORTER).setLevel(logging.CRITICAL)
    options = {
        "connection_string": settings.connection_string,
        "disable_offline_storage": True,
        "credential": None,
        "retry_total": 0,
        "timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
    }
    if settings.identity:
        from azure.identity import ManagedIdentityCredential

        client_id = settings.identity_client_id
        options["credential"] = ManagedIdentityCredential(client_id=client_id, **one_attempt())
    return options
