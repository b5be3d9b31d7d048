"""Expressions where no C# compiler is needed to say what is right.

`tests/integration/test_policy_expressions.py` compares hundreds of them with real C#.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localdev.gateway.expressions import (
    EvaluationError,
    ExpressionError,
    compile_expression,
    is_expression,
    render,
)
from tests.integration.policy_expressions.contexts import BASE, context

INT = some.integers(-(2**31), 2**31 - 1)


def evaluated(expression: str) -> object:
    """Return what an expression computes in the context of the cases."""
    return compile_expression(expression)(context(BASE))


@pytest.mark.parametrize(
    ("expression", "line", "column", "what"),
    [
        ("@(context.Nothing)", 1, 9, "has no Nothing"),
        ("@(1 + nothing)", 1, 5, "there is no nothing"),
        ("@{\n  var a = 1;\n  return a.Nothing;\n}", 3, 12, "int has no Nothing"),
        ("@(a ? )", 1, 3, "not understood as C#"),
        ("@{ return 1; return 2; }", 1, 12, "never be reached"),
        ("@{ while (true) { } }", 1, 2, "a while statement is not supported"),
        ("@{ // comment\n return 1; }", 1, 2, "/* ... */"),
        ('@(System.IO.File.ReadAllText("x"))', 1, 1, "there is no System"),
        ("@(context.Request.OriginalUrl.Port + 1)", 1, 1, "does not take Port and int"),
        ("@(context.Request.Body.As<string>())", 1, 1, "preserveContent: true"),
        ("@(1 + // one\n 1)", 1, 5, "/* ... */"),
        ('@("äö" + nothing)', 1, 8, "there is no nothing"),
        ("@{ const int n = 1; return n; }", 1, 2, "of this form is not supported"),
        ("@{ var (a, b) = (1, 2); return a; }", 1, 6, "of this form is not supported"),
        ("@(2147483647 + 1)", 1, 1, "too large for int"),
        ("@(context.Response.StatusCode / 0)", 1, 1, "divides by zero"),
        ('@("a" + (1 > 0).ToString() + context.Request)', 1, 1, "string and IRequest"),
        ('@($"{{name}}")', 1, 3, "not supported"),
        ('@($"a""{1}")', 1, 4, "quotation marks before"),
        ('@($"{1:D3}")', 1, 3, "a format in an interpolation"),
        ("@(context.Response?.StatusCode)", 1, 1, "a int that may be null"),
        ('@("a" + context.Operation?.Id)', 1, 1, "parentheses around the chain"),
        ("@((string)context.Operation?.Id)", 1, 1, "parentheses around the chain"),
        ('@(context.Variables["a"] is Jwt && true)', 1, 1, "in parentheses"),
        ('@(context.Variables.GetValueOrDefault<string>(name: "a"))', 1, 45, "a named argument"),
        ("@(int.Parse(ref context))", 1, 11, "a modifier"),
        ('@(new[] { "a" }.Any((x) => true))', 1, 19, "`name => value`"),
        ("@(3000000000)", 1, 1, "a integer literal is not supported"),
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
    with pytest.raises(ExpressionError, match="into a variable of its own"):
        compile_expression('@((string)context.Response.Body.As<JObject>(true)["status"])')


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


@given(a=INT, b=INT)
def test_integers_wrap_and_divide_as_in_csharp(a: int, b: int) -> None:
    """Sums and products keep 32 bits; quotients are cut off towards zero."""
    first, second = f"(int)({a}L)", f"(int)({b}L)"

    total = evaluated(f"@({first} + {second})")
    product = evaluated(f"@({first} * {second})")

    assert isinstance(total, int)
    assert isinstance(product, int)
    assert (total - (a + b)) % 2**32 == 0
    assert (product - a * b) % 2**32 == 0
    assert -(2**31) <= total < 2**31
    if b and (a, b) != (-(2**31), -1):
        quotient, rest = (evaluated(f"@({first} {sign} {second})") for sign in "/%")
        assert quotient == int(a / b)
        assert isinstance(rest, int)
        assert abs(rest) < abs(b)
        assert rest == 0 or (rest < 0) == (a < 0)


@given(text=some.text("abc", max_size=5), start=some.integers(0, 7), length=some.integers(0, 7))
def test_a_part_of_a_text_is_there_or_an_exception(text: str, start: int, length: int) -> None:
    """Substring returns exactly the part asked for, or says that it is not there."""
    expression = f'@("{text}".Substring({start}, {length}))'
    if start + length <= len(text):
        assert evaluated(expression) == text[start : start + length]
    else:
        with pytest.raises(EvaluationError, match="ArgumentOutOfRangeException"):
            evaluated(expression)


def test_a_side_that_is_not_needed_is_not_computed() -> None:
    """`&&`, `||`, `??` and `?:` leave out what does not matter."""
    fails = 'int.Parse("x") == 1'

    assert evaluated(f"@(false && {fails})") is False
    assert evaluated(f"@(true || {fails})") is True
    assert evaluated('@("a" ?? "b".Substring(9))') == "a"
    assert evaluated('@(true ? 1 : int.Parse("x"))') == 1


@pytest.mark.parametrize("sign", ["/", "%"])
def test_a_quotient_that_is_too_large_is_an_exception(sign: str) -> None:
    """The least number has no opposite, so C# refuses to divide it by -1."""
    with pytest.raises(EvaluationError, match="OverflowException"):
        evaluated(f"@((int)(-2147483648L) {sign} (int)(-1L))")


def test_json_is_not_deeper_than_newtonsoft_reads() -> None:
    """64 levels are read, 65 are not, and a very deep text is refused like them."""
    parsed = "@(JToken.Parse(context.Request.Method).ToString(Newtonsoft.Json.Formatting.None))"
    request = context(BASE)

    request.request.method = "[" * 64 + "]" * 64
    assert compile_expression(parsed)(request) == request.request.method
    for levels in (65, 100_000):
        request.request.method = "[" * levels + "]" * levels
        with pytest.raises(EvaluationError, match="JsonReaderException"):
            compile_expression(parsed)(request)


def test_half_a_character_is_replaced() -> None:
    """A part of a text that ends within a character can still be sent."""
    assert evaluated('@("😀".Substring(1))') == "\ufffd"


def test_a_date_is_no_text() -> None:
    """Newtonsoft makes dates of texts that look like them, so they are not taken for texts."""
    with pytest.raises(EvaluationError, match="looks like a date"):
        evaluated('@((string)JObject.Parse("{\\"a\\": \\"2026-01-01T00:00:00Z\\"}")["a"])')


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
    compiled = compile_expression("@{ var n = 0; n = n + 1; return n; }")

    assert [compiled(context(BASE)) for _ in range(3)] == [1, 1, 1]
