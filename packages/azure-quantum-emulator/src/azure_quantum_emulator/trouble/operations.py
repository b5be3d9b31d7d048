"""The names of the workspace's operations, by which faults choose them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

_OPERATIONS = {
    "jobs.create": ("PUT", "/jobs/{id}"),
    "jobs.get": ("GET", "/jobs/{id}"),
    "jobs.update": ("PATCH", "/jobs/{id}"),
    "jobs.delete": ("DELETE", "/jobs/{id}"),
    "jobs.cancel": ("POST", "/jobs/{id}:cancel"),
    "jobs.list": ("GET", "/jobs"),
    "sessions.open": ("PUT", "/sessions/{id}"),
    "sessions.get": ("GET", "/sessions/{id}"),
    "sessions.close": ("POST", "/sessions/{id}:close"),
    "sessions.list": ("GET", "/sessions"),
    "sessions.listJobs": ("GET", "/sessions/{id}/jobs"),
    "topLevelItems": ("GET", "/topLevelItems"),
    "storage.sasUri": ("POST", "/storage/sasUri"),
    "providerStatus": ("GET", "/providerStatus"),
    "quotas": ("GET", "/quotas"),
    "quotaUsages": ("GET", "/quotaUsages"),
}
"""Method and path, within a workspace, of each."""

NAMES = tuple(_OPERATIONS)
PATTERNS = ("*", "jobs.*", "sessions.*", *NAMES)
"""What a fault may give as its operation; a star stands for anything."""

NAMING_A_TARGET = frozenset({"jobs.create", "sessions.open"})
"""Those whose body says for which target they are."""


def _expression(method: str, path: str) -> re.Pattern[str]:
    return re.compile(
        f"{method} .*/providers/Microsoft.Quantum/workspaces/[^/]+"
        + re.escape(path).replace(r"\{id\}", "[^/:]+")
    )


_EXPRESSIONS = {name: _expression(*parts) for name, parts in _OPERATIONS.items()}


def operation_of(method: str, path: str) -> str | None:
    """Return the name of the operation that a request asks for; None if it is none of these."""
    request = f"{method} {path}"
    return next((name for name, each in _EXPRESSIONS.items() if each.fullmatch(request)), None)


def fits(operation: str, pattern: str) -> bool:
    """Return whether an operation is among those that a pattern stands for."""
    return fnmatchcase(operation, pattern)
