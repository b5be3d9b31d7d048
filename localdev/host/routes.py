"""Route templates as ASP.NET understands them, and their order."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import unquote

_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)((?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?)(=[^{}]*)?(\?)?\}")
_CONSTRAINT = re.compile(r":(\w+)(?:\(((?:[^()]|\([^()]*\))*)\))?")


class TemplateError(ValueError):
    """A route template is not supported."""


@dataclass(frozen=True, slots=True)
class _Segment:
    literal: str | None
    name: str = ""
    catch_all: bool = False
    optional: bool = False
    default: str | None = None
    constraints: tuple[Callable[[str], bool], ...] = ()

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
        return tuple(_segment(part) for part in self.template.strip("/").split("/") if part)

    @property
    def rank(self) -> tuple[object, ...]:
        """What routes are sorted by; of equal beginnings the longer template comes first."""
        return (*(segment.rank for segment in self.segments), (3, 0, ""))

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters of a request that this route takes, else None."""
        if self.methods and method not in self.methods:
            return None
        # Split before decoding: an encoded slash belongs to its segment.
        given = [unquote(part) for part in path.strip("/").split("/") if part]
        values: dict[str, str] = {}
        for position, segment in enumerate(self.segments):
            if segment.catch_all:
                values[segment.name] = "/".join(given[position:])
                return values
            if position < len(given):
                if not segment.admits(given[position]):
                    return None
                if segment.literal is None:
                    values[segment.name] = given[position]
            elif segment.default is not None:
                values[segment.name] = segment.default
            elif not segment.optional:
                return None
        return values if len(given) <= len(self.segments) else None


def ordered[T](routes: Sequence[tuple[Route, T]]) -> list[tuple[Route, T]]:
    """Return routes in the order in which they are tried."""
    return sorted(routes, key=lambda pair: pair[0].rank)


def _segment(part: str) -> _Segment:
    match = _PARAMETER.fullmatch(part)
    if match is None:
        if "{" in part:
            raise TemplateError(f"{part!r} is not supported in a route")
        return _Segment(part)
    stars, name, constraints, default, optional = match.groups()
    return _Segment(
        None,
        name,
        catch_all=bool(stars),
        optional=bool(optional),
        default=default[1:] if default else None,
        constraints=tuple(_constraint(*found) for found in _CONSTRAINT.findall(constraints or "")),
    )


def _constraint(name: str, argument: str) -> Callable[[str], bool]:
    if name in _SIMPLE and not argument:
        return _SIMPLE[name]
    if name in _WITH_ARGUMENT and argument:
        return _WITH_ARGUMENT[name](argument)
    raise TemplateError(f"the route constraint {name!r} is not supported")


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def admits(value: str) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return admits


def _whole(bits: int) -> Callable[[str], bool]:
    def admits(value: str) -> bool:
        digits = re.fullmatch(r"[+-]?\d{1,19}", value, re.ASCII)
        return bool(digits) and -(2 ** (bits - 1)) <= int(value) < 2 ** (bits - 1)

    return admits


_SIMPLE: dict[str, Callable[[str], bool]] = {
    "int": _whole(32),
    "long": _whole(64),
    "bool": lambda value: value.lower() in {"true", "false"},
    "guid": _parses(uuid.UUID),
    "alpha": lambda value: re.fullmatch(r"[A-Za-z]*", value) is not None,
    "decimal": _parses(float),
    "double": _parses(float),
    "float": _parses(float),
    "datetime": _parses(datetime.fromisoformat),
    "required": bool,
}

_WITH_ARGUMENT: dict[str, Callable[[str], Callable[[str], bool]]] = {
    "min": lambda low: lambda value: _whole(64)(value) and int(value) >= int(low),
    "max": lambda high: lambda value: _whole(64)(value) and int(value) <= int(high),
    "range": lambda both: (
        lambda value: (
            _whole(64)(value) and int(both.split(",")[0]) <= int(value) <= int(both.split(",")[1])
        )
    ),
    "minlength": lambda low: lambda value: len(value) >= int(low),
    "maxlength": lambda high: lambda value: len(value) <= int(high),
    "length": lambda both: (
        lambda value: int(both.split(",")[0]) <= len(value) <= int(both.split(",")[-1])
    ),
    "regex": lambda form: lambda value: re.search(form, value, re.IGNORECASE) is not None,
}
