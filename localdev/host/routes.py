"""Route templates as ASP.NET understands them, and their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from localdev.host.constraints import Constraint, constraint

_ARGUMENT = r"\(.*?\)(?=[:=?]|$)"
"""An argument ends where another part of the parameter begins, so a regex may have parentheses."""
_PARAMETER = re.compile(rf"(\*{{0,2}})(\w+)((?::\w+(?:{_ARGUMENT})?)*)(=[^?]*)?(\?)?")
_CONSTRAINT = re.compile(rf":(\w+)({_ARGUMENT})?")
_SEGMENT = re.compile(r"/((?:[^/{}]|\{(?:[^{}]|\{\{|\}\})*\})+)")
_SLASH = re.compile("%(?=2f)", re.IGNORECASE)


class TemplateError(ValueError):
    """A route template is not supported."""


@dataclass(frozen=True, slots=True)
class _Segment:
    literal: str | None
    name: str = ""
    catch_all: bool = False
    optional: bool = False
    default: str | None = None
    constraints: tuple[Constraint, ...] = ()

    def admits(self, value: str) -> bool:
        if self.literal is not None:
            return value.lower() == self.literal.lower()
        return all(constraint(value) for constraint in self.constraints)

    @property
    def rank(self) -> tuple[int, int, str]:
        """Literals before parameters, more constraints first, a catch-all last."""
        if self.literal is not None:
            return (0, 0, self.literal.lower())
        return (2 if self.catch_all else 1, -len(self.constraints), "")


@dataclass(frozen=True)
class Route:
    """One template with the verbs it takes."""

    template: str
    methods: frozenset[str]
    """Empty takes every verb."""

    @cached_property
    def segments(self) -> tuple[_Segment, ...]:
        """The parts between slashes.

        Raises:
            TemplateError: one of them is not supported.

        """
        template = "/" + self.template.strip("/")
        parts = _SEGMENT.findall(template) if template != "/" else []
        if "/" + "/".join(parts) != template:
            raise TemplateError(f"{self.template!r} is no route template")
        segments = tuple(_segment(part) for part in parts)
        if any(one.catch_all or one.optional for one in segments[:-1]):
            raise TemplateError(f"{self.template!r}: only the last parameter may be missing")
        return segments

    @property
    def rank(self) -> tuple[object, ...]:
        """What routes are sorted by; of equal beginnings the longer template comes first."""
        return (*(segment.rank for segment in self.segments), (3, 0, ""))

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters of a request that this route takes, else None.

        Args:
            method: the verb
            path: the path as it was sent, percent-encoded

        """
        if self.methods and method not in self.methods:
            return None
        path = path.removeprefix("/").removesuffix("/")
        # Split before decoding: an encoded slash belongs to its segment, and stays encoded.
        given = [unquote(_SLASH.sub("%25", part)) for part in path.split("/")] if path else []
        values: dict[str, str] = {}
        for position, segment in enumerate(self.segments):
            value: str | None
            if segment.catch_all:
                value, given = "/".join(given[position:]), given[: position + 1]
            else:
                value = given[position] if position < len(given) else ""
            if not value:
                value = segment.default
                if value is None and not (segment.optional or segment.catch_all):
                    return None
            elif not segment.admits(value):
                return None
            if value is not None and segment.literal is None:
                values[segment.name] = value
        return values if len(given) <= len(self.segments) else None


def ordered[T](routes: Sequence[tuple[Route, T]]) -> list[tuple[Route, T]]:
    """Return routes in the order in which they are tried."""
    return sorted(routes, key=lambda pair: pair[0].rank)


def _segment(part: str) -> _Segment:
    if "{" not in part:
        return _Segment(part)
    if not (part.startswith("{") and part.endswith("}")):
        raise TemplateError(f"{part!r}: text beside a parameter is not supported")
    # Braces of a regex are doubled in a template.
    match = _PARAMETER.fullmatch(part[1:-1].replace("{{", "{").replace("}}", "}"))
    if match is None:
        raise TemplateError(f"{part!r} is no route parameter")
    stars, name, constraints, default, optional = match.groups()
    try:
        return _Segment(
            None,
            name,
            catch_all=bool(stars),
            optional=bool(optional),
            default=default[1:] if default else None,
            constraints=tuple(
                constraint(kind, argument[1:-1] if argument else None)
                for kind, argument in _CONSTRAINT.findall(constraints)
            ),
        )
    except ValueError as error:
        raise TemplateError(str(error)) from error
