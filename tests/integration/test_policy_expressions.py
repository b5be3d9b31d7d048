"""Real C# is the judge of what the local gateway makes of expressions."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from localdev.gateway.expressions import ExpressionError, compile_expression
from localdev.gateway.expressions.errors import UnsupportedError
from tests.integration.policy_expressions import oracle
from tests.integration.policy_expressions.contexts import BASE
from tests.integration.policy_expressions.documented import EXAMPLES
from tests.integration.policy_expressions.failures import EXCEPTIONS, REFUSED, UNREADABLE
from tests.integration.policy_expressions.policies import of_apim
from tests.integration.policy_expressions.recordings import RECORDINGS, inputs
from tests.integration.policy_expressions.unsupported import UNSUPPORTED
from tests.integration.policy_expressions.values import VALUES
from tests.integration.policy_expressions.verdicts import Verdict, outcome, verdict

pytestmark = pytest.mark.skipif(
    shutil.which("mcs") is None or shutil.which("mono") is None,
    reason="no C# compiler: apt install mono-mcs mono-runtime libnewtonsoft-json5.0-cil",
)


def test_every_expression_of_the_policies_is_csharp(tmp_path: Path) -> None:
    """A real compiler takes every expression in apim/, with the type that its place needs."""
    expressions = [(text, returned.__name__) for text, returned in of_apim()]

    assert len(expressions) > 50
    errors = oracle.compile_all(tmp_path, expressions)
    assert {expressions[place][0]: error for place, error in errors.items()} == {}


def test_expressions_compute_what_csharp_computes(tmp_path: Path) -> None:
    """Value and type, or the exception, are the same here and there."""
    expressions = VALUES + EXCEPTIONS
    assert oracle.compile_all(tmp_path, [(one, "object") for one in expressions]) == {}

    there = oracle.run_all(tmp_path, [BASE])
    here = [outcome(one, BASE).result for one in expressions]

    wrong = {
        one: (ours, theirs)
        for one, ours, theirs in zip(expressions, here, there, strict=True)
        if ours != theirs
    }
    assert wrong == {}


TOO_DEEP = "i194"
"""An input with JSON deeper than 64 levels, which the Newtonsoft.Json of Debian still reads."""


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not there")
def test_the_policies_compute_what_csharp_computes(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Every expression in apim/ has the same result here and there for inputs of all kinds."""
    expressions = sorted({(text, returned.__name__) for text, returned in of_apim()})
    varies, contexts = inputs()
    del contexts[TOO_DEEP]
    assert oracle.compile_all(tmp_path, expressions) == {}
    there = iter(oracle.run_all(tmp_path, list(contexts.values())))

    verdicts, wrong = Counter[Verdict](), {}
    for text, place in expressions:
        for name, one in contexts.items():
            here, theirs = outcome(text, one, place), next(there)
            found = verdict(here, theirs, varies=name in varies)
            verdicts[found] += 1
            if found is Verdict.WRONG:
                wrong[text, name] = (here, theirs)
    for kind, number in verdicts.items():
        what = f"today's policy expressions, {kind}"
        record_property("figure", (what, number, verdicts.total()))

    assert verdicts[Verdict.SAME_VALUE] > len(expressions)
    assert wrong == {}


@pytest.mark.parametrize("expression", VALUES)
def test_a_value_is_no_exception(expression: str) -> None:
    """The table of values has no expression in it that fails."""
    assert "text" in outcome(expression, BASE).result


@pytest.mark.parametrize("expression", EXCEPTIONS)
def test_an_exception_is_no_value(expression: str) -> None:
    """The table of exceptions has no expression in it that succeeds."""
    assert "exception" in outcome(expression, BASE).result


@pytest.mark.parametrize("expression", REFUSED + UNREADABLE)
def test_what_csharp_refuses_is_refused(expression: str) -> None:
    """Nothing is compiled here that is no C#; the error says where it is wrong."""
    with pytest.raises(ExpressionError) as refused:
        compile_expression(expression)
    assert refused.value.line == 1
    assert 1 <= refused.value.column <= len(expression)


def test_what_is_refused_is_no_csharp(tmp_path: Path) -> None:
    """A real compiler refuses the same, each with an error of its own."""
    accepted, refused = list(REFUSED), True
    while accepted and refused:  # some errors are reported only if there are no others
        errors = oracle.compile_all(tmp_path, [(one, "object") for one in accepted])
        refused = bool(errors)
        accepted = [one for place, one in enumerate(accepted) if place not in errors]
    assert accepted == []


@pytest.mark.parametrize("expression", UNREADABLE)
def test_what_is_unreadable_is_no_csharp(expression: str, tmp_path: Path) -> None:
    """A real compiler cannot read the same, alone: what comes after it would be unreadable too."""
    assert oracle.compile_all(tmp_path, [(expression, "object")])


@pytest.mark.parametrize("expression", UNSUPPORTED)
def test_what_has_no_user_is_refused_by_name(expression: str) -> None:
    """What only API Management takes is refused with a sentence that says so, and where it is."""
    with pytest.raises(UnsupportedError, match="API Management takes it") as refused:
        compile_expression(expression)
    assert refused.value.line == 1
    assert 1 <= refused.value.column <= len(expression)


def test_what_has_no_user_is_csharp(tmp_path: Path) -> None:
    """A real compiler takes it, so the sentence is true."""
    expressions = [(one, "object") for one in [*UNSUPPORTED, *EXAMPLES]]

    assert oracle.compile_all(tmp_path, expressions) == {}
    there = oracle.run_all(tmp_path, [BASE])[len(UNSUPPORTED) :]
    assert all("text" in one for one in there)
