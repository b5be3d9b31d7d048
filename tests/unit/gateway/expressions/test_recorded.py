"""Expressions with recorded results of real .NET: those of the policies, and others like them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.integration.policy_expressions.recordings import RECORDINGS, inputs, recorded
from tests.integration.policy_expressions.verdicts import Verdict, outcome, verdict

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not there")

type Verdicts = dict[str, tuple[Verdict, str]]
"""By the id of a case, with what came out here."""
type Record = Callable[[str, object], None]


GONE = {
    "p14": "StartsWith by culture",
    "p41": "a query",
    "p43": "a member of a member of JSON",
    "p49": "a text in a text",
}
"""What policies used when they were recorded and use no more, by the expression's id."""


def of_policies() -> Iterator[tuple[str, tuple[Verdict, str]]]:
    """Judge every expression that the policies had when it was recorded, with every input."""
    varying, contexts = inputs()
    for case in recorded("ours.json")["expressions"]:
        for name, result in case["results"].items():
            here = outcome(case["expression"], contexts[name], case["needs"][0])
            judged = verdict(here, result, varies=name in varying)
            yield f"{case['id']} {name}", (judged, f"{here}")


def of_others() -> Iterator[tuple[str, tuple[Verdict, str]]]:
    """Judge expressions of the kinds that policies use, each in the one context."""
    document = recorded("general.json")
    for case in document["cases"]:
        here = outcome(case["expression"], document["context"])
        elsewhere, varies = case.get("framework"), case.get("varies", False)
        yield case["id"], (verdict(here, case["result"], elsewhere, varies=varies), f"{here}")


def count(record_property: Record, file: str, verdicts: Verdicts) -> None:
    """Count the verdicts, for the table at the end of a run."""
    for kind in Verdict:
        number = sum(each is kind for each, _ in verdicts.values())
        record_property("figure", (f"policy expressions, {file}: {kind}", number, len(verdicts)))


def only(verdicts: Verdicts, kind: Verdict) -> dict[str, str]:
    """Return what came out here of the cases with a verdict."""
    return {name: here for name, (each, here) in verdicts.items() if each is kind}


def test_expressions_of_the_policies_compute_what_dotnet_computes(record_property: Record) -> None:
    """Everything is the same, but for what the policies do not use any more."""
    verdicts = dict(of_policies())
    count(record_property, "ours.json", verdicts)

    assert len(verdicts) > 1000
    assert only(verdicts, Verdict.WRONG) == {}
    refused = only(verdicts, Verdict.REFUSED_BY_NAME)
    assert {name for name, here in refused.items() if "NotSupportedException" not in here} == {
        name for name in verdicts if name.partition(" ")[0] in GONE
    }


def test_nothing_that_is_understood_is_wrong(record_property: Record) -> None:
    """No other value, no other exception, nothing taken that is no C#, no refusal without name."""
    verdicts = dict(of_others())
    count(record_property, "general.json", verdicts)

    assert len(verdicts) > 500
    assert only(verdicts, Verdict.WRONG) == {}
