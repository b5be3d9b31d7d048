"""The port of telemetry: spans of one trace for each job, and metrics; by default there is none.

Names are those of OpenTelemetry where it has one (`error.type`, `messaging.*`, `rpc.*`), and begin
with `qjobs.` otherwise. No attribute holds what a caller wrote, who it is, or a URL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

type Attributes = Mapping[str, str | int | float | bool | None]
"""Facts by name; None is left out."""
type Number = int | float


class Kind(StrEnum):
    """The kinds of span, by OpenTelemetry's names."""

    INTERNAL = "internal"
    """Work of ours. The Functions host reports requests and messages as such itself."""
    CLIENT = "client"
    """A call to another service, from request to response."""
    PRODUCER = "producer"
    """A message that is sent, for later."""


class Instrument(StrEnum):
    """The kinds of metric, by OpenTelemetry's names."""

    COUNTER = "counter"
    """Each recorded value is added."""
    UP_DOWN_COUNTER = "up-down-counter"
    """Each recorded value is added, and may be below 0."""
    HISTOGRAM = "histogram"
    """The recorded values are counted and summed up."""
    GAUGE = "gauge"
    """The last recorded value counts, until the next export."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric, with its unit in UCUM and the attributes that tell its series apart."""

    name: str
    instrument: Instrument
    unit: str
    description: str
    attributes: tuple[str, ...] = ()


JOBS = Metric(
    "qjobs.jobs",
    Instrument.GAUGE,
    "{job}",
    "Jobs that have not ended, by state.",
    ("qjobs.job.status",),
)
OLDEST_JOB = Metric(
    "qjobs.jobs.oldest.age",
    Instrument.GAUGE,
    "s",
    "Age of the oldest job that has not ended; 0 if there is none.",
    ("qjobs.target.simulated",),
)
ENDED_JOBS = Metric(
    "qjobs.jobs.ended",
    Instrument.COUNTER,
    "{job}",
    "Jobs that ended, by their final state.",
    ("qjobs.job.status", "error.type"),
)
PLACEMENT = Metric(
    "qjobs.job.placement.duration",
    Instrument.HISTOGRAM,
    "s",
    "From the acceptance of a job until its first circuits are at the provider.",
    ("qjobs.target.id",),
)
PROVIDER_ERRORS = Metric(
    "qjobs.provider.errors",
    Instrument.COUNTER,
    "{error}",
    "Calls to the provider that failed, by kind of error.",
    ("error.type", "qjobs.target.id"),
)
WAITING_REQUESTS = Metric(
    "qjobs.requests.waiting",
    Instrument.UP_DOWN_COUNTER,
    "{request}",
    "Requests with `Prefer: wait` that wait for the end of a job at the moment.",
)
WEBHOOK_ATTEMPTS = Metric(
    "qjobs.webhook.attempts",
    Instrument.COUNTER,
    "{attempt}",
    "Requests to webhooks, by their outcome.",
    ("qjobs.webhook.outcome",),
)
METRICS = (
    JOBS,
    OLDEST_JOB,
    ENDED_JOBS,
    PLACEMENT,
    PROVIDER_ERRORS,
    WAITING_REQUESTS,
    WEBHOOK_ATTEMPTS,
)


class Span(Protocol):
    """A piece of work in a trace, which is under way."""

    @property
    def trace_parent(self) -> str | None:
        """The W3C trace context for what follows from it."""

    def set(self, attributes: Attributes) -> None:
        """Add attributes."""


class Telemetry(Protocol):
    """Recorder of spans and metrics, which never waits for another service or raises an error."""

    @property
    def enabled(self) -> bool:
        """Whether they go anywhere; without that nothing needs to be measured."""

    def span(
        self,
        name: str,
        attributes: Attributes | None = None,
        *,
        kind: Kind = Kind.INTERNAL,
        parent: str | None = None,
        link: str | None = None,
    ) -> AbstractContextManager[Span]:
        """Record the work inside the context as a span.

        An error that leaves the context is the outcome of the span, by its code or its class.

        Args:
            name: few different ones: what is done, not to what
            attributes: what is known at the beginning
            kind: of the span
            parent: W3C trace context of what it follows from; None is the span around it, if any
            link: W3C trace context of something in another trace that belongs to it

        """

    def record(self, metric: Metric, value: Number, attributes: Attributes | None = None) -> None:
        """Record a value of a metric."""


@dataclass(frozen=True, slots=True)
class _Unrecorded:
    """A span that goes nowhere, and passes on the trace context that it was given."""

    trace_parent: str | None

    def set(self, attributes: Attributes) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class NoTelemetry:
    """The `Telemetry` where none is configured."""

    enabled: ClassVar[bool] = False

    @contextmanager
    def span(
        self,
        name: str,  # noqa: ARG002 - as the port
        attributes: Attributes | None = None,  # noqa: ARG002 - as the port
        *,
        kind: Kind = Kind.INTERNAL,  # noqa: ARG002 - as the port
        parent: str | None = None,
        link: str | None = None,  # noqa: ARG002 - as the port
    ) -> Iterator[Span]:
        """Record nothing."""
        yield _Unrecorded(parent)

    def record(self, metric: Metric, value: Number, attributes: Attributes | None = None) -> None:
        """Record nothing."""


def error_type(error: BaseException) -> str:
    """Return the value of `error.type` for an error: a kind or code of ours, or its class."""
    named = getattr(error, "kind", None) or getattr(error, "code", None)
    return str(named) if isinstance(named, str) else type(error).__name__


@contextmanager
def noted_errors(span: Span) -> Iterator[None]:
    """Note on *span* an error that leaves the context, for where it will not leave the span."""
    try:
        yield
    except Exception as error:
        span.set({"error.type": error_type(error)})
        raise
