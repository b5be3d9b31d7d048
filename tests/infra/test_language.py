"""The rules find what the compiler would say of the language, and nothing where it is used well."""

from __future__ import annotations

import pytest

from tests.infra.conftest import Write
from tests.infra.rules.all import LANGUAGE, findings

_PART = """
@maxLength(60)
param name string = 'x'
param needed string?
param secret string = ''
@secure()
param password string = ''
output name string = '${name}${needed ?? ''}${length(secret)}${length(password)}'
"""
_IDENTITY = "resource {} 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {}"
_MAIN = f"""
param on bool = false
param maybe string?
param given {{ name: string? }}?
var some = [1, 2]
var known = {{ a: 1 }}
{_IDENTITY.format("one", "{ name: 'one', location: resourceGroup().location }")}
{_IDENTITY.format("two", "if (on) { name: 'two', location: resourceGroup().location }")}
{_IDENTITY.format("many", "[for i in some: { name: 'id-${i}', location: 'x' }]")}
module part 'part.bicep' = if (on) {{
  name: 'part'
  params: {{ name: one.properties.clientId }}
}}
output texts array = [two.id, two!.properties.clientId, part.?outputs.name ?? '', many[0].name]
output more array = [some[1], known.a, maybe ?? '', given.?name ?? '', given!.name ?? '']
"""
_EVERY = [rule for rule in LANGUAGE if rule != "resources"]


def test_what_is_right_has_no_finding(write: Write) -> None:
    """The templates that the other tests spoil are well."""
    tree = write(_MAIN, part=_PART)

    assert [each for rule in _EVERY for each in findings(rule, tree)] == []


@pytest.mark.parametrize(
    ("rule", "line", "finding"),
    [
        (
            "timing",
            _IDENTITY.format("x", "{ name: one.properties.clientId }"),
            "name of x has",
        ),
        ("timing", _IDENTITY.format("x", "if (one.identity.x == '') { name: 'x' }"), "a condition"),
        (
            "timing",
            _IDENTITY.format("x", "{ name: 'x', tags: { a: part!.outputs.name } }"),
            "tags",
        ),
        ("timing", "module x 'part.bicep' = { name: part!.outputs.name }", "part.outputs is not"),
        (
            "timing",
            "var late = one.properties\nmodule x 'part.bicep' = { name: late.a }",
            "late",
        ),
        ("timing", "var x = [for i in some: one.listKeys()]", "what the loop of a variable makes"),
        ("timing", "var x = [for i in part!.outputs.name: i]", "the loop of a variable has"),
        ("timing", _IDENTITY.format("x", "{ name: reference('a').b }"), "reference() is not"),
        ("nulls", "output x string = part.outputs.name", "part is null where its condition"),
        ("nulls", "output x string = two.properties.clientId", "two is null where its condition"),
        ("nulls", "output x string = maybe", "the output x can be null"),
        ("nulls", "output x string = on ? maybe : 'x'", "the output x can be null"),
        ("nulls", "var late = maybe\noutput x string = late", "the output x can be null"),
        ("nulls", "output x string = given.name ?? ''", "what name is read of can be null"),
        ("nulls", "output x int = length(given!.name)", "what length() is given can be null"),
        ("duplicates", "output more array = []", "the output more is there twice"),
        ("duplicates", "var x = { a: 1, 'a': 2 }", "the property a is there twice"),
        (
            "duplicates",
            "module x 'part.bicep' = { params: { name: '', name: '' } }",
            "name is",
        ),
        (
            "duplicates",
            "@description('a')\n@sys.description('b')\nvar x = 1",
            "the decorator",
        ),
        (
            "duplicates",
            "targetScope = 'tenant'\ntargetScope = 'tenant'",
            "targetScope is",
        ),
        (
            "duplicates",
            _IDENTITY.format("x", "{ name: 'ONE' }"),
            "x and one are",
        ),
        ("access", "output x int = some[2]", "there is no item 2: the list has 2"),
        ("access", "output x int = some[^3]", "there is no item 3"),
        ("access", "output x int = some['a']", "an array is indexed by int, not by string"),
        ("access", "output x int = known[0]", "an object is indexed by string, not by int"),
        ("access", "output x string = 'ab'[0]", "an item is read of a string"),
        ("access", "output x string = some.name", "name is read of a array"),
        ("access", "output x string = many.name", "many is a list, for it is deployed in a loop"),
        (
            "access",
            "output x int = known.?b ?? 1",
            "the object never has a member b",
        ),
        ("kinds", "output x string = 1", "the output x is of kind int, not string"),
        ("kinds", "param x int = on ? 1 : 'a'", "the parameter x is of kind string, not int"),
        (
            "kinds",
            "@allowed(['a', 'b'])\nparam x string = 'c'",
            "the default 'c' of x",
        ),
        ("kinds", "param x 'a' | 'b' = 'c'", "is 'c', not one of a, b"),
        ("kinds", "param x [int, int] = [1]", "has 1 items, not 2"),
        ("kinds", "var x = 'a' + 'b'", "+ is of kind string, not int"),
        ("kinds", "var x = !some", "! is of kind array, not bool"),
        ("kinds", "var x = known ? 1 : 2", "a condition is of kind object, not bool"),
        ("kinds", "var x = toLower(1)", "argument 1 of toLower() is of kind int, not string"),
        ("kinds", "var x = replace('a', 'b')", "replace() takes 3 arguments, not 2"),
        ("kinds", "var x = guid()", "guid() takes 1 or more arguments, not 0"),
        ("kinds", "var x = map(some, 'a')", "argument 2 of map() has to be a lambda"),
        ("kinds", "var x = length(y => y)", "argument 1 of length() has to be no lambda"),
        ("kinds", "var x = filter(some, y => 'a')", "returns is of kind string, not bool"),
        ("kinds", "var x = flatten([some, 1])", "an item for flatten() is of kind int, not array"),
        ("symbols", "var x = coalesce(maybe, '')", "there is no function coalesce"),
        ("symbols", "var x = readEnvironmentVariable('A')", "no function readEnvironmentVariable"),
        ("symbols", "var x = getSecret('a')", "there is no function getSecret"),
        ("decorators", "@waitUntil(1)\nvar x = 1", "there is no decorator waitUntil"),
        ("decorators", "@secure()\nvar x = 1", "@secure does not go with var"),
        (
            "decorators",
            "@minLength(1)\nparam x int",
            "@minLength is for array",
        ),
        ("decorators", "@minValue(2)\n@maxValue(1)\nparam x int", "minValue is more than maxValue"),
        ("decorators", "@batchSize(1)\nmodule x 'part.bicep' = {}", "@batchSize needs a loop"),
        ("decorators", "@metadata('a')\nparam x int", "@metadata takes an object"),
        ("loops", "var x = { a: [for i in some: i] }", "no loop can be here"),
        ("loops", "output x array = [for i in some: [for j in some: j]]", "no loop can be here"),
        (
            "loops",
            _IDENTITY.format("x", "[for i in some: { name: 'a' }]"),
            "has the same name",
        ),
        ("loops", "var x = newGuid()", "newGuid() works in the default of a parameter only"),
        ("loops", "var x = loadTextContent('${maybe}')", "is not a plain string"),
        ("loops", "output x string = one.getSecret('a')", "getSecret() is for secure parameters"),
        ("scopes", "targetScope = 'group'", "there is no scope group: it is one of"),
        ("scopes", "module x 'part.bicep' = { scope: subscription() }", "not to a sub"),
        (
            "scopes",
            "resource x 'Microsoft.Resources/resourceGroups@2025-04-01' = {}",
            "targetScope",
        ),
        ("scopes", "resource x 'A/b/c@1' = { parent: one }", "the parent of A/b/c is a A/b"),
        ("scopes", "resource x 'A/b/c@1' = { parent: one, name: 'a/b' }", "the name has a slash"),
        ("scopes", "resource x 'A/b@1' = { scope: 'one' }", "scope is a value, not a resource"),
        (
            "limits",
            "module x 'part.bicep' = { params: { name: long } }\n@maxLength(61)\nparam long string",
            "can be 61, more than @maxLength(60)",
        ),
        ("modules", "module x 'part.bicep' = { params: { nam: '' } }", "has no parameter nam"),
        ("reads", "var x = loadJsonContent('part.bicep')", "part.bicep is no JSON"),
    ],
)
def test_a_mistake_is_found(write: Write, rule: str, line: str, finding: str) -> None:
    """It is found in a template that is well but for this line."""
    found = findings(rule, write(f"{line}\n{_MAIN}", part=_PART))

    assert [each for each in found if finding in each], found


@pytest.mark.parametrize(
    "line",
    [
        "output x array = [for i in some: one.properties.clientId]",
        "output x string = nameof(two.properties)",
        "output x string = part.name",
        "output x array = map([{ name: { a: 1 } }], given => given.name.a)",
        "module x 'part.bicep' = { params: { password: one.getSecret('a') } }",
        "var x = any('a') + 1",
        "@nullIfNotFound()\n" + _IDENTITY.format("x", "{ name: 'x' }"),
        "output x bool = empty(maybe)",
        "param time string = utcNow('u')",
        _IDENTITY.format("x", "if (on) { name: 'one' }"),
        _IDENTITY.format("x", "{ name: 'x', tags: { a: one.name, b: one.id } }"),
        "var x = map(some, some => some + 1)",
    ],
)
def test_what_only_looks_like_a_mistake_is_none(write: Write, line: str) -> None:
    """None of the rules says anything about it but that nobody uses it."""
    tree = write(f"{line}\n{_MAIN}", part=_PART)
    found = [each for rule in _EVERY for each in findings(rule, tree)]

    assert [each for each in found if "is never used" not in each] == []


@pytest.mark.parametrize("others", [("part",), ("part", "next"), ("part", "next", "last")])
def test_modules_in_a_circle_are_found(write: Write, others: tuple[str, ...]) -> None:
    """However many there are, each is told, and nothing is followed for ever."""
    ring = {
        name: f"module x '{after}.bicep' = {{}}\n"
        for name, after in zip(others, (*others[1:], others[0]), strict=True)
    }
    tree = write("module x 'part.bicep' = {}\n", **ring)

    found = findings("syntax", tree)

    assert len([each for each in found if "deploy each other in a circle" in each]) == len(others)
    assert [findings(rule, tree) for rule in LANGUAGE]


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["var a = b", "var b = c", "var c = [a]"], 3),
        (["param a string = '${b}'", "param b string = a"], 2),
        (["var a = map([1], a => a)"], 0),
        ([_IDENTITY.format("a", "{ name: 'a', tags: { x: a.id } }")], 1),
    ],
)
def test_declarations_in_a_circle_are_found(write: Write, lines: list[str], count: int) -> None:
    """Each that needs itself is told; a lambda's own name is no circle."""
    found = findings("syntax", write("\n".join(lines)))

    assert len([each for each in found if "needs itself" in each]) == count
