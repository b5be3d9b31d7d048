"""The operations of a workspace: their names, by which faults choose them, and their requests."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

OPERATIONS = {
    "storage.sasUri": ("POST", "/storage/sasUri"),
    "jobs.cancel": ("POST", "/jobs/{job_id}:cancel"),
    "jobs.get": ("GET", "/jobs/{job_id}"),
    "jobs.create": ("PUT", "/jobs/{job_id}"),
    "jobs.update": ("PATCH", "/jobs/{job_id}"),
    "jobs.delete": ("DELETE", "/jobs/{job_id}"),
    "jobs.list": ("GET", "/jobs"),
    "sessions.close": ("POST", "/sessions/{session_id}:close"),
    "sessions.listJobs": ("GET", "/sessions/{session_id}/jobs"),
    "sessions.get": ("GET", "/sessions/{session_id}"),
    "sessions.open": ("PUT", "/sessions/{session_id}"),
    "sessions.list": ("GET", "/sessions"),
    "topLevelItems": ("GET", "/topLevelItems"),
    "providerStatus": ("GET", "/providerStatus"),
    "quotas": ("GET", "/quotas"),
    "quotaUsages": ("GET", "/quotaUsages"),
}
"""Method and path, within a workspace, of each; where paths overlap, the narrower one is first."""

NAMES = tuple(OPERATIONS)
PATTERNS = ("*", "jobs.*", "sessions.*", *NAMES)
"""What a fault may give as its operation; a star stands for anything."""

NAMING_A_TARGET = frozenset({"jobs.create", "sessions.open"})
"""Those whose body says for which target they are."""


def _expression(method: str, path: str) -> re.Pattern[str]:
    within = "".join(
        "[^/:]+" if part.startswith("{") else re.escape(part)
        for part in re.split(r"(\{\w+\})", path)
    )
    return re.compile(f"{method} .*/providers/Microsoft.Quantum/workspaces/[^/]+{within}")


_EXPRESSIONS = {name: _expression(*request) for name, request in OPERATIONS.items()}


def operation_of(method: str, path: str) -> str | None:
    """Return the name of the operation that a request asks for; None if it is none of these."""
    request = f"{method} {path}"
    return next((name for name, each in _EXPRESSIONS.items() if each.fullmatch(request)), None)


def fits(operation: str, pattern: str) -> bool:
    """Return whether an operation is among those that a pattern stands for."""
    return fnmatchcase(operation, pattern)
