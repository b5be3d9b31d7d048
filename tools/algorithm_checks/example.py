"""Examples of the algorithms, as inputs of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.submission import SubmissionRules

SEED = 7
"""Of every choice left to chance, so that a run can be compared with the one before."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example in the input schema of an algorithm."""

    algorithm: str
    number: int
    """Its place in the schema, from 1."""
    input: JSONObject
    """Valid, with the defaults of the schema."""
    shots: int
    rules: SubmissionRules
    most_qubits: int
    """What the algorithm says it needs at most."""
    seed: int = SEED


def examples(
    catalogue: FileCatalogue, only: Sequence[str] = (), shots: int | None = None
) -> Iterator[Example]:
    """Yield the examples of every algorithm of *catalogue*, or of those in *only*.

    Args:
        catalogue: the algorithms
        only: ids of algorithms; none is all
        shots: how often each circuit runs, as near as the algorithm allows it; None is what the
            algorithm prefers

    Raises:
        UnknownAlgorithmError: one of *only* is not in the catalogue.
        ValueError: an example is not valid under its own schema.

    """
    for algorithm in only or [str(entry["id"]) for entry in catalogue.all()]:
        description = catalogue.describe(algorithm)
        for number, example in enumerate(description["examples"], start=1):
            filled, violations = catalogue.check(algorithm, example["input"])
            if violations:
                raise ValueError(f"Example {number} of {algorithm}: {violations[0].detail}")
            rules = catalogue.submission_rules(algorithm)
            most_qubits = description["limits"]["qubits"]
            yield Example(algorithm, number, filled, _allowed(shots, rules), rules, most_qubits)


def _allowed(shots: int | None, rules: SubmissionRules) -> int:
    if shots is None:
        return rules.default_shots
    return min(max(shots, rules.minimum_shots), rules.maximum_shots)
