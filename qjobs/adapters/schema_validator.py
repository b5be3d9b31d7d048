"""A JSON Schema validator with a cost proportional to the size of the value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from qjobs.domain.algorithm import JSONObject


def validator_of(schema: JSONObject) -> Any:  # noqa: ANN401 - jsonschema ships no types
    """Return a validator for *schema*, JSON Schema 2020-12.

    The library compares each item with each other one for `uniqueItems`, unless they can be sorted:
    four thousand objects take it a minute, in which nothing else is answered. Here it is one look
    at each, and all other keywords are the library's.
    """
    from jsonschema import (  # noqa: PLC0415 - 60 ms to import
        Draft202012Validator,
        ValidationError,
        validators,
    )

    def unique_items(validator: Any, unique: bool, value: Any, _: Any) -> Iterator[Any]:  # noqa: ANN401, FBT001 - as the library calls it
        if unique and validator.is_type(value, "array") and len(set(map(_key, value))) < len(value):
            yield ValidationError("An item is there twice.")

    return validators.extend(Draft202012Validator, {"uniqueItems": unique_items})(schema)


def _key(value: Any) -> Hashable:  # noqa: ANN401 - any JSON value
    """Return a key that JSON values share if they are equal: 1 and 1.0 are, 1 and true are not."""
    match value:
        case bool():
            return bool, value
        case dict():
            return frozenset((name, _key(item)) for name, item in value.items())
        case list():
            return tuple(map(_key, value))
    scalar: Hashable = value
    return scalar
