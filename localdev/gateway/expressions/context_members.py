"""Symbol tables of `context` and the types of its members.

Source: the reference of the context variable in API Management's policy expressions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from localdev.gateway.context import Token
from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import (
    BOOL,
    BYTES,
    INT,
    JOBJECT,
    JWT,
    OBJECT,
    STRING,
    STRINGS,
    Type,
)
from localdev.gateway.expressions.values import not_null, parse_object, unbox

CONTEXT, REQUEST, RESPONSE, BODY = (
    Type(name) for name in ("context", "IRequest", "IResponse", "IMessageBody")
)
URL, API, OPERATION, LAST_ERROR = (
    Type(name) for name in ("IUrl", "IApi", "IOperation", "ILastError")
)
PORT = Type("Port", nullable=False)
"""The documentation says int, the toolkit string: only its text can be relied on."""
VARIABLES, HEADERS, CLAIMS = (
    Type(f"IReadOnlyDictionary of {name}") for name in ("variables", "headers", "claims")
)
PARAMETERS = Type("IReadOnlyDictionary of parameters")
PRESERVED = Type("preserveContent: true")
"""The type of that argument, without which the body would be gone for whoever reads it next."""


def _read(**types: Type) -> dict[str, Property]:
    """Return properties that read the attribute of the same name in Python's spelling."""

    def property_of(name: str, type_: Type) -> Property:
        attribute = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
        return Property(type_, lambda value: getattr(value, attribute))

    return {name: property_of(name, type_) for name, type_ in types.items()}


PROPERTIES: dict[Type, Properties] = {
    CONTEXT: _read(
        Api=API,
        LastError=LAST_ERROR,
        Operation=OPERATION,
        Request=REQUEST,
        Response=RESPONSE,
        Variables=VARIABLES,
    ),
    REQUEST: {
        **_read(
            Headers=HEADERS,
            IpAddress=STRING,
            MatchedParameters=PARAMETERS,
            Method=STRING,
            OriginalUrl=URL,
            Url=URL,
        ),
        "Body": Property(BODY, lambda request: request.body_for_policies()),
    },
    RESPONSE: _read(Body=BODY, Headers=HEADERS, StatusCode=INT),
    URL: _read(Host=STRING, Path=STRING, Port=PORT, QueryString=STRING, Scheme=STRING),
    API: _read(Path=STRING),
    OPERATION: _read(Id=STRING),
    LAST_ERROR: _read(Message=STRING, Reason=STRING, Source=STRING),
    JWT: {"Claims": Property(CLAIMS, lambda jwt: jwt)},
}


def _missing(name: str) -> EvaluationError:
    message = f"The given key {name!r} was not present in the dictionary."
    return EvaluationError("KeyNotFoundException", message)


def _item(values: Mapping[str, Any], name: str | None) -> Any:  # noqa: ANN401 - of any type
    if not_null(name) not in values:
        raise _missing(str(name))
    return values[str(name)]


def _variable(values: Mapping[str, Any], name: str | None, default: str | None) -> object:
    return unbox(str, nullable=True)(values.get(not_null(name), default))


def _text(body: bytes) -> str:
    return body.decode(errors="replace")


def _claim(jwt: Token, name: str) -> list[str] | None:
    value = jwt.payload.get(name)
    if value is None:
        return None
    claims = value if isinstance(value, list) else [value]
    return [
        one if isinstance(one, str) else json.dumps(one, separators=(",", ":")) for one in claims
    ]


type _Lookup = Callable[[Any, str], list[str] | None]
_LOOKUPS: dict[Type, _Lookup] = {
    HEADERS: lambda headers, name: headers.getall(name, None),
    CLAIMS: _claim,
}
"""Dictionaries whose values are arrays of strings; None is for a key that is not there."""


def _contains(lookup: _Lookup, values: object, name: str | None) -> bool:
    return lookup(values, not_null(name)) is not None


def _array(lookup: _Lookup, values: object, name: str | None) -> list[str]:
    found = lookup(values, not_null(name))
    if found is None:
        raise _missing(str(name))
    return found


def _joined(lookup: _Lookup, values: object, name: str | None, default: str | None) -> str | None:
    found = lookup(values, not_null(name))
    return default if found is None else ",".join(found)


_HAS = Method((STRING,), BOOL, lambda values, name: not_null(name) in values)
METHODS: dict[Type, Methods] = {
    VARIABLES: {
        "ContainsKey": _HAS,
        "GetValueOrDefault<string>": Method((STRING, STRING), STRING, _variable),
    },
    BODY: {
        "As<string>": Method((PRESERVED,), STRING, lambda body, _: _text(body)),
        "As<byte[]>": Method((PRESERVED,), BYTES, lambda body, _: body),
        "As<JObject>": Method((PRESERVED,), JOBJECT, lambda body, _: parse_object(_text(body))),
    },
    PARAMETERS: {"ContainsKey": _HAS},
    PORT: {"ToString": Method((), STRING, str)},
    **{
        type_: {
            "ContainsKey": Method((STRING,), BOOL, partial(_contains, lookup)),
            "GetValueOrDefault": Method((STRING, STRING), STRING, partial(_joined, lookup)),
        }
        for type_, lookup in _LOOKUPS.items()
    },
}
INDEXES: dict[Type, Method] = {
    VARIABLES: Method((STRING,), OBJECT, _item),
    PARAMETERS: Method((STRING,), STRING, _item),
    **{
        type_: Method((STRING,), STRINGS, partial(_array, lookup))
        for type_, lookup in _LOOKUPS.items()
    },
}
