"""Route templates of HTTP functions, and the order in which they are matched (ASP.NET's)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from localdev.host.configuration import ConfigurationError, UnsupportedError

_PARAMETER = re.compile(r"\{((?:[^{}]|\{\{|\}\})+)\}")
_NAME = re.compile(r"\w+")
_SLASH = re.compile("%(?=2f)", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """A route template, and the HTTP methods that it accepts."""

    template: str
    methods: frozenset[str]
    """Empty takes every verb."""

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

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parameters of a matching request, decoded; None if it does not match.

        Args:
            method: the verb
            path: the path as it was sent, percent-encoded

        """
        if self.methods and method not in self.methods:
            return None
        path = path.removeprefix("/").removesuffix("/")
        # Split before decoding: an encoded slash belongs to its segment, and stays encoded.
        given = [unquote(_SLASH.sub("%25", part)) for part in path.split("/")] if path else []
        if len(given) != len(self.segments):
            return None
        values: dict[str, str] = {}
        for segment, value in zip(self.segments, given, strict=True):
            if segment.startswith("{") and value:
                values[segment[1:-1]] = value
            elif segment.lower() != value.lower():
                return None
        return values


def ordered[T](routes: Sequence[tuple[Route, T]]) -> list[tuple[Route, T]]:
    """Return routes in the order in which they are matched."""
    return sorted(routes, key=lambda pair: pair[0].rank)
