"""All of apim/ is deployed, and every named value has a value."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from tools.bicep.assignments import suggestion
from tools.bicep.deployed import Deployed, deployed, frames, layers_with
from tools.bicep.evaluation import possible
from tools.bicep.expressions import Call, Interpolated, walk
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Tree
from tools.bicep.values import Record, Unknown
from tools.bicep.visits import loaded_files

_SERVICE = "Microsoft.ApiManagement/service"
NAMED_VALUES = f"{_SERVICE}/namedValues"
FRAGMENTS = f"{_SERVICE}/policyFragments"
BACKENDS = f"{_SERVICE}/backends"
OPERATION_POLICIES = f"{_SERVICE}/apis/operations/policies"

_CHOSEN_BACKEND = re.compile(r"""backend-id=["']\{\{([\w-]+)\}\}["']""")


def check_gateway(tree: Tree) -> Iterator[Finding]:
    """Yield what of apim/ is not deployed as its files say."""
    yield from _files(tree)
    yield from _given_values(tree)
    fragments = {path.stem for path in _apim(tree).glob("fragments/*.xml")}
    for layer in layers_with(tree, _SERVICE):
        yield from _names(tree, layer, FRAGMENTS, fragments)
        yield from _backends(tree, layer)
        yield from _named_values(tree, layer)
        yield from _operations(tree, layer)


def _apim(tree: Tree) -> Path:
    return tree.root / "apim"


def _json(tree: Tree, name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((_apim(tree) / name).read_text(encoding="utf-8"))
    return found


def _files(tree: Tree) -> Iterator[Finding]:
    loaded = loaded_files(tree)
    for path in sorted(_apim(tree).rglob("*")):
        if path.is_file() and path.resolve() not in loaded:
            text = "no template loads this file: load it with loadTextContent or loadJsonContent"
            yield Finding(Place(path), text)


def _backends(tree: Tree, layer: str) -> Iterator[Finding]:
    """Yield backends that apim/ does not know, and that the policies may be told of in vain."""
    there = {name for each in deployed(tree, BACKENDS, layer=layer) for name in each.texts("name")}
    chosen: set[str] = set()
    for value in deployed(tree, NAMED_VALUES, layer=layer):
        if value.texts("name") & backend_choices(tree):
            names = value.texts("properties", "value")
            chosen |= names
            for name in sorted(names - there):
                text = f"the layer {layer} has no backend {name}: {suggestion(name, sorted(there))}"
                yield Finding(value.place, text)
    yield from _names(tree, layer, BACKENDS, set(_json(tree, "backends.json")), chosen)


def backend_choices(tree: Tree) -> set[str]:
    """Return the named values by which policies name a backend."""
    return {
        name
        for path in _apim(tree).rglob("*.xml")
        for name in _CHOSEN_BACKEND.findall(path.read_text(encoding="utf-8"))
    }


def _names(
    tree: Tree, layer: str, kind: str, wanted: set[str], besides: Collection[str] = ()
) -> Iterator[Finding]:
    what = kind.rpartition("/")[2]
    found = set()
    for each in deployed(tree, kind, layer=layer):
        written = each.written("name")
        # Names that a template puts together are its own affair, such as those in a pool.
        if written is None or isinstance(written.expression, Interpolated):
            continue
        names = each.texts("name")
        found |= names
        for name in sorted(names - wanted - set(besides)):
            hint = suggestion(name, sorted(wanted))
            yield Finding(each.place, f"apim/ has no {what} named {name}: {hint}")
    for name in sorted(wanted - found):
        text = f"the layer {layer} does not deploy {name} of {what}: add a resource"
        yield Finding(Place(_apim(tree)), text)


def _named_values(tree: Tree, layer: str) -> Iterator[Finding]:
    about = _json(tree, "named-values.json")
    yield from _names(tree, layer, NAMED_VALUES, set(about))
    for each in deployed(tree, NAMED_VALUES, layer=layer):
        names = each.texts("name")
        if names != each.texts("properties", "displayName"):
            text = f"displayName is not {', '.join(sorted(names))}: policies look it up by that"
            yield Finding(each.place, text)
        if names & set(about) and not each.at("properties", "value"):
            text = f"{', '.join(sorted(names))} has no value in the layer {layer}"
            yield Finding(each.place, f"{text}: it has no default, so give it one")


def _given_values(tree: Tree) -> Iterator[Finding]:
    """Yield what is given to a template among named values, and is none."""
    known = _json(tree, "named-values.json").keys()
    for outermost in tree.layers():
        for frame in frames(outermost):
            for bound in frame.arguments.values():
                for value in possible(bound):
                    names = set(value.members) if isinstance(value, Record) else set()
                    for name in sorted(names - known) if names & known else ():
                        hint = suggestion(name, sorted(known))
                        text = f"apim/named-values.json has no {name}: {hint}"
                        yield Finding(bound.place, text)


def _operations(tree: Tree, layer: str) -> Iterator[Finding]:
    """Yield operations that do not get the policy that operations.json names."""
    wanted = _json(tree, "operations.json")
    found = set()
    for each in deployed(tree, OPERATION_POLICIES, layer=layer):
        for operation in _operation(each, set(wanted)):
            found.add(operation)
            for document in _documents(each):
                if document.stem != wanted[operation]:
                    text = f"{operation} gets {document.name}, not {wanted[operation]}.xml"
                    yield Finding(each.place, f"{text}: see operations.json")
    for operation in sorted(set(wanted) - found):
        text = f"the layer {layer} does not give {operation} its policy: add a resource"
        yield Finding(Place(_apim(tree) / "operations.json"), text)


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
