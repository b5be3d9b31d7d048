"""All of apim/ is deployed, and every named value has a value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.infra.bicep.assignments import suggestion
from tests.infra.bicep.deployed import Deployed, deployed
from tests.infra.bicep.evaluation import Unknown
from tests.infra.bicep.expressions import Call, walk
from tests.infra.bicep.finding import Finding, Place
from tests.infra.bicep.frames import Tree
from tests.infra.bicep.visits import roots

_SERVICE = "Microsoft.ApiManagement/service"
NAMED_VALUES = f"{_SERVICE}/namedValues"
FRAGMENTS = f"{_SERVICE}/policyFragments"
BACKENDS = f"{_SERVICE}/backends"
OPERATION_POLICIES = f"{_SERVICE}/apis/operations/policies"


def check_gateway(tree: Tree) -> Iterator[Finding]:
    """Yield what of apim/ is not deployed as its files say."""
    yield from _files(tree)
    yield from _named_values(tree)
    yield from _names(tree, FRAGMENTS, {path.stem for path in _apim(tree).glob("fragments/*.xml")})
    yield from _names(tree, BACKENDS, set(json.loads(_text(tree, "backends.json"))))
    yield from _operations(tree)


def _apim(tree: Tree) -> Path:
    return tree.root / "apim"


def _text(tree: Tree, name: str) -> str:
    return (_apim(tree) / name).read_text(encoding="utf-8")


def _files(tree: Tree) -> Iterator[Finding]:
    loaded = {
        tree.loaded(node)
        for template in tree.templates()
        for root in roots(template)
        for node in walk(root)
        if isinstance(node, Call)
    }
    for path in sorted(_apim(tree).rglob("*")):
        if path.is_file() and path.resolve() not in loaded:
            text = "no template loads this file: load it with loadTextContent or loadJsonContent"
            yield Finding(Place(path), text)


def _names(tree: Tree, kind: str, wanted: set[str]) -> Iterator[Finding]:
    what = kind.rpartition("/")[2]
    found = set()
    for each in deployed(tree, kind):
        names = each.texts("name")
        found |= names
        for name in sorted(names - wanted):
            hint = suggestion(name, sorted(wanted))
            yield Finding(each.place, f"apim/ has no {what} named {name}: {hint}")
    for name in sorted(wanted - found):
        yield Finding(Place(_apim(tree)), f"no template deploys {name} of {what}: add a resource")


def _named_values(tree: Tree) -> Iterator[Finding]:
    path = _apim(tree) / "named-values.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    yield from _names(tree, NAMED_VALUES, set(about))
    for each in deployed(tree, NAMED_VALUES):
        names = each.texts("name")
        if names != each.texts("properties", "displayName"):
            text = f"displayName is not {', '.join(sorted(names))}: policies look it up by that"
            yield Finding(each.place, text)
        if names & set(about) and not each.at("properties", "value"):
            text = f"{', '.join(sorted(names))} has no value: it has no default, so give it one"
            yield Finding(each.place, text)


def _operations(tree: Tree) -> Iterator[Finding]:
    """Yield operations that do not get the policy that operations.json names."""
    path = _apim(tree) / "operations.json"
    wanted: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    found = set()
    for each in deployed(tree, OPERATION_POLICIES):
        for operation in _operation(each, set(wanted)):
            found.add(operation)
            for document in _documents(each):
                if document.stem != wanted[operation]:
                    text = f"{operation} gets {document.name}, not {wanted[operation]}.xml"
                    yield Finding(each.place, f"{text}: see {path.name}")
    for operation in sorted(set(wanted) - found):
        yield Finding(Place(path), f"no template gives {operation} its policy: add a resource")


def _operation(policy: Deployed, known: set[str]) -> set[str]:
    """Return which operations a policy is of, by its own name or its parent's."""
    names = {part for name in policy.texts("name") for part in name.split("/")}
    parts = {part for name in (policy.parent or "",) for part in name.replace("(", ")").split(")")}
    return (names | parts) & known


def _documents(policy: Deployed) -> Iterator[Path]:
    for value in policy.at("properties", "value"):
        if isinstance(value, Unknown):
            for node in walk(value.bound.expression):
                path = policy.frame.tree.loaded(node) if isinstance(node, Call) else None
                if path is not None:
                    yield path
