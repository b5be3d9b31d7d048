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
from localdev.gateway.expressions.errors import (
    NOT_YET,
    UnsupportedError,
    UnsupportedValueError,
)
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
        ("@{ if (true) { return 1; } }", 1, 1, "not every path returns"),
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
        ('@("a".StartsWith("b"))', "write StringComparison.Ordinal behind the text"),
        ("@{ return 1; // one\n }", "write /* ... */"),
        ('@($"{1}")', 'write "text" + value'),
        ("@(context.Response?.Body)", "write a == null ? b : a.Member"),
        ("@(context.Request.Body?.As<string>(true))", "write a == null ? b : a.Member"),
        ('@(context.Variables["a"] as Jwt)', "write a cast: (Type)value"),
        ("@{ var a = 1; a += 2; return a; }", "write a = a + b"),
        ('@(int.TryParse("1", out var n))', "write the declaration before the call"),
        ("@{ int n; return n; }", "write a value where it is declared"),
        ("@{ if (true) { var a = 1; } else { var a = 2; } return 3; }", "write another name"),
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


def of_json(text: str, get: str = '(string){}["a"]') -> object:
    """Return what an expression computes of a text as JSON."""
    request = context(BASE)
    request.request.method = text
    return compile_expression(f"@({get.format('JObject.Parse(context.Request.Method)')})")(request)


WRITTEN = "{}.ToString(Newtonsoft.Json.Formatting.None)"
DATES = [
    *("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1234567", "2026-01-01T00:00:00+02:00"),
    *("2026-01-01T00:00:00+02", "/Date(1500)/", "/Date(-1500+0100)/", "2026-01-01T00:00:00z"),
    *("2026-01-01T24:00:00", "2026-01-01T00:00:00.1+0200", "2026-01-01T00:00:00+02:"),
]
NO_DATES = [
    *("2026-01-01", "2026-01-01 00:00:00", "2026-13-01T00:00:00Z", "2026-01-32T00:00:00Z"),
    *("2026-01-01T24:00:01", "2026-01-01T00:60:00", "2026-01-01T00:00:00.12345678Z"),
    *("2026-01-01T00:00:00.", "/Date(x)/", "/Date(1500)", " 2026-01-01T00:00:00Z"),
]


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_no_text(text: str) -> None:
    """Newtonsoft makes dates of texts that look like them, so they are not taken for texts."""
    json = f'{{"a": "{text}"}}'

    for get in ('(string){}["a"]', WRITTEN):
        with pytest.raises(UnsupportedValueError, match="looks like a date"):
            of_json(json, get)
    with pytest.raises(EvaluationError, match="ArgumentException"):
        of_json(json, '(int){}["a"]')
    made = f'new JObject(new JProperty("a", "{text}"))'
    assert evaluated(f'@((string){made}["a"])') == text
    assert evaluated(f"@({WRITTEN.format(made)})") == json.replace(" ", "")


@pytest.mark.parametrize("text", NO_DATES)
def test_a_text_is_no_date(text: str) -> None:
    """What Newtonsoft leaves as it is, is a text here too."""
    json = f'{{"a":"{text}"}}'

    assert of_json(json) == text
    assert of_json(json, WRITTEN) == json


@pytest.mark.parametrize(
    "text",
    [
        *("{'a':1}", "{a:1}", "{1:1}", "{true:1}", "{\"a\":'x'}", '{"a":1,}', '{"a":[1,]}', "{,}"),
        *('{"a":[,1]}', '{"a":,}', '{"a":010}', '{"a":0x1F}', '{"a":.5}', '{"a":1.}', '{"a":+1}'),
        *('/* x */{"a":1}', '{"a":1}// x', '{"a":NaN}', '{"a":-Infinity}', '{"a":undefined}'),
        *('{"a":1e400}', '{"a":"\\\'"}', '\u00a0{"a":1}', '{"a":1}\0', '{"a":new Date(1)}'),
    ],
)
def test_what_is_nearly_json_is_refused_by_name(text: str) -> None:
    """Newtonsoft reads it; here it is an error that says so, which no expression can catch."""
    with pytest.raises(UnsupportedValueError, match=NOT_YET):
        of_json(text)
    request = context(BASE)
    request.request.method = text
    parse = 'JObject.Parse(context.Request.Method)["a"] == null'
    with pytest.raises(UnsupportedValueError):
        compile_expression(f"@{{ try {{ return {parse}; }} catch {{ return true; }} }}")(request)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "<html lang='en'>",
            "hello",
            "[1]",
            '"a"',
            "1",
            "null",
            "'x'",
            "\ufeff{}",
            "[1,]",
        ),
        *(
            '{"a":1',
            '{"a":"x',
            '{"a":"x\\',
            '{"a"',
            "{",
            '{"a":tru',
            '{"a":1.',
            '{"a":-',
            '{"a":1}}',
        ),
        *('{"a":1 "b":2}', '{"a" 1}', '{"a":}', '{"a":]', '{"a":"\\q"}', '{"a":"\\u12G4"}', "{}{}"),
        f'{{"a":{"1" * 381}}}',
        f'{{"a":{"1" * 5000}}}',
    ],
)
def test_what_is_no_json_is_the_readers_exception(text: str) -> None:
    """What Newtonsoft does not read either is the same exception, which can be caught."""
    with pytest.raises(EvaluationError, match="JsonReaderException") as error:
        of_json(text)
    assert not isinstance(error.value, UnsupportedValueError)


@pytest.mark.parametrize(
    ("json", "text", "written"),
    [
        ("123456789012345678901", "123456789012345678901", "123456789012345678901"),
        ('"\\ud83d\\ude00\\ud83d"', "\U0001f600\ufffd", '"\U0001f600\ufffd"'),
        ('"\t\\u0085\\u2028/\\u007f"', "\t\u0085\u2028/\x7f", '"\\t\\u0085\\u2028/\x7f"'),
    ],
)
def test_json_is_written_as_newtonsoft_writes_it(json: str, text: str, written: str) -> None:
    """Long numbers, halves of characters and line ends have its form."""
    assert of_json(f'{{"a":{json}}}') == text
    assert of_json(f'{{"a":{json}}}', WRITTEN) == f'{{"a":{written}}}'


@pytest.mark.parametrize("number", ["1.5", "100.0", "1e17", "-0.0", "0.30000000000000004"])
def test_a_number_with_a_point_or_an_exponent_has_no_text(number: str) -> None:
    """Versions of .NET print such numbers differently, and no policy does."""
    for get in ('(string){}["a"]', WRITTEN):
        with pytest.raises(UnsupportedValueError, match="a point or an exponent"):
            of_json(f'{{"a":{number}}}', get)


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
    ],
)
def test_values_become_text_as_dotnet_prints_them(value: object, text: str) -> None:
    """What an expression computes is put into a header or a body as .NET prints it."""
    assert render(value) == text


def test_an_expression_has_no_memory() -> None:
    """Evaluating again begins anew: variables of one evaluation are not those of the next."""
    compiled = compile_expression('@{ var n = ""; n = n + 1; return n; }')

    assert [compiled(context(BASE)) for _ in range(3)] == ["1", "1", "1"]
