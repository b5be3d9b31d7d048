"""Operations of the API, and the routing of requests to them by the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import yaml
from starlette.routing import compile_path

from localdev.gateway.context import Operation

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Route:
    """An operation, and the pattern of its paths."""

    operation: Operation
    pattern: re.Pattern[str]


def routes(document: Path) -> list[Route]:
    """Return the routes of an OpenAPI document, those with the fewest parameters first."""
    return _routes(document.read_bytes())


@cache
def _routes(document: bytes) -> list[Route]:
    paths = yaml.load(document, yaml.CSafeLoader)["paths"]
    found = [
        Route(Operation(item[method]["operationId"], method.upper(), path), compile_path(path)[0])
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
    for route in routes:
        if route.operation.method == method and (match := route.pattern.fullmatch(path)):
            return route.operation, {
                name: unquote(value) for name, value in match.groupdict().items()
            }
    return None
