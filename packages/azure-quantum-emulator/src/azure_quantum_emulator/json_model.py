"""Base class of the models that JSON documents are parsed into: settings, targets, devices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from azure_quantum_emulator import json_text


class DocumentError(ValueError):
    """A JSON document that does not fit its model; the message names the member by its pointer."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(f"{pointer or 'the whole'}: {problem}")


class _WithoutNull(GenerateJsonSchema):
    """Writes an optional member as one that may be left out, not as one that may be null."""

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401 - of pydantic's core
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401 - as above
        written = super().default_schema(schema)
        return {key: value for key, value in written.items() if (key, value) != ("default", None)}


class JsonModel(BaseModel):
    """A JSON object. Members are in camel case, unknown ones are refused, types are not converted.

    The docstrings of the attributes are the descriptions in the JSON schema.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
    )

    @classmethod
    def from_json(cls, document: object) -> Self:
        """Parse and validate a JSON document.

        Raises:
            DocumentError: it does not fit; the message names the member and what is allowed.

        """
        try:
            return cls.model_validate(document, by_alias=True, by_name=False)
        except ValidationError as error:
            raise _document_error(document, error) from error

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Parse and validate a JSON file.

        Raises:
            OSError: the file cannot be read.
            DocumentError: it does not fit; the message names the file, the member and the cause.

        """
        try:
            return cls.from_json(parse_json(path.read_bytes()))
        except DocumentError as error:
            raise DocumentError(path.name, str(error)) from error

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON schema of the documents that `from_json` takes."""
        return cls.model_json_schema(schema_generator=_WithoutNull)

    def to_json(self) -> dict[str, Any]:
        """Return the document that describes it; members without a value are left out."""
        return self.model_dump(mode="json", exclude_none=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, document: object) -> object:
        aliases = {field.alias or name for name, field in cls.model_fields.items()}
        allowed = ", ".join(sorted(aliases))
        if not isinstance(document, dict):
            raise ValueError(f"{document!r} is not an object with {allowed}.")  # noqa: TRY004 - Pydantic makes errors of ValueErrors alone
        if unknown := sorted(document.keys() - aliases - cls.model_fields.keys()):
            raise ValueError(f"{', '.join(unknown)}: unknown; allowed is {allowed}.")
        # What cannot be None in Python either is refused with its own message.
        nullable = {
            field.alias or name
            for name, field in cls.model_fields.items()
            if type(None) in get_args(field.annotation)
        }
        if nulls := sorted(key for key in nullable & document.keys() if document[key] is None):
            raise ValueError(f"{', '.join(nulls)}: null; leave out a member that is not given.")
        return document


def parse_json(text: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a JSON text.

    Raises:
        DocumentError: it is not JSON.

    """
    try:
        return json_text.parse(text)
    except ValueError as error:
        raise DocumentError("", f"not JSON: {error}.") from error


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""Takes a whole number also as JSON may write it: 2.0 or 2e3. It stands behind the limits of a
member, or these are missing in the JSON schema."""
Integer = Annotated[int, WHOLE]
Strings = Annotated[tuple[str, ...], Field(strict=False)]
"""Takes a JSON array, which is a list in Python; its items have to be strings all the same."""


def _document_error(document: Any, refused: ValidationError) -> DocumentError:  # noqa: ANN401 - JSON
    """Return the error for the first thing that pydantic found wrong in a document."""
    error = refused.errors()[0]
    pointer = ""
    for part in error["loc"]:
        try:
            document = document[part]
        except (KeyError, TypeError):  # a member that is missing, or the tag of a union
            continue
        pointer += f"/{part}"
    if error["type"] == "missing":
        return DocumentError(pointer, f"{error['loc'][-1]!r} is a required member.")
    if error["type"] == "value_error":
        return DocumentError(pointer, str(error["ctx"]["error"]))
    return DocumentError(pointer, f"{error['msg']}, not {error['input']!r}.")
