"""Counts of measurement outcomes from the output of a provider."""

from __future__ import annotations

import json
from collections import Counter

from qjobs.domain.algorithm import Counts
from qjobs.domain.errors import ProviderRejectedError
from qjobs.domain.provider_error_kind import ProviderErrorKind

_UNKNOWN_FORM = "The provider's readings have an unknown form."


def counts_of(output: bytes) -> Counts:
    """Return the counts in an output of the format `microsoft.quantum-results.v2`.

    It holds `Results`, one per entry point, of which there is one here; in it `Histogram`, a list
    of `Outcome` and `Count`. An outcome is a list of bits, or an object of such lists, one per
    register, the last register first.

    Raises:
        ProviderRejectedError: it is no such output.

    """
    counts: Counter[str] = Counter()
    try:
        for entry in json.loads(output)["Results"][0]["Histogram"]:
            reading = "".join(_bits(entry["Outcome"]))
            # A qubit that was lost on the way reads neither 0 nor 1: the shot says nothing.
            if set(reading) <= {"0", "1"}:
                counts[reading] += int(entry["Count"])
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise ProviderRejectedError(_UNKNOWN_FORM, ProviderErrorKind.UNREADABLE) from error
    return Counts(dict(counts))


def _bits(outcome: object) -> list[str]:
    if isinstance(outcome, dict):
        return [bit for part in outcome.values() for bit in _bits(part)]
    if isinstance(outcome, list):
        return [bit for part in outcome for bit in _bits(part)]
    return [str(outcome)]
