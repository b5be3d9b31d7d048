"""The project as azd reads it: layers, services, hooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.bicep.deployed import deployed
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Tree

OF_THE_ENVIRONMENT = frozenset({"AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_SUBSCRIPTION_ID"})
"""What azd needs to know of an environment to do anything with it."""


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


def line_of(path: Path, text: str) -> Place:
    """Return the first line of a file that has a text."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if text in line:
            return Place(path, number)
    return Place(path)


def check_project(tree: Tree) -> Iterator[Finding]:
    """Yield paths in azure.yaml that are not there."""
    path = tree.root / "azure.yaml"
    project = azure_yaml(tree)
    tags = {tag for each in deployed(tree) for tag in each.texts("tags", "azd-service-name")}
    if not project:
        yield Finding(Place(path), "the file is missing or empty: azd needs it")
    for name, service in project.get("services", {}).items():
        if not (tree.root / service["project"]).is_dir():
            yield Finding(
                line_of(path, f"{name}:"), f"service {name}: there is no {service['project']}"
            )
        if name not in tags:
            text = f"service {name}: no resource has the tag azd-service-name: {name}"
            yield Finding(line_of(path, f"{name}:"), f"{text}: azd finds the app by it, add it")
    owners = [project, *project.get("infra", {}).get("layers", [])]
    owners += project.get("services", {}).values()
    for owner in owners:
        # A service's hooks run in its folder.
        folder = tree.root / owner.get("project", ".")
        for event, hooks in (owner.get("hooks") or {}).items():
            for hook in hooks if isinstance(hooks, list) else [hooks]:
                yield from _hook(event, hook, folder, path)


def check_outputs(tree: Tree) -> Iterator[Finding]:
    """Yield outputs that are settings: `azd down` forgets the outputs of a layer with the layer.

    Without its region azd finds no other layer any more; a setting that was lost with the app is
    asked for again, or gets another value, when the app comes back.
    """
    for frame in tree.layers():
        parameters = frame.template.path.with_name("main.parameters.json")
        given = parameters.read_text("utf-8") if parameters.is_file() else ""
        taken = set(re.findall(r"\$\{(\w+)", given))
        for output in frame.template.outputs.values():
            if output.name in OF_THE_ENVIRONMENT | taken:
                text = f"{output.name} is a setting, which azd down would forget: remove the output"
                yield Finding(output.place, text)


def _hook(event: str, hook: Mapping[str, Any], folder: Path, path: Path) -> Iterator[Finding]:
    for system in (hook, hook.get("posix") or {}, hook.get("windows") or {}):
        run = str(system.get("run", ""))
        words = [word for word in run.split() if word.endswith((".sh", ".ps1", ".py"))]
        for word in words:
            if not (folder / word).is_file():
                text = f"hook {event}: there is no file {word}: correct the path"
                yield Finding(line_of(path, word), text)
