"""Operations of the API, and the routing of requests to them by the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import yaml

from localdev.gateway.context import Operation

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Route:
    """An operation, and the segments of its path template."""

    operation: Operation
    segments: tuple[str, ...]

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        """Return the path parameters, decoded, or None if the path is another."""
        if len(segments) != len(self.segments):
            return None
        parameters = {}
        for template, segment in zip(self.segments, segments, strict=True):
            if template.startswith("{"):
                if not segment:
                    return None
                parameters[template[1:-1]] = unquote(segment)
            elif template != segment:
                return None
        return parameters


def routes(document: Path) -> list[Route]:
    """Return the routes of an OpenAPI document, those with the fewest parameters first."""
    paths = yaml.load(document.read_bytes(), yaml.CSafeLoader)["paths"]
    found = [
        Route(
            Operation(item[method]["operationId"], method.upper(), path),
            tuple(path.split("/")[1:]),
        )
        for path, item in paths.items()
        for method in _METHODS
        if method in item
    ]
    return sorted(found, key=lambda route: route.operation.url_template.count("{"))


def find(
    routes: Sequence[Route], method: str, path: str
) -> tuple[Operation, Mapping[str, str]] | None:
    """Return the operation of a request with its path parameters, or None.

    Args:
        routes: of the API
        method: in capitals
        path: below the API's, percent-encoded, with its first slash

    """
    segments = path.split("/")[1:]
    for route in routes:
        if route.operation.method == method:
            parameters = route.match(segments)
            if parameters is not None:
                return route.operation, parameters
    return None
