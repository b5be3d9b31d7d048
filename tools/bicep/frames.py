"""Frames: each use of a template in a deployment, with the arguments of its parameters."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tools.bicep.expressions import Call, Expression, Literal
from tools.bicep.finding import Finding, Place
from tools.bicep.literals import constant
from tools.bicep.templates import Module, Template, read_template


@dataclass(frozen=True, slots=True)
class Bound:
    """An expression together with the frame that its symbols are looked up in."""

    expression: Expression
    frame: Frame
    place: Place

    @classmethod
    def of(cls, expression: Expression, frame: Frame, place: Place | None = None) -> Bound:
        """Return *expression* in *frame*."""
        return cls(expression, frame, place or expression.place)


@dataclass(frozen=True, slots=True)
class Context:
    """Scope of a deployment: subscription, resource group and location."""

    tenant: str
    subscription: str
    location: str
    deployment: str
    group: str | None = None
    """Name of the resource group, if it is not a subscription that is deployed to."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One use of a template. Two frames are equal only if they are identical."""

    template: Template
    tree: Tree
    name: str
    """Of the layer, or of the module with those around it."""
    arguments: Mapping[str, Bound]
    """What its parameters are; those of a layer are given from outside."""
    locals: Mapping[str, Bound | None] = field(default_factory=dict)
    """Items of the loops around, None where they cannot be known."""
    context: Context | None = None
    """Where it is deployed, if that is known: then its parameters are what they are given."""
    variables: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """Values of variables that were asked for; a `Value` holds frames, so it is not named."""

    @property
    def layer(self) -> bool:
        """Whether it is a layer: then its parameters may be other than their defaults."""
        return "/" not in self.name

    @property
    def outside(self) -> Frame:
        """The frame without the loops around: where a variable or a default is evaluated."""
        return replace(self, locals={}) if self.locals else self

    def inside(self, more: Mapping[str, Bound | None]) -> Frame:
        """Return the frame of the body of a loop or lambda."""
        return replace(self, locals={**self.locals, **more})


def _given(layer: Frame) -> Iterator[tuple[str, Bound]]:
    """Yield the objects that azd gives to a layer, whose members are known if not their values."""
    path = layer.template.path.with_name("main.parameters.json")
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for name, about in content.get("parameters", {}).items():
        if isinstance(about.get("value"), dict):
            yield name, Bound.of(constant(about["value"], Place(path), "${"), layer)


LOADERS = frozenset({"loadTextContent", "loadJsonContent", "loadYamlContent", "loadFileAsBase64"})
"""Functions whose first argument is a file, read when the template is compiled."""

TEXTS = frozenset({"loadTextContent", "loadFileAsBase64"})
"""Those that give the file as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A repository, or a copy of the files in it that the checks read."""

    root: Path
    _templates: dict[Path, Template] = field(default_factory=dict)
    _alone: dict[Path, Template] = field(default_factory=dict)
    _contents: dict[tuple[Path, str, tuple[Expression, ...]], Expression | None] = field(
        default_factory=dict
    )

    def template(self, path: Path) -> Template:
        """Return the template in a file, which is there."""
        if path not in self._templates:
            self._templates[path] = self._read(path)
            if circle := self._circle(path, [path]):
                names = " -> ".join(each.name for each in circle)
                text = f"modules deploy each other in a circle, {names}: take one out"
                places = [
                    module.place
                    for module in self._templates[path].each(Module)
                    if module.source in circle
                ]
                self._templates[path] = Template(
                    path, findings=tuple(Finding(place, text) for place in places)
                )
        return self._templates[path]

    def _read(self, path: Path) -> Template:
        if path not in self._alone:
            self._alone[path] = read_template(path)
        return self._alone[path]

    def _circle(self, path: Path, above: list[Path]) -> list[Path] | None:
        """Return the files by which a template deploys itself, if it does."""
        for module in self._read(path).each(Module):
            if module.source == above[0]:
                return [*above, module.source]
            if module.source not in above and module.source.is_file():
                found = self._circle(module.source, [*above, module.source])
                if found:
                    return found
        return None

    def templates(self) -> Iterator[Template]:
        """Yield every template in infra/."""
        for path in sorted((self.root / "infra").rglob("*.bicep")):
            yield self.template(path)

    def layers(self) -> Iterator[Frame]:
        """Yield the templates that are deployed by themselves."""
        for path in sorted((self.root / "infra").glob("*/main.bicep")):
            frame = Frame(self.template(path), self, path.parent.name, {})
            yield replace(frame, arguments=dict(_given(frame)))

    def loaded(self, call: Call) -> Path | None:
        """Return the file that a call of a loader names, whether it is there or not."""
        match call.arguments:
            case (Literal(value=str(name)), *_) if call.function in LOADERS:
                return (call.place.path.parent / name).resolve()
        return None

    def content(self, call: Call, *, texts: bool) -> Expression | None:
        """Return the file that a call loads, as a constant; None if it is missing or unreadable.

        Texts are left alone unless asked for: rules want to know the file, not what is in it.
        """
        path = self.loaded(call)
        if path is None or not path.is_file():
            return None
        key = (path, call.function, call.arguments[1:])
        if key not in self._contents:
            self._contents[key] = _loaded(call, path)
        found = self._contents[key]
        return (
            None if isinstance(found, Literal) and call.function in TEXTS and not texts else found
        )


def _loaded(call: Call, path: Path) -> Expression | None:
    content = path.read_bytes()
    place = Place(path)
    match call:
        case Call(function="loadTextContent", arguments=(_,)):
            return Literal(content.decode().replace("\r\n", "\n"), place=place)
        case Call(function="loadFileAsBase64"):
            return Literal(base64.b64encode(content).decode(), place=place)
        case Call(function="loadJsonContent" | "loadYamlContent", arguments=(_, *query)):
            try:
                value = yaml.safe_load(content) if "Yaml" in call.function else json.loads(content)
                for name in _path(query):
                    value = value[name]
            except (ValueError, LookupError, TypeError, yaml.YAMLError):
                return None
            return constant(value, place)
    return None


def _path(query: list[Expression]) -> list[str]:
    """Return the names in a query such as `$.a.b`."""
    match query:
        case [Literal(value=str(text))]:
            return text.removeprefix("$").removeprefix(".").split(".")
    return []
