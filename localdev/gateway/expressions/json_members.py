"""Symbol tables of Newtonsoft.Json's tokens."""

from __future__ import annotations

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.signatures import Method, Methods
from localdev.gateway.expressions.types import (
    FORMATTING,
    JOBJECT,
    JPROPERTY,
    JTOKEN,
    STRING,
    Type,
)
from localdev.gateway.expressions.values import JToken, not_null, parse_object, written


def _new_object(*members: tuple[str, object] | None) -> JToken:
    given = [member for member in members if member is not None]
    content = dict(given)
    if len(content) < len(given):
        raise EvaluationError("ArgumentException", "Can not add a property: it already exists.")
    return JToken(content)


def _new_property(name: str | None, value: JToken | None) -> tuple[str, object]:
    return not_null(name), None if value is None else value.json


OBJECT_METHODS: Methods = {
    "ToString": Method((FORMATTING,), STRING, lambda token, _: written(token.json)),
}
INDEXES: dict[Type, Method] = {
    JOBJECT: Method((STRING,), JTOKEN, JToken.item),
}
STATIC_METHODS: dict[str, Methods] = {
    "JObject": {"Parse": Method((STRING,), JOBJECT, parse_object)},
}
CONSTRUCTORS: Methods = {
    "JObject": Method((), JOBJECT, _new_object, rest=JPROPERTY),
    "JProperty": Method((STRING, JTOKEN), JPROPERTY, _new_property),
}
