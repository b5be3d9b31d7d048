"""What azd gives to a layer is what the layer takes, and comes from somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.infra.bicep.assignments import suggestion
from tests.infra.bicep.finding import Finding, Place
from tests.infra.bicep.frames import Tree
from tests.infra.bicep.templates import Parameter

OF_AZD = frozenset(
    {
        "AZURE_ENV_NAME",
        "AZURE_LOCATION",
        "AZURE_PRINCIPAL_ID",
        "AZURE_PRINCIPAL_TYPE",
        "AZURE_RESOURCE_GROUP",
        "AZURE_SUBSCRIPTION_ID",
        "AZURE_TENANT_ID",
    }
)
"""Variables that azd itself sets or asks for."""

_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<default>=[^}]*)?\}")
_SET_BY_HOOK = re.compile(r"azd env set\s+[\"']?(?P<name>[A-Z][A-Z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of azure.yaml."""

    name: str
    folder: Path
    module: str

    @property
    def template(self) -> Path:
        """Its main template."""
        return self.folder / f"{self.module}.bicep"

    @property
    def parameters(self) -> Path:
        """What azd gives to it."""
        return self.folder / f"{self.module}.parameters.json"


def azure_yaml(tree: Tree) -> Mapping[str, Any]:
    """Return the project as azd reads it."""
    path = tree.root / "azure.yaml"
    found: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    return found


def layers(tree: Tree) -> list[Layer]:
    """Return the layers in the order in which azd provisions them."""
    found = azure_yaml(tree).get("infra", {}).get("layers", [])
    return [
        Layer(each["name"], (tree.root / each["path"]).resolve(), each.get("module", "main"))
        for each in found
    ]


def check_parameters(tree: Tree) -> Iterator[Finding]:
    """Yield where parameter files, templates, and the environment of azd do not agree."""
    project = tree.root / "azure.yaml"
    if not layers(tree):
        yield Finding(Place(project), "there are no infra.layers: list quantum, then app")
    variables = set(OF_AZD) | _set_by_hooks(tree)
    for layer in layers(tree):
        if not layer.template.is_file():
            text = f"layer {layer.name}: there is no {layer.template.name} in its path"
            yield Finding(_line(project, layer.name), f"{text}: correct path or module")
            continue
        yield from _check_layer(layer, tree, variables)
        variables |= set(tree.template(layer.template).outputs)
    # What is deployed in the place of a layer finds the same variables.
    for frame in tree.layers():
        folder = frame.template.path.parent
        if folder not in {layer.folder for layer in layers(tree)}:
            yield from _check_layer(Layer(frame.name, folder, "main"), tree, variables)


def check_parameter_files(tree: Tree) -> Iterator[Finding]:
    """Yield layers without a file of parameters, and files that no template goes with."""
    for path in sorted((tree.root / "infra").rglob("*.parameters.json")):
        if not path.with_name(path.name.replace(".parameters.json", ".bicep")).is_file():
            yield Finding(Place(path), "there is no template of this name: remove the file")
    for frame in tree.layers():
        path = frame.template.path
        if not path.with_name("main.parameters.json").is_file():
            yield Finding(Place(path), "main.parameters.json is missing: azd needs it")


def _check_layer(layer: Layer, tree: Tree, variables: set[str]) -> Iterator[Finding]:
    if not layer.parameters.is_file():
        return
    given = json.loads(layer.parameters.read_text("utf-8"))["parameters"]
    taken = {each.name: each for each in tree.template(layer.template).each(Parameter)}
    for name, about in given.items():
        place = _line(layer.parameters, f'"{name}"')
        if name not in taken:
            hint = suggestion(name, list(taken))
            yield Finding(place, f"{layer.template.name} has no parameter {name}: {hint}")
        for match in _VARIABLE.finditer(json.dumps(about)):
            if match["default"] is None and match["name"] not in variables:
                text = f"nothing sets {match['name']} before the layer {layer.name}"
                remedy = f"output it of an earlier layer, or write ${{{match['name']}=default}}"
                yield Finding(place, f"{text}: {remedy}")
    for name, parameter in taken.items():
        if name not in given and not parameter.optional:
            text = f"the parameter {name} has no default and is not in {layer.parameters.name}"
            yield Finding(parameter.place, f"{text}: give it there")


def _set_by_hooks(tree: Tree) -> set[str]:
    return {
        match["name"]
        for path in sorted((tree.root / "infra" / "hooks").glob("*"))
        if path.is_file()
        for match in _SET_BY_HOOK.finditer(path.read_text("utf-8"))
    }


def _line(path: Path, text: str) -> Place:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if text in line:
            return Place(path, number)
    return Place(path)


def check_project(tree: Tree) -> Iterator[Finding]:
    """Yield paths in azure.yaml that are not there."""
    path = tree.root / "azure.yaml"
    project = azure_yaml(tree)
    if not project:
        yield Finding(Place(path), "the file is missing or empty: azd needs it")
    for name, service in project.get("services", {}).items():
        if not (tree.root / service["project"]).is_dir():
            yield Finding(
                _line(path, f"{name}:"), f"service {name}: there is no {service['project']}"
            )
    owners = [
        project,
        *project.get("services", {}).values(),
        *project.get("infra", {}).get("layers", []),
    ]
    for owner in owners:
        for event, hooks in (owner.get("hooks") or {}).items():
            for hook in hooks if isinstance(hooks, list) else [hooks]:
                yield from _hook(event, hook, tree, path)


def _hook(event: str, hook: Mapping[str, Any], tree: Tree, path: Path) -> Iterator[Finding]:
    for system in (hook, hook.get("posix") or {}, hook.get("windows") or {}):
        run = str(system.get("run", ""))
        words = [word for word in run.split() if word.endswith((".sh", ".ps1", ".py"))]
        for word in words:
            if not (tree.root / word).is_file():
                text = f"hook {event}: there is no file {word}: correct the path"
                yield Finding(_line(path, word), text)
