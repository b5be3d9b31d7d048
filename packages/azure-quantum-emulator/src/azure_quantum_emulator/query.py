"""The `filter` and `orderby` options of lists, as conditions for SQLite.

A subset of OData 4: comparisons with `eq`, `ne`, `lt`, `le`, `gt` and `ge`, the functions
`startswith`, `endswith` and `contains`, `and`, `or`, `not` and parentheses, over the properties in
`COLUMNS`. Values only ever reach the database as parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from azure_quantum_emulator.errors import InvalidRequestError

COLUMNS = {
    "Name": "name",
    "ItemType": "item_type",
    "JobType": "job_type",
    "ProviderId": "provider_id",
    "Target": "target",
    "State": "state",
    "CreationTime": "created",
}
"""The column of the store for each property that can be asked for."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_BEYOND = 2**63 - 1  # nanoseconds; no item was created so early or so late
_PATTERNS = {"startswith": "{}%", "endswith": "%{}", "contains": "%{}%"}
_OPERATORS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}

_PARSER = Lark(
    r"""
    ?start: either
    ?either: both ("or" both)*
    ?both: single ("and" single)*
    ?single: "not" single -> negation
        | "(" either ")"
        | PROPERTY OPERATOR value -> comparison
        | FUNCTION "(" PROPERTY "," STRING ")" -> matching
    ?value: STRING | MOMENT
    FUNCTION: "startswith" | "endswith" | "contains"
    OPERATOR: "eq" | "ne" | "lt" | "le" | "gt" | "ge"
    PROPERTY: /[A-Z][A-Za-z]*/
    STRING: /'(?:[^']|'')*'/
    MOMENT: /\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?/
    %ignore /\s+/
    """,
    parser="lalr",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of SQL, and the values of its parameters."""

    sql: str = "1"
    values: tuple[object, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        return Condition(f"({self.sql}) AND ({other.sql})", self.values + other.values)


@lru_cache(maxsize=256)
def parse_filter(text: str) -> Condition:
    """Return the condition that a `filter` states.

    Raises:
        InvalidRequestError: it is none, or names a property that lists cannot be filtered by.

    """
    if not text.strip():
        return Condition()
    try:
        condition: Condition = _ToSql().transform(_PARSER.parse(text))
    except VisitError as error:
        if isinstance(error.orig_exc, InvalidRequestError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise InvalidRequestError(
            "InvalidRequest", f"The filter cannot be read at column {error.column}: {text}"
        ) from None
    return condition


def parse_order(text: str) -> str:
    """Return the `ORDER BY` that an `orderby` states: `CreationTime desc`, for instance.

    Raises:
        InvalidRequestError: it is none.

    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > len(COLUMNS):
        raise InvalidRequestError("InvalidRequest", "The orderby has more terms than properties.")
    terms = []
    for term in parts:
        name, _, direction = term.partition(" ")
        direction = direction.strip().lower() or "asc"
        if direction not in ("asc", "desc"):
            raise InvalidRequestError("InvalidRequest", f"The orderby {term} is not asc or desc.")
        terms.append(f"{_column(name)} {direction}")
    return ", ".join(terms)


def _column(name: str) -> str:
    if name not in COLUMNS:
        raise InvalidRequestError(
            "InvalidRequest", f"{name} is not one of the properties {', '.join(COLUMNS)}."
        )
    return COLUMNS[name]


class _ToSql(Transformer[Token, Condition]):
    """Builds the condition from the leaves up."""

    def STRING(self, token: Token) -> str:  # noqa: N802 - Lark calls it by the token's name
        return str(token)[1:-1].replace("''", "'")

    def MOMENT(self, token: Token) -> int:  # noqa: N802 - likewise
        try:
            moment = datetime.fromisoformat(str(token))
        except ValueError:
            raise InvalidRequestError("InvalidRequest", f"{token} is no time.") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        nanoseconds = (moment - _EPOCH) // timedelta(microseconds=1) * 1000
        return min(max(nanoseconds, -_BEYOND), _BEYOND)

    def either(self, conditions: Sequence[Condition]) -> Condition:
        return _joined(" OR ", conditions)

    def both(self, conditions: Sequence[Condition]) -> Condition:
        return _joined(" AND ", conditions)

    def negation(self, conditions: Sequence[Condition]) -> Condition:
        return Condition(f"NOT ({conditions[0].sql})", conditions[0].values)

    @v_args(inline=True)
    def comparison(self, name: Token, operator: Token, value: str | int) -> Condition:
        column = _column(str(name))
        if isinstance(value, int) is not (column == "created"):
            raise InvalidRequestError(
                "InvalidRequest", f"{name} cannot be compared with such a value."
            )
        return Condition(f"{column} {_OPERATORS[operator]} ?", (value,))

    @v_args(inline=True)
    def matching(self, function: Token, name: Token, text: str) -> Condition:
        escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return Condition(
            f"{_column(str(name))} LIKE ? ESCAPE '\\'", (_PATTERNS[function].format(escaped),)
        )


def _joined(word: str, conditions: Sequence[Any]) -> Condition:
    return Condition(
        word.join(f"({condition.sql})" for condition in conditions),
        tuple(value for condition in conditions for value in condition.values),
    )
