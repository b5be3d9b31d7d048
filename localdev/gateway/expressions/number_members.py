"""Members of `int` and `long`, and of `Math`."""

from __future__ import annotations

import math
from collections.abc import Callable

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.numbers import integer
from localdev.gateway.expressions.signatures import Method, Methods
from localdev.gateway.expressions.text_members import argument
from localdev.gateway.expressions.types import BOOL, DOUBLE, INT, LONG, STRING


def _parse(bits: int) -> Callable[[str | None], int]:
    return lambda text: integer(argument(text), bits)


def _try_parse(bits: int) -> Callable[[str | None], tuple[bool, int]]:
    parse = _parse(bits)

    def attempt(text: str | None) -> tuple[bool, int]:
        try:
            return True, parse(text)
        except EvaluationError:
            return False, 0

    return attempt


def _whole(rounded: Callable[[float], int]) -> Callable[[float], float]:
    return lambda value: float(rounded(value)) if math.isfinite(value) else value


STATIC_METHODS: dict[str, Methods] = {
    "int": {
        "Parse": [Method((STRING,), INT, _parse(32))],
        "TryParse": [Method((STRING,), BOOL, _try_parse(32), out=INT)],
    },
    "long": {
        "Parse": [Method((STRING,), LONG, _parse(64))],
        "TryParse": [Method((STRING,), BOOL, _try_parse(64), out=LONG)],
    },
    "Math": {
        **{
            name: [Method((type_, type_), type_, function) for type_ in (INT, LONG, DOUBLE)]
            for name, function in (("Min", min), ("Max", max))
        },
        # Of an int, C# cannot tell whether it should become a double or a decimal.
        **{
            name: [Method((DOUBLE,), DOUBLE, _whole(rounded), exact=True)]
            for name, rounded in (("Ceiling", math.ceil), ("Floor", math.floor), ("Round", round))
        },
    },
}
