"""What azd gives to a layer is what the layer takes, and comes from somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tests.infra.rules.azure_yaml import Layer, layers, line_of
from tools.bicep.assignments import suggestion
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Tree
from tools.bicep.templates import Parameter

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


def check_parameters(tree: Tree) -> Iterator[Finding]:
    """Yield where parameter files, templates, and the environment of azd do not agree."""
    project = tree.root / "azure.yaml"
    if not layers(tree):
        yield Finding(Place(project), "there are no infra.layers: list quantum, then app")
    variables = set(OF_AZD) | _set_by_hooks(tree)
    for layer in layers(tree):
        if not layer.template.is_file():
            text = f"layer {layer.name}: there is no {layer.template.name} in its path"
            yield Finding(line_of(project, layer.name), f"{text}: correct path or module")
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
        place = line_of(layer.parameters, f'"{name}"')
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
