"""Request parsing that operations share, with the service's errors for invalid requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from azure_quantum_emulator import json_text
from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.workspace import Workspace

MOST_DIGITS = 9
"""Of an option that is a number; the database takes 18."""


def workspace_of(request: Request) -> Workspace:
    """Return the workspace that the request is for."""
    workspace: Workspace = request.app.state.workspace
    return workspace


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body.

    Raises:
        InvalidRequestError: it is not a JSON object.

    """
    try:
        body = json_text.parse(await request.body())
    except ValueError as error:
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


NonEmpty = Annotated[str, Field(min_length=1)]
Given = BeforeValidator(lambda value: value or None)
"""Takes an empty value for one that is not given."""


class RequestBody(BaseModel):
    """A JSON body that a client of the service sends; unknown fields are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, strict=True)
    error_code: ClassVar = "InvalidJobDefinition"

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Self:
        """Return the fields of a body.

        Raises:
            InvalidRequestError: a field is missing, or not what it should be.

        """
        try:
            return cls.model_validate(body)
        except ValidationError as refused:
            error = refused.errors()[0]
            field = ".".join(map(str, error["loc"]))
            if error["type"] == "missing" or error["input"] in (None, ""):
                message = f"The field {field} is required."
            elif error["type"] == "extra_forbidden":
                known = ", ".join(cls.model_fields)
                message = f"The field {field} cannot be changed; {known} can be."
            else:
                message = f"The field {field}: {error['msg']}."
            raise InvalidRequestError(cls.error_code, message) from refused
