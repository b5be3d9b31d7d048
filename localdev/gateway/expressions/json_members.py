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
from localdev.gateway.expressions.values import JProperty, JToken, not_null, parse_object


def _new_object(*members: JProperty | None) -> JToken:
    content = {}
    for member in members:
        if member is None:
            continue
        if member.name in content:
            message = f"Can not add property {member.name}: it already exists."
            raise EvaluationError("ArgumentException", message)
        content[member.name] = member.value.json
    return JToken(content)


def _new_property(name: str | None, value: JToken | None) -> JProperty:
    return JProperty(not_null(name), JToken(None) if value is None else value)


OBJECT_METHODS: Methods = {
    "ToString": [Method((FORMATTING,), STRING, lambda token, _: token.text())],
}
INDEXES: dict[Type, list[Method]] = {
    JTOKEN: [Method((STRING,), JTOKEN, JToken.item)],
    JOBJECT: [Method((STRING,), JTOKEN, JToken.item)],
}
STATIC_METHODS: dict[str, Methods] = {
    "JObject": {"Parse": [Method((STRING,), JOBJECT, parse_object)]},
}
CONSTRUCTORS: Methods = {
    "JObject": [Method((), JOBJECT, _new_object, rest=JPROPERTY)],
    "JProperty": [Method((STRING, JTOKEN), JPROPERTY, _new_property)],
}
