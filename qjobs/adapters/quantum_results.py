"""Readings out of what a provider returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from qjobs.domain.algorithm import Counts
from qjobs.domain.errors import ProviderRejectedError


def counts_of(histogram: Mapping[str, Any]) -> Counts:
    """Return the counts of a `microsoft.quantum-results.v2` histogram.

    Args:
        histogram: as `Job.get_results_histogram` returns it: per display text the `outcome`, a
            list of bits or a tuple of such lists (one per register, the last register first),
            and the `count`.

    Raises:
        ProviderRejectedError: it is none.

    """
    counts: Counter[str] = Counter()
    try:
        for entry in histogram.values():
            reading = "".join(_bits(entry["outcome"]))
            # A qubit that was lost on the way reads neither 0 nor 1: the shot says nothing.
            if set(reading) <= {"0", "1"}:
                counts[reading] += int(entry["count"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProviderRejectedError("The provider's readings have an unknown form.") from error
    return Counts(dict(counts))


def _bits(outcome: object) -> list[str]:
    if isinstance(outcome, list | tuple):
        return [bit for part in outcome for bit in _bits(part)]
    return [str(outcome)]
