"""Members of Newtonsoft.Json's tokens."""

from __future__ import annotations

from collections.abc import Mapping

from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import (
    FORMATTING,
    INT,
    JARRAY,
    JOBJECT,
    JPROPERTY,
    JTOKEN,
    STRING,
    Type,
)
from localdev.gateway.expressions.values import JProperty, JToken, parse, token

_TEXT: Methods = {
    "ToString": [
        Method((), STRING, JToken.text),
        Method((FORMATTING,), STRING, lambda value, how: value.text(indented=how == "Indented")),
    ]
}


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


def _new_array(*items: JToken | None) -> JToken:
    return JToken([None if item is None else item.json for item in items])


def _new_property(name: str | None, value: JToken | None) -> JProperty:
    if name is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return JProperty(name, token(None) if value is None else value)


def _parsed(text: str | None, wanted: type = object) -> JToken:
    if text is None:
        raise EvaluationError("ArgumentNullException", "Value cannot be null.")
    return parse(text, wanted)


TOKEN_METHODS: Methods = _TEXT
OBJECT_METHODS: Methods = {
    **_TEXT,
    "Property": [
        Method(
            (STRING,),
            JPROPERTY,
            lambda value, name: (
                JProperty(name, JToken(value.json[name])) if name in value.json else None
            ),
        )
    ],
}
ARRAY_PROPERTIES: Properties = {"Count": Property(INT, lambda value: len(value.json))}
PROPERTY_PROPERTIES: Properties = {
    "Name": Property(STRING, lambda member: member.name),
    "Value": Property(JTOKEN, lambda member: member.value),
}
INDEXES: Mapping[Type, list[Method]] = {
    JTOKEN: [Method((STRING,), JTOKEN, JToken.item), Method((INT,), JTOKEN, JToken.item)],
    JOBJECT: [Method((STRING,), JTOKEN, JToken.item)],
    JARRAY: [Method((INT,), JTOKEN, JToken.item)],
}
STATIC_METHODS: dict[str, Methods] = {
    "JObject": {"Parse": [Method((STRING,), JOBJECT, lambda text: _parsed(text, dict))]},
    "JArray": {"Parse": [Method((STRING,), JARRAY, lambda text: _parsed(text, list))]},
    "JToken": {"Parse": [Method((STRING,), JTOKEN, _parsed)]},
}
CONSTRUCTORS: Methods = {
    "JObject": [Method((), JOBJECT, _new_object, rest=JPROPERTY)],
    "JProperty": [Method((STRING, JTOKEN), JPROPERTY, _new_property)],
    "JArray": [
        Method((), JARRAY, _new_array, rest=JTOKEN),
        Method((JARRAY,), JARRAY, lambda items: items),  # a copy, not an array of one array
    ],
}
