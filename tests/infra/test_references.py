"""Whatever a template names is there."""

from __future__ import annotations

import pytest

from tests.infra.conftest import Write
from tests.infra.rules.all import findings

_MODULE = """
@allowed(['one', 'two'])
param choice string
param optional int = 1
output chosen string = '${choice}${optional}'
"""
_MAIN = """
param given string
var text = loadTextContent('text.txt')
var known = loadJsonContent('known.json')
module inner 'inner.bicep' = {
  params: { choice: 'one' }
}
output result string = '${given}${inner.outputs.chosen}${known.a.b}${text}'
"""


def test_what_is_correct_has_no_finding(write: Write) -> None:
    """The templates that the other tests spoil are well."""
    tree = write(_MAIN, inner=_MODULE, text__txt="x", known__json='{"a": {"b": 1}}')

    for rule in ("syntax", "symbols", "modules", "reads"):
        assert findings(rule, tree) == []


@pytest.mark.parametrize(
    ("rule", "right", "wrong", "finding"),
    [
        ("symbols", "${given}", "${givn}", "8: givn is not declared: write given"),
        ("symbols", "${text}", "", "3: text is never used: use it or remove it"),
        ("symbols", "loadTextContent(", "loadText(", "3: there is no function loadText: write"),
        ("reads", "'text.txt'", "'txt.text'", "3: there is no file txt.text in app/"),
        ("reads", "known.a.b", "known.a.c", "8: the object has no member c: "),
        ("modules", "'inner.bicep'", "'iner.bicep'", "5: there is no file iner.bicep"),
        ("modules", "choice: 'one'", "chosen: 'one'", "has no parameter chosen: write choice"),
        ("modules", "choice: 'one'", "", "6: inner.bicep needs the parameter choice: give it"),
        ("modules", "'one'", "'three'", "6: 'three' is not allowed: "),
        ("modules", "'one'", "1", "6: choice is a string, not of kind int"),
        ("modules", "outputs.chosen", "outputs.choice", "8: inner.bicep has no output choice"),
        ("modules", "params:", "param:", "6: a module has no param: write params"),
        ("syntax", "'${given}", "'${given", "cannot be parsed at"),
        ("syntax", "param given string", "param given", "cannot be parsed at"),
        ("syntax", "text = ", "text = reduce([], 0, (a, b) => a) ?? ", "of two arguments"),
    ],
)
def test_a_mistake_is_found(write: Write, rule: str, right: str, wrong: str, finding: str) -> None:
    """Each is found at its line, with what to do."""
    assert right in _MAIN
    main = _MAIN.replace(right, wrong, 1)

    found = findings(rule, write(main, inner=_MODULE, text__txt="x", known__json='{"a": {"b": 1}}'))

    assert [each for each in found if finding in each], found


@pytest.mark.usefixtures("types")
def test_a_property_that_a_resource_has_not_is_found(write: Write) -> None:
    """What is read of resources is held against their types, too."""
    main = """
        resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = { name: 'vault' }
        output uri string = vault.properties.vaultUrl
    """

    (found,) = findings("reads", write(main))

    assert found.endswith("3: the resource has no property vaultUrl: write vaultUri")


def test_a_template_that_no_layer_uses_is_found(write: Write) -> None:
    """Nobody would notice that it does not work."""
    (found,) = findings("modules", write("", inner=_MODULE))

    assert found.startswith("infra/app/inner.bicep:1: no layer")
