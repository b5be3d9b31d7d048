"""Symbol tables of `int` and `long`."""

from __future__ import annotations

from collections.abc import Callable

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.numbers import integer
from localdev.gateway.expressions.signatures import Method, Methods
from localdev.gateway.expressions.types import BOOL, INT, LONG, STRING
from localdev.gateway.expressions.values import not_null


def _parse(bits: int) -> Callable[[str | None], int]:
    return lambda text: integer(not_null(text), bits)


def _try_parse(bits: int) -> Callable[[str | None], tuple[bool, int]]:
    parse = _parse(bits)

    def attempt(text: str | None) -> tuple[bool, int]:
        try:
            return True, parse(text)
        except EvaluationError:
            return False, 0

    return attempt


STATIC_METHODS: dict[str, Methods] = {
    type_.name: {
        "Parse": [Method((STRING,), type_, _parse(bits))],
        "TryParse": [Method((STRING,), BOOL, _try_parse(bits), out=type_)],
    }
    for type_, bits in ((INT, 32), (LONG, 64))
}
