"""Expressions whose right result needs no C# compiler.

`tests/integration/test_policy_expressions.py` compares hundreds of them with real C#.
"""

from __future__ import annotations

import pytest

from localdev.gateway.expressions import (
    EvaluationError,
    ExpressionError,
    compile_expression,
    is_expression,
    render,
)
from localdev.gateway.expressions.errors import UnsupportedError
from tests.integration.policy_expressions.contexts import BASE, context


def evaluated(expression: str) -> object:
    """Return what an expression computes in the context of the cases."""
    return compile_expression(expression)(context(BASE))


@pytest.mark.parametrize(
    ("expression", "line", "column", "what"),
    [
        ("@(context.Nothing)", 1, 9, "has no Nothing"),
        ("@(1 == nothing)", 1, 6, "there is no nothing"),
        ("@{\n  var a = 1;\n  return a.Nothing;\n}", 3, 12, "int has no Nothing"),
        ("@(a ? )", 1, 3, "not understood as C#"),
        ("@{ return 1; return 2; }", 1, 12, "never be reached"),
        ("@{ while (true) { } }", 1, 2, "while statement: `while"),
        ("@{ // comment\n return 1; }", 1, 2, "/* ... */"),
        ('@(System.IO.File.ReadAllText("x"))', 1, 1, "there is no System"),
        ("@(context.Request.OriginalUrl.Port == 1)", 1, 1, "operator == with Port and int"),
        ("@(context.Request.Body.As<string>())", 1, 1, "IMessageBody.As<string> with ()"),
        ("@(1 == // one\n 1)", 1, 6, "/* ... */"),
        ('@("äö" + nothing)', 1, 8, "there is no nothing"),
        ("@{ const int n = 1; return n; }", 1, 2, "of this form"),
        ("@{ var (a, b) = (1, 2); return a; }", 1, 6, "of this form"),
        ('@("a" + (1 > 0) + context.Request)', 1, 1, "string and IRequest"),
        ('@(context.Variables.GetValueOrDefault<string>(name: "a"))', 1, 45, "argument of this"),
        ("@(int.Parse(ref context))", 1, 11, "argument of this form"),
        ("@(3000000000)", 1, 1, "integer literal of this form"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(
    expression: str, line: int, column: int, what: str
) -> None:
    """An error says what is wrong, and where in the expression."""
    with pytest.raises(ExpressionError) as refused:
        compile_expression(expression)

    assert what in str(refused.value)
    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_generic_call_after_a_cast_is_never_misread() -> None:
    """What the parser takes for comparisons is refused with the way out, not computed wrongly."""
    body = "context.Response.Body.As<JObject>(preserveContent: true)"

    assert evaluated(f'@((string){body}["status"])') == "Succeeded"
    with pytest.raises(ExpressionError, match="into a variable of its own"):
        compile_expression('@((string)context.Response.Body.As<JObject>(true)["status"])')


@pytest.mark.parametrize(
    ("expression", "instead"),
    [
        ('@("a" ?? "b")', "write a == null ? b : a"),
        ('@($"{1}")', 'write "text" + value'),
        ("@(context.Response?.Body)", "write a == null ? b : a.Member"),
        ("@(context.Request.Body?.As<string>(true))", "write a == null ? b : a.Member"),
        ('@(context.Variables["a"] as Jwt)', "write a cast: (Type)value"),
        ("@{ var a = 1; a += 2; return a; }", "write a = a + b"),
        ('@(int.TryParse("1", out var n))', "write the declaration before the call"),
        ("@{ int n; return n; }", "write a value where it is declared"),
    ],
)
def test_what_has_no_user_is_refused_with_what_to_write(expression: str, instead: str) -> None:
    """Where there is another way to say it, the error says which."""
    with pytest.raises(UnsupportedError) as refused:
        compile_expression(expression)

    assert instead in str(refused.value)


@pytest.mark.parametrize("text", ["", "@", "a", "@a", " @(1)", "(1)", "@[1]"])
def test_what_has_no_at_sign_is_text(text: str) -> None:
    """Only `@(` and `@{` begin an expression."""
    assert not is_expression(text)


@pytest.mark.parametrize("text", ["@(1", "@{ return 1; ", "@(1}"])
def test_an_expression_has_an_end(text: str) -> None:
    """What is not closed is refused."""
    with pytest.raises(ExpressionError):
        compile_expression(text)


@pytest.mark.parametrize(
    ("expression", "expected"), [("@(1)", bool), ('@("a")', int), ("@(true)", int), ("@(1L)", int)]
)
def test_a_place_has_its_type(expression: str, expected: type) -> None:
    """A condition has to be a bool and a count an int; nothing is converted in secret."""
    with pytest.raises(ExpressionError, match="does not convert"):
        compile_expression(expression, expected)


def test_a_side_that_is_not_needed_is_not_computed() -> None:
    """`&&`, `||` and `?:` leave out what does not matter."""
    fails = 'int.Parse("x") == 1'

    assert evaluated(f"@(false && {fails})") is False
    assert evaluated(f"@(true || {fails})") is True
    assert evaluated('@(true ? 1 : int.Parse("x"))') == 1


def test_json_is_not_deeper_than_newtonsoft_reads() -> None:
    """64 levels are read, 65 are not, and a very deep text is refused like them."""
    formatted = "ToString(Newtonsoft.Json.Formatting.None)"
    compiled = compile_expression(f"@(JObject.Parse(context.Request.Method).{formatted})")
    request = context(BASE)

    def nested(levels: int) -> str:
        inner = levels - 1
        return f'{{"a":{"[" * inner}{"]" * inner}}}'

    request.request.method = nested(64)
    assert compiled(request) == request.request.method
    for levels in (65, 100_000):
        request.request.method = nested(levels)
        with pytest.raises(EvaluationError, match="JsonReaderException"):
            compiled(request)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567", "2026-01-01T00:00:00+02:00"),
        *("2026-01-01T00:00:00+02", "/Date(1500)/", "/Date(-1500+0100)/"),
    ],
)
def test_a_date_is_no_text(text: str) -> None:
    """Newtonsoft makes dates of texts that look like them, so they are not taken for texts."""
    token = f'JObject.Parse("{{\\"a\\": \\"{text}\\"}}")["a"]'

    with pytest.raises(EvaluationError, match="looks like a date"):
        evaluated(f"@((string){token})")
    with pytest.raises(EvaluationError, match="ArgumentException"):
        evaluated(f"@((int){token})")


@pytest.mark.parametrize("end", ["\r", "\u0085", "\u2028", "\u2029"])
def test_a_text_ends_in_its_line(end: str) -> None:
    """What C# takes for the end of a line is refused within a text, as C# does."""
    with pytest.raises(ExpressionError):
        compile_expression(f'@("a{end}b")')
    assert evaluated(f'@(@"a{end}b")') == f"a{end}b"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (5, "5"),
        (True, "True"),
        (None, ""),
        (1.5, "1.5"),
        (2.0, "2"),
        (1e15, "1E+15"),
        (1e-5, "1E-05"),
        (-0.5, "-0.5"),
        (float("nan"), "NaN"),
    ],
)
def test_values_become_text_as_dotnet_prints_them(value: object, text: str) -> None:
    """What an expression computes is put into a header or a body as .NET prints it."""
    assert render(value) == text


def test_an_expression_has_no_memory() -> None:
    """Evaluating again begins anew: variables of one evaluation are not those of the next."""
    compiled = compile_expression('@{ var n = ""; n = n + 1; return n; }')

    assert [compiled(context(BASE)) for _ in range(3)] == ["1", "1", "1"]
