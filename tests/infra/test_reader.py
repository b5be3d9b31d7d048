"""Expressions are read as the compiler reads them."""

from __future__ import annotations

import pytest

from tests.infra.conftest import Write
from tests.infra.rules.all import findings
from tools.bicep.expressions import Array, Interpolated, Literal
from tools.bicep.templates import Resource, Variable


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a ?? b.c", "a ?? (b.c)"),
        ("a ? b : c[0].d", "a ? b : (c[0].d)"),
        ("a ? b : c.d(1).e", "a ? b : (c.d(1).e)"),
        ("a == b[0]", "a == (b[0])"),
        ("!a.b", "!(a.b)"),
        ("(a ?? b).c", "((a ?? b).c)"),
        ("map(a, x => x.b)", "map(a, x => (x.b))"),
        ("map(a, x => x.b == 1 ? x : y.c)", "map(a, x => (((x.b) == 1) ? x : (y.c)))"),
        ("a!.b.?c[?0]", "((a.b).?c)[?0]"),
        ("az.resourceGroup().id", "(resourceGroup()).id"),
        ("a && b == c || d", "(a && (b == c)) || d"),
    ],
)
def test_operators_bind_as_in_bicep(write: Write, written: str, meant: str) -> None:
    """What follows a name belongs to the name, not to all that stands before it."""
    (template,) = write(f"var one = {written}\nvar other = {meant}\n").templates()
    one, other = template.each(Variable)

    assert template.findings == ()
    assert one.value == other.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("''", ""),
        (r"'it\'s \${x}\n\u{e4}\\n'", "it's ${x}\nä\\n"),
        ("'''\nas ${it} is\\n'''", "as ${it} is\\n"),
    ],
)
def test_strings_have_their_value(write: Write, written: str, value: str) -> None:
    """Escapes are undone, and a verbatim string has none."""
    (template,) = write(f"var text = {written}").templates()
    (text,) = template.each(Variable)

    assert isinstance(text.value, Literal)
    assert text.value.value == value


def test_an_interpolated_string_is_its_parts(write: Write) -> None:
    """What is known only later keeps its place in the string."""
    (template,) = write("var text = 'a${b}c'").templates()
    (text,) = template.each(Variable)

    assert isinstance(text.value, Interpolated)
    assert [part.value for part in text.value.parts if isinstance(part, Literal)] == ["a", "c"]


def test_a_nested_resource_has_the_type_of_its_parent(write: Write) -> None:
    """It is read as if it stood alone, with its loop and its condition."""
    main = """
        resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = if (wanted) {
          name: 'vault'
          resource secret 'secrets' = [for name in names: {
            name: name
          }]
        }
    """
    (template,) = write(main).templates()
    vault, secret = template.each(Resource)

    assert (vault.name, vault.parent) == ("vault", None)
    assert secret.type == "Microsoft.KeyVault/vaults/secrets@2025-05-01"
    assert secret.parent == "vault"
    assert secret.loop is not None


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("[f(x), y]", ["f(x)", "y"]),
        ("[\n  f(x, y)\n  g()\n  {a: f(x)}\n]", ["f(x, y)", "g()", "{a: f(x)}"]),
        ("[[f(x), 1], [g(y)]]", ["[f(x), 1]", "[g(y)]"]),
        ("[a.b(x).c\n-1\n!(x)]", ["(a.b(x)).c", "-1", "!x"]),
        ("[\n  a\n  [0]\n]", ["a", "[0]"]),
        ("[x == y\n  ? f(x)\n  : [g(y)], 'z']", ["x == y ? f(x) : [g(y)]", "'z'"]),
    ],
)
def test_items_of_lists_are_read_whole(write: Write, written: str, items: list[str]) -> None:
    """A call, its arguments and what follows it are one item; an item on its own line another."""
    others = "".join(f"var item{number} = {item}\n" for number, item in enumerate(items))
    (template,) = write(f"var list = {written}\n{others}").templates()
    whole, *apart = template.each(Variable)

    assert template.findings == ()
    assert isinstance(whole.value, Array)
    assert list(whole.value.items) == [each.value for each in apart]


def test_nested_resources_keep_their_decorators(write: Write) -> None:
    """Each has its own, on as many levels as there are."""
    main = """
        resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
          name: 'account'
          @description('Of jobs.')
          resource blobs 'blobServices' = {
            name: 'default'
            @batchSize(1)
            @sys.description('Of results.')
            resource containers 'containers' = [for name in names: {
              name: name
            }]
          }
        }
    """
    (template,) = write(main).templates()
    account, blobs, containers = template.each(Resource)

    assert [each.function for each in account.decorators] == []
    assert [each.function for each in blobs.decorators] == ["description"]
    assert [each.function for each in containers.decorators] == ["batchSize", "description"]
    assert [each.key for each in account.body.properties] == ["name"]


def test_what_follows_a_verbatim_dollar_is_interpolated(write: Write) -> None:
    """As many dollars as open the text open a hole in it."""
    (template,) = write("var text = $$'''\na ${b} $${c}\n'''").templates()
    (text,) = template.each(Variable)

    assert isinstance(text.value, Interpolated)
    assert [part.value if isinstance(part, Literal) else "" for part in text.value.parts] == [
        "a ${b} ",
        "",
        "\n",
    ]


@pytest.mark.parametrize(
    ("written", "finding"),
    [
        ("var a = 0.5", "1: cannot be parsed at '5': a name is expected"),
        ("var a = 1;", "1: cannot be parsed at ';'"),
        ("var a = 1 var b = 2", "1: cannot be parsed at 'var': a line is expected"),
        ("\nvar a =\n", "2: cannot be parsed at 'the end of the line': a value is expected"),
        ("var a = 'x\n", '1: cannot be parsed at "\'x"'),
        (r"var a = 'C:\qjobs'", "1: cannot be parsed at"),
        ("var a = {\n  b: 1\n", "3: cannot be parsed at 'the end of the file'"),
        ("param a", "1: cannot be parsed at 'the end of the file': a type is expected"),
        ("resource a 'b/c@1' = 'name'", "1: a resource or module is an object"),
        ("type a = string", "1: a type of one's own is not read offline: do without it"),
        ("param a resourceInput<'x/y@1'>", "1: a derived type is not read offline"),
        ("import { a } from 'b.bicep'", "1: an import is not read offline"),
        ("func a() int => 1", "1: a function of one's own is not read offline"),
        ("var a = [...b]", "1: a spread is not read offline"),
    ],
)
def test_what_cannot_be_read_is_one_finding(write: Write, written: str, finding: str) -> None:
    """It says where and what is expected; what is correct and not read is named."""
    (found,) = findings("syntax", write(written))

    assert found.startswith(f"infra/app/main.bicep:{finding}")
