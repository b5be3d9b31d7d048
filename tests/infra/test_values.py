"""Expressions have the values that the compiler computes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.infra.conftest import Write
from tools.bicep.frames import Context
from tools.bicep.snapshot import Later, Snapshot, snapshot

_HERE = Context("tenant", "subscription", "westeurope", "deployment", "group")


def _snapshot(write: Write, main: str, parameters: Mapping[str, object], **others: str) -> Snapshot:
    tree = write(main, **others)
    assert [each for template in tree.templates() for each in template.findings] == []
    return snapshot(tree.root / "infra/app/main.bicep", tree, parameters, _HERE)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("[toLower('A'), length('ab')\n{ a: 1 }]", ["a", 2, {"a": 1}]),
        ("[[toLower('A')], [length([1]), 2]]", [["a"], [1, 2]]),
        (
            "union({ a: { x: 1 } }, { a: { y: 2 }, b: 1 }, { a: null, b: 2 })",
            {"a": {"x": 1, "y": 2}, "b": 2},
        ),
        ("union([1, 2], [2, 3], [1])", [1, 2, 3]),
        ("union({ a: 1 }, { A: { b: 2 } })", {"A": {"b": 2}}),
        ("shallowMerge([{ a: { x: 1 } }, { a: null }])", {"a": None}),
        ("contains({ Name: 1 }, 'nAME')", True),
        ("contains(['Name'], 'name')", False),
        ("contains('Name', 'ame')", True),
        ("contains({ '${toLower('A')}b': 1 }, 'AB')", True),
        ("{ '${toUpper('a')}': 1, b: 2 }.A", 1),
        ("objectKeys({ b: 1, 'a-b': 1, A: 1, _a: 1, '1': 1 })", ["1", "A", "a-b", "b", "_a"]),
        ("map(items({ b: 1, A: 2 }), pair => '${pair.key}=${pair.value}')", ["A=2", "b=1"]),
        ("[][?0] ?? 'none'", "none"),
        ("['a', 'b'][^1]", "b"),
        ("{ a: 1 }[?'b'] ?? {}.?c ?? 3", 3),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("'a' == 'A' || 'a' =~ 'A'", True),
        ("1 == '1'", False),
        ("false && resourceGroup().tags.x == 'y'", False),
        ("first([])", None),
        ("take('abc', 5)", "abc"),
        ("skip([1, 2, 3], -1)", [1, 2, 3]),
        ("toObject(['a', 'b'], x => x, x => length(x))", {"a": 1, "b": 1}),
        ("split('a-b.c', ['-', '.'])", ["a", "b", "c"]),
        ("format('{0:00}-{1}-{{}}', 7, true)", "07-True-{}"),
        (
            "resourceId('Microsoft.Web/sites/config', 'a', 'b')",
            "/subscriptions/subscription/resourceGroups/group/providers/Microsoft.Web/sites/a/config/b",
        ),
        ("uniqueString('a', 'b') == uniqueString('a-b')", True),
        ("json('{\"a\": [1, null]}')", {"a": [1, None]}),
        ("environment().name", Later.KNOWN),
        ("'${environment().name}x'", Later.KNOWN),
        ("'a' < 'B'", Later.KNOWN),
        ("json('0.5')", Later.KNOWN),
        ("1 / 0", Later.KNOWN),
        ("!{ a: 1 }", Later.KNOWN),
        ("{ a: 1 } || true", True),
    ],
)
def test_a_value_is_the_compilers(write: Write, written: str, value: object) -> None:
    """It is equal in kind, too; where it cannot be known it is not guessed."""
    found = _snapshot(write, f"output it object = {written}\n", {}).outputs["it"]

    assert found == value
    assert type(found) is type(value)


def test_parameters_leave_one_value(write: Write) -> None:
    """What is given decides; else the default, computed from others, or null."""
    main = """
        @allowed(['dev', 'prod'])
        param size string = 'dev'
        param name string = 'app-${size}'
        param maybe string?
        output all array = [size, name, maybe, size == 'prod' ? 1 : 2]
    """

    assert _snapshot(write, main, {}).outputs["all"] == ["dev", "app-dev", None, 2]
    given = {"size": "prod", "maybe": "x"}
    assert _snapshot(write, main, given).outputs["all"] == ["prod", "app-prod", "x", 1]


def test_a_variable_does_not_see_the_loop_around_its_use(write: Write) -> None:
    """Its names mean what they mean where it is written."""
    main = """
        param name string = 'outer'
        var text = 'of ${name}'
        output all array = [for name in ['a', 'b']: '${name} ${text}']
    """

    assert _snapshot(write, main, {}).outputs["all"] == ["a of outer", "b of outer"]


def test_modules_are_deployed_where_their_scope_says(write: Write) -> None:
    """Ids have the group of the module, and an output by index is of that round."""
    main = """
        targetScope = 'subscription'
        resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = { name: 'rg' }
        module each 'part.bicep' = [for name in ['a', 'b']: if (name != 'c') {
          scope: name == 'a' ? group : group
          params: { name: name }
        }]
        module other 'part.bicep' = {
          scope: resourceGroup('else')
          params: { name: 'o' }
        }
        module never 'part.bicep' = if (false) {
          scope: group
          params: { name: 'n' }
        }
        output ids array = [other.outputs.id, each[1].outputs.name, never.?outputs.id ?? 'none']
    """
    part = """
        param name string
        resource it 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = { name: name }
        output id string = it.id
        output name string = it.name
    """

    made = _snapshot(write, main, {}, part=part)

    below = "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/o"
    assert made.outputs["ids"] == [
        f"/subscriptions/subscription/resourceGroups/else{below}",
        "b",
        "none",
    ]
    assert [each["name"] for each in made.resources] == ["rg", "a", "b", "o"]


def test_a_file_is_loaded_as_it_is_asked_for(write: Write) -> None:
    """A query picks a part of it."""
    main = """
        output part int = loadJsonContent('a.json', 'b.c')
        output text string = loadTextContent('a.json')
        output based string = loadFileAsBase64('a.json')
    """

    made = _snapshot(write, main, {}, a__json='{"b": {"c": 1}}')

    assert made.outputs == {"part": 1, "text": '{"b": {"c": 1}}', "based": "eyJiIjogeyJjIjogMX19"}


def test_a_module_that_is_not_there_deploys_nothing(write: Write) -> None:
    """What is beside it is computed all the same."""
    main = """
        module part 'part.bicep' = [for i in range(0, 2): { name: 'part-${i}' }]
        output one int = 1
    """

    made = _snapshot(write, main, {})

    assert (made.resources, made.outputs) == ([], {"one": 1})
