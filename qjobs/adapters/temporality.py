"""Temporality of exported metrics: changes since the last export, or a sum over all times."""

from __future__ import annotations

from opentelemetry.sdk.metrics import Counter, Histogram, UpDownCounter
from opentelemetry.sdk.metrics import _Gauge as Gauge  # the SDK has no other name for it
from opentelemetry.sdk.metrics.export import AggregationTemporality

TEMPORALITY: dict[type, AggregationTemporality] = {
    Counter: AggregationTemporality.DELTA,
    Histogram: AggregationTemporality.DELTA,
    # What a process measured once is not exported again: another one may measure it by now.
    Gauge: AggregationTemporality.DELTA,
    UpDownCounter: AggregationTemporality.CUMULATIVE,
}
