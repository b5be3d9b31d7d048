"""Query parameters: an operation takes its own; an unknown, empty or repeated one is refused."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func

from qjobs.domain.errors import InvalidParameterError, Violation

QUERY = {
    "list_jobs": frozenset({"status", "algorithm", "tag", "top", "continuationToken"}),
    "list_deliveries": frozenset({"status", "top", "continuationToken"}),
}
"""The query parameters of each operation, by the name of its function; the others have none."""

_CREDENTIALS = frozenset({"code", "clientId", "subscription-key"})
"""Parameters by which the platform in front admits a request: keys of the Functions host and of API
Management. Nothing else is added on the way, so nothing else is let pass.
"""
_VERSION = "api-version"
"""What Azure's clients choose a version by; a caller has to learn that there are none."""


def check_query(req: func.HttpRequest, operation: str) -> None:
    """Check that a request has no query parameters but those of the operation, each with one value.

    They are read from the URL: the worker is not told of a parameter that is empty, and joins the
    values of one that is there twice.

    Raises:
        InvalidParameterError: it names every other parameter.

    """
    known = QUERY.get(operation, frozenset())
    pairs = parse_qsl(urlsplit(req.url).query, keep_blank_values=True)
    times = Counter(name for name, _ in pairs)
    values = dict(pairs)
    violations = [
        Violation(detail, parameter=name)
        for name, value in values.items()
        if name not in _CREDENTIALS
        if (detail := _wrong(name, value, times[name], known))
    ]
    if violations:
        raise InvalidParameterError(violations=violations)


def _wrong(name: str, value: str, times: int, known: frozenset[str]) -> str | None:
    if name.lower() == _VERSION:
        return "There are no versions of the API to choose from; leave it out."
    if name not in known:
        listed = f"has: {', '.join(sorted(known))}" if known else "has none"
        return f"Unknown parameter; this operation {listed}."
    if times > 1:
        return "Must not be there more than once."
    return None if value else "Must not be empty; leave it out."
