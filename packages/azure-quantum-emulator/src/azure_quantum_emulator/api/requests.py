"""What every operation reads from a request, with the service's errors for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.workspace import Workspace

MOST_DIGITS = 9
"""Of an option that is a number; the database takes 18."""


def workspace_of(request: Request) -> Workspace:
    """Return the workspace that the request is for."""
    workspace: Workspace = request.app.state.workspace
    return workspace


def api_version(request: Request) -> str:
    """Return the version of the protocol that the client speaks: a date, usually a preview.

    Raises:
        InvalidRequestError: it does not say.

    """
    version = request.query_params.get("api-version", "")
    if not version:
        raise InvalidRequestError(
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    return version


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body.

    Raises:
        InvalidRequestError: it is not a JSON object.

    """
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidRequestError("InvalidRequest", f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise InvalidRequestError("InvalidRequest", "The body is not a JSON object.")
    return body


def number(request: Request, name: str, default: int) -> int:
    """Return an option that is a whole number.

    Raises:
        InvalidRequestError: it is not.

    """
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        raise InvalidRequestError(
            "InvalidRequest", f"The option {name} is no number of up to {MOST_DIGITS} digits."
        )
    return int(text)


def text(body: Mapping[str, Any], field: str) -> str:
    """Return a field that has to be a text.

    Raises:
        InvalidRequestError: it is missing, empty, or something else.

    """
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidRequestError("InvalidJobDefinition", f"The field {field} is required.")
    return value


def one_of(body: Mapping[str, Any], field: str, known: tuple[str, ...], default: str) -> str:
    """Return a field with one of a few values; its *default* if it is missing.

    Raises:
        InvalidRequestError: it has another value.

    """
    value = body.get(field) or default
    if value not in known:
        raise InvalidRequestError(
            "InvalidJobDefinition", f"The {field} {value} is not {' or '.join(known)}."
        )
    return str(value)
