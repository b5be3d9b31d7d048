"""Checks JSON against a schema, and says where it is wrong and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jsonschema.exceptions import ValidationError


class SettingsError(ValueError):
    """Settings that cannot be; the message names the field and what may be in it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field or 'the whole'}: {problem}")


def check(document: object, schema: Mapping[str, Any]) -> None:
    """Make sure that *document* is what *schema* describes.

    Messages name a field by its JSON pointer (RFC 6901). Where a part of the schema has a
    `description`, the message gives it: it is what the field should have held.

    Raises:
        SettingsError: it is not.

    """
    error = next(Draft202012Validator(schema).iter_errors(document), None)
    if error is not None:
        pointer = "".join(f"/{part}" for part in error.absolute_path)
        raise SettingsError(pointer, _EXPLANATIONS.get(error.validator, _unlike)(error))


def _unlike(error: ValidationError) -> str:
    wanted = error.schema.get("description")
    return f"{error.instance!r} is not {wanted}." if wanted else f"{error.message}."


def _unknown(error: ValidationError) -> str:
    known = error.schema["properties"]
    unknown = [name for name in error.instance if name not in known]
    return f"{_names(unknown)}: unknown; allowed is {_names(sorted(known))}."


def _other(error: ValidationError) -> str:
    return f"{error.instance!r} is unknown; allowed is {_names(error.validator_value)}."


def _names(values: list[str]) -> str:
    return ", ".join(str(value) for value in values)


_EXPLANATIONS: dict[object, Callable[[ValidationError], str]] = {
    "additionalProperties": _unknown,
    "enum": _other,
    "required": lambda error: f"{error.message}.",
    "dependentRequired": lambda error: f"{error.message}.",
}
"""How to word what some keywords of a schema found; jsonschema words the others well."""
