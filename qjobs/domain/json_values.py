"""Normalization of JSON values: submissions that mean the same get one form."""

from __future__ import annotations

from typing import Any

from qjobs.domain.algorithm import JSONObject


def normalized(body: JSONObject) -> JSONObject:
    """Return *body* without members that are null, and with every whole number as an integer.

    Typed clients send null for each member that they leave out, and some write 3 as 3.0. A null in
    an array stays: it has a place there.
    """
    return {name: _value(item) for name, item in body.items() if item is not None}


def _value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            return normalized(value)
        case list():
            return [_value(item) for item in value]
        case float() if value.is_integer():
            return int(value)
    return value
