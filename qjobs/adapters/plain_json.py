"""Conversion of an algorithm's state and result to plain JSON; errors name the place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from qjobs.domain.errors import AlgorithmError
from qjobs.domain.pointer import escape

_PLAIN = (str, int, float, type(None))  # bool is an int, and numpy.float64 is a float


def plain_json(value: Any, name: str) -> Any:  # noqa: ANN401 - it is JSON
    """Return a value as it is after it was stored: tuples are lists, keys are texts.

    So a step that goes on at once sees the same as one that goes on after a crash.

    Args:
        value: what is to be stored
        name: of it, for a message

    Raises:
        AlgorithmError: something in it is not JSON; the message says where, and what to write.

    """
    fault = next(_faults(value, name), None)
    if fault is not None:
        raise AlgorithmError(fault)
    return json.loads(json.dumps(value, allow_nan=False))


def _faults(value: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - it is JSON, or not
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                yield f"{place} has the key {key!r}: write a text."
            else:
                yield from _faults(inner, f"{place}/{escape(key)}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _faults(inner, f"{place}/{number}")
    elif not isinstance(value, _PLAIN):
        yield f"{place} is {_type_name(value)}: {_advice(value)}."
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{place} is {value}, which JSON cannot say."


def _type_name(value: object) -> str:
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"{module}{kind.__qualname__}"


def _advice(value: object) -> str:
    """Return the conversion that makes JSON of a value: those of numpy look like numbers."""
    if hasattr(value, "tolist"):  # arrays and scalars of numpy
        kind = type(value.tolist())
        return "use its tolist()" if kind is list else f"use {kind.__name__}()"
    return "use texts, numbers, lists and objects with names"
