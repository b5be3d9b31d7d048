"""Templates as they are deployed: a layer, and every module with what is given to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from tests.infra.bicep.expressions import (
    Array,
    Call,
    Expression,
    Interpolated,
    Literal,
    Object,
    Property,
)
from tests.infra.bicep.finding import Place
from tests.infra.bicep.templates import Template, read_template


@dataclass(frozen=True, slots=True)
class Bound:
    """An expression where it stands: its symbols mean what they mean in the frame."""

    expression: Expression
    frame: Frame
    place: Place

    @classmethod
    def of(cls, expression: Expression, frame: Frame, place: Place | None = None) -> Bound:
        """Return *expression* in *frame*."""
        return cls(expression, frame, place or expression.place)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One use of a template. Two frames are equal only if they are the same."""

    template: Template
    tree: Tree
    name: str
    """Of the layer, or of the module with those around it."""
    arguments: Mapping[str, Bound]
    """What its parameters are; those of a layer are given from outside."""
    locals: Mapping[str, Bound | None] = field(default_factory=dict)
    """Items of the loops around, None where they cannot be known."""

    @property
    def layer(self) -> bool:
        """Whether it is a layer: then its parameters may be other than their defaults."""
        return "/" not in self.name

    def inside(self, more: Mapping[str, Bound | None]) -> Frame:
        """Return the frame of the body of a loop or lambda."""
        return replace(self, locals={**self.locals, **more})


def _given(layer: Frame) -> Iterator[tuple[str, Bound]]:
    """Yield the objects that azd gives to a layer, whose members are known if not their values."""
    path = layer.template.path.with_name("main.parameters.json")
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for name, about in content.get("parameters", {}).items():
        if isinstance(about.get("value"), dict):
            yield name, Bound.of(_constant(about["value"], Place(path)), layer)


def _constant(value: object, place: Place) -> Expression:
    """Return a JSON value as the expression that one would write for it."""
    match value:
        case dict():
            return Object(
                tuple(
                    Property(str(key), _constant(item, place), place=place)
                    for key, item in value.items()
                ),
                place=place,
            )
        case list():
            return Array(tuple(_constant(item, place) for item in value), place=place)
        case str() if "${" in value:
            return Interpolated((Literal(value, place=place),), place=place)
        case None | bool() | int() | str():
            return Literal(value, place=place)
        case _:
            return Literal(str(value), place=place)


LOADERS = frozenset({"loadTextContent", "loadJsonContent", "loadYamlContent", "loadFileAsBase64"})
"""Functions whose first argument is a file, read when the template is compiled."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A repository, or a copy of what the checks read of it."""

    root: Path
    _templates: dict[Path, Template] = field(default_factory=dict)
    _contents: dict[tuple[Path, str], Expression] = field(default_factory=dict)

    def template(self, path: Path) -> Template:
        """Return the template in a file, which is there."""
        if path not in self._templates:
            self._templates[path] = read_template(path)
        return self._templates[path]

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

    def content(self, call: Call) -> Expression | None:
        """Return what a call loads as a constant; None of text, and of what is not there."""
        path = self.loaded(call)
        if path is None or not path.is_file() or len(call.arguments) > 1:
            return None
        key = (path, call.function)
        if key not in self._contents:
            text = path.read_text(encoding="utf-8")
            match call.function:
                case "loadJsonContent":
                    self._contents[key] = _constant(json.loads(text), Place(path))
                case "loadYamlContent":
                    self._contents[key] = _constant(yaml.safe_load(text), Place(path))
                case _:
                    return None
        return self._contents[key]
