"""Versions of the protocol: those that are spoken, and the dates of changes between them."""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.requests import Request

from azure_quantum_emulator.errors import InvalidRequestError

PUBLISHED: Final = (
    "2019-11-04-preview",
    "2021-05-06-preview",
    "2021-10-01-preview",
    "2021-11-01-preview",
    "2022-09-12-preview",
    "2023-11-13-preview",
    "2024-02-01-preview",
    "2024-03-01-preview",
    "2024-10-01-preview",
    "2025-09-01-preview",
    "2025-12-01-preview",
    "2026-01-15-preview",
)
"""Those of the service's Swagger files and of the SDK; all are previews."""

SASURI_CREATES_SINCE = date(2026, 1, 15)
"""Since when `storage/sasUri` creates the container; clients did before."""
DELETES_SINCE = date(2025, 12, 1)
"""Since when DELETE deletes a job; it cancelled before."""
PRIORITY_SINCE = date(2026, 1, 15)
"""Since when jobs have the field `priority`."""


def api_version(request: Request) -> date:
    """Return the version of the protocol that the client speaks, as its date.

    Raises:
        InvalidRequestError: it does not say, or the service never published that version.

    """
    version = request.query_params.get("api-version", "")
    if not version:
        raise InvalidRequestError(
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if version not in PUBLISHED:
        raise InvalidRequestError(
            "UnsupportedApiVersionValue",
            f"The api-version {version[:40]} is not supported; it may be {', '.join(PUBLISHED)}.",
        )
    return date.fromisoformat(version.removesuffix("-preview"))
