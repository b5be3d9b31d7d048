"""Expressions are read as the compiler reads them."""

from __future__ import annotations

import pytest

from tests.infra.bicep.expressions import Interpolated, Literal
from tests.infra.bicep.templates import Resource, Variable
from tests.infra.conftest import Write


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
        ("a!.b.?c[?0]", "((a.b).?c)[0]"),
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
