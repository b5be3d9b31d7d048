"""The `Telemetry` over the SDK of OpenTelemetry.

Imported only where telemetry is configured: the SDK takes a fifth of a second. The trace context of
what is going on is in a context variable, so tasks that a request leaves behind are in its trace.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

from opentelemetry import context, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

from qjobs import telemetry
from qjobs.telemetry import Attributes, Instrument, Kind, Metric, Number

_SCOPE = "qjobs"
_KINDS = {
    Kind.INTERNAL: SpanKind.INTERNAL,
    Kind.CLIENT: SpanKind.CLIENT,
    Kind.PRODUCER: SpanKind.PRODUCER,
}
FLUSH_SECONDS = 2.0
"""The longest time that a stop waits for what has not been sent: hosts grant five at least."""
_log = logging.getLogger(__name__)


class OpenTelemetry:
    """Spans and metrics by the SDK of OpenTelemetry.

    Every span is recorded, whatever the flags of a caller's trace context say: what is kept of
    the service's own telemetry is not for callers to decide.
    """

    enabled = True

    def __init__(
        self,
        service: str,
        processors: Sequence[SpanProcessor],
        readers: Sequence[MetricReader],
    ) -> None:
        """Prepare the SDK, without making it the global one.

        Args:
            service: name of the service, by which Application Insights tells apps apart
            processors: where spans go
            readers: where metrics go

        """
        resource = Resource({"service.name": service})
        # Not shut down by the SDK, which waits half a minute for a service that does not respond.
        self._tracers = TracerProvider(sampler=ALWAYS_ON, resource=resource, shutdown_on_exit=False)
        for processor in processors:
            self._tracers.add_span_processor(processor)
        self._meters = MeterProvider(
            metric_readers=readers, resource=resource, shutdown_on_exit=False
        )
        self._closed = False
        self._tracer = self._tracers.get_tracer(_SCOPE)
        meter = self._meters.get_meter(_SCOPE)
        create: dict[Instrument, Callable[..., Any]] = {
            Instrument.COUNTER: meter.create_counter,
            Instrument.UP_DOWN_COUNTER: meter.create_up_down_counter,
            Instrument.HISTOGRAM: meter.create_histogram,
            Instrument.GAUGE: meter.create_gauge,
        }
        self._record: dict[str, Callable[..., None]] = {}
        for metric in telemetry.METRICS:
            made = create[metric.instrument](metric.name, metric.unit, metric.description)
            method = {Instrument.HISTOGRAM: "record", Instrument.GAUGE: "set"}
            self._record[metric.name] = getattr(made, method.get(metric.instrument, "add"))

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Attributes | None = None,
        *,
        kind: Kind = Kind.INTERNAL,
        parent: str | None = None,
        link: str | None = None,
    ) -> Iterator[telemetry.Span]:
        """Record the work inside the context as a span."""
        around = context.get_current()
        if parent is not None:
            around = trace.set_span_in_context(NonRecordingSpan(_context_of(parent)), around)
        span = self._tracer.start_span(
            name,
            around,
            _KINDS[kind],
            _known(attributes),
            [trace.Link(_context_of(link))] if link is not None else None,
        )
        token = context.attach(trace.set_span_in_context(span, around))
        try:
            yield _Recorded(span)
        except BaseException as error:
            # Never its text, in which anything may be.
            span.set_attribute("error.type", telemetry.error_type(error))
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            context.detach(token)
            span.end()

    def record(self, metric: Metric, value: Number, attributes: Attributes | None = None) -> None:
        """Record a value of a metric."""
        self._record[metric.name](value, _known(attributes))

    def close(self, seconds: float = FLUSH_SECONDS) -> None:
        """Send the rest, for so long at most; it is lost if it is not sent then."""
        if self._closed:
            return
        self._closed = True
        # Of a thread that is a daemon nobody waits longer.
        closing = Thread(target=self._shutdown, name="telemetry-flush", daemon=True)
        closing.start()
        closing.join(seconds)
        if closing.is_alive():
            _log.warning(
                "Telemetry is lost: it was not sent within %g s.",
                seconds,
                extra={"action": "telemetry_lost"},
            )

    def _shutdown(self) -> None:
        self._meters.shutdown()
        self._tracers.shutdown()


class _Recorded:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def trace_parent(self) -> str | None:
        """The W3C trace context for what follows from it."""
        known = self._span.get_span_context()
        return f"00-{known.trace_id:032x}-{known.span_id:016x}-{known.trace_flags:02x}"

    def set(self, attributes: Attributes) -> None:
        """Add attributes."""
        self._span.set_attributes(_known(attributes))


def _context_of(trace_parent: str) -> SpanContext:
    _, trace_id, span_id, _ = trace_parent.split("-")
    return SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags.get_default()
    )


def _known(attributes: Attributes | None) -> dict[str, str | int | float | bool]:
    return {name: value for name, value in (attributes or {}).items() if value is not None}
