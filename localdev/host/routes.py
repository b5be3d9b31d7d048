"""Routes of HTTP functions: templates, and the order in which they are matched (ASP.NET's)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from localdev.host.configuration import ConfigurationError, UnsupportedError
from localdev.host.keys import Level
from localdev.host.worker import Function

_PARAMETER = re.compile(r"\{((?:[^{}]|\{\{|\}\})+)\}")
_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Route:
    """A route template with the HTTP methods that it accepts, and the function behind it."""

    template: str
    methods: frozenset[str]
    """Empty takes every verb."""
    function: Function
    level: Level
    """The authorization level that the function needs."""

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The segments of the template; those in braces are parameters.

        Raises:
            ConfigurationError: one of them is not supported.

        """
        for parameter in _PARAMETER.findall(self.template):
            if not _NAME.fullmatch(parameter):
                raise UnsupportedError(
                    f"the route {self.template!r} asks more of {{{parameter}}} than a name "
                    "(a constraint, a default, optional, the rest of the path)"
                )
        template = self.template.strip("/")
        segments = tuple(template.split("/")) if template else ()
        for segment in segments:
            literal = _PARAMETER.sub("", segment)
            if not segment or set("{}") & set(literal):
                raise ConfigurationError(f"{self.template!r} is no route template")
            if literal not in {"", segment}:
                raise UnsupportedError(f"the route {self.template!r} has text beside a parameter")
        return segments

    @property
    def rank(self) -> tuple[tuple[int, str], ...]:
        """Sort key of routes: literals before parameters, longer templates first."""
        ranks = ((1, "") if one.startswith("{") else (0, one.lower()) for one in self.segments)
        return (*ranks, (2, ""))

    def shares_a_verb(self, other: Route) -> bool:
        """Tell whether there is a method that both accept."""
        return not (self.methods and other.methods and self.methods.isdisjoint(other.methods))

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters of a matching request; None if it does not match.

        Args:
            method: the verb
            path: the path, decoded but for encoded slashes

        """
        if self.methods and method not in self.methods:
            return None
        path = path.removeprefix("/").removesuffix("/")
        given = path.split("/") if path else []
        if len(given) != len(self.segments):
            return None
        values: dict[str, str] = {}
        for segment, value in zip(self.segments, given, strict=True):
            if segment.startswith("{") and value:
                values[segment[1:-1]] = value
            elif segment.lower() != value.lower():
                return None
        return values
