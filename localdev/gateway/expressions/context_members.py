"""Symbol tables of `context` and the types of its members.

Source: the reference of the context variable in API Management's policy expressions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from localdev.gateway.context import Headers, Token, joined
from localdev.gateway.expressions.errors import EvaluationError
from localdev.gateway.expressions.signatures import Method, Methods, Properties, Property
from localdev.gateway.expressions.types import BOOL, INT, JWT, OBJECT, STRING, STRINGS, Type
from localdev.gateway.expressions.values import argument

CONTEXT, REQUEST, RESPONSE, BODY = (
    Type(name) for name in ("context", "IRequest", "IResponse", "IMessageBody")
)
URL, API, OPERATION, LAST_ERROR = (
    Type(name) for name in ("IUrl", "IApi", "IOperation", "ILastError")
)
PORT = Type("Port", nullable=False)
"""The documentation says int, the toolkit string: only its text can be relied on."""
VARIABLES, HEADERS, QUERY, CLAIMS = (
    Type(f"IReadOnlyDictionary of {name}") for name in ("variables", "headers", "query", "claims")
)
PARAMETERS = Type("IReadOnlyDictionary of parameters")


def _read(**types: Type) -> dict[str, Property]:
    """Return properties that read the attribute of the same name in Python's spelling."""

    def property_of(name: str, type_: Type) -> Property:
        attribute = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
        return Property(type_, lambda value: getattr(value, attribute))

    return {name: property_of(name, type_) for name, type_ in types.items()}


PROPERTIES: dict[Type, Properties] = {
    CONTEXT: {
        **_read(
            Api=API,
            LastError=LAST_ERROR,
            Operation=OPERATION,
            Request=REQUEST,
            Response=RESPONSE,
        ),
        "Variables": Property(VARIABLES, lambda context: context.variables),
    },
    REQUEST: {
        **_read(
            Headers=HEADERS,
            IpAddress=STRING,
            MatchedParameters=PARAMETERS,
            Method=STRING,
            OriginalUrl=URL,
            Url=URL,
        ),
        # A request without a body has none, not an empty one.
        "Body": Property(BODY, lambda request: request.body or None),
    },
    RESPONSE: _read(Body=BODY, Headers=HEADERS, StatusCode=INT),
    URL: {
        **_read(Host=STRING, Path=STRING, QueryString=STRING, Scheme=STRING, Port=PORT),
        "Query": Property(QUERY, lambda url: url.query),
    },
    API: _read(Path=STRING),
    OPERATION: _read(Id=STRING),
    LAST_ERROR: _read(Message=STRING, Reason=STRING, Source=STRING),
    JWT: {"Claims": Property(CLAIMS, lambda jwt: jwt)},
}


def _missing(name: str) -> EvaluationError:
    message = f"The given key {name!r} was not present in the dictionary."
    return EvaluationError("KeyNotFoundException", message)


def _item(values: Mapping[str, Any], name: str | None) -> Any:  # noqa: ANN401 - of any type
    if argument(name) not in values:
        raise _missing(str(name))
    return values[str(name)]


def _header(headers: Headers, name: str | None) -> list[str]:
    if argument(name) not in headers:
        raise _missing(str(name))
    return headers.getall(str(name))


def _header_or(headers: Headers, name: str | None, default: str | None) -> str | None:
    found = joined(headers, argument(name))
    return default if found is None else found


def _query_or(query: Mapping[str, list[str]], name: str | None, default: str | None) -> str | None:
    return ",".join(query[str(name)]) if argument(name) in query else default


def _claim(jwt: Token, name: str | None) -> list[str] | None:
    value = jwt.payload.get(argument(name))
    if value is None:
        return None
    return [_claim_text(one) for one in (value if isinstance(value, list) else [value])]


def _claim_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _claim_item(jwt: Token, name: str | None) -> list[str]:
    found = _claim(jwt, name)
    if found is None:
        raise _missing(str(name))
    return found


def _claim_or(jwt: Token, name: str | None, default: str | None) -> str | None:
    found = _claim(jwt, name)
    return default if found is None else ",".join(found)


def _has(values: Any, name: str | None) -> bool:  # noqa: ANN401 - any dictionary
    return argument(name) in values


def _default(call: Any) -> list[Method]:  # noqa: ANN401 - a function
    return [Method((STRING, STRING), STRING, call)]


_CONTAINS = [Method((STRING,), BOOL, _has)]
METHODS: dict[Type, Methods] = {
    VARIABLES: {"ContainsKey": _CONTAINS},  # GetValueOrDefault has a type argument: `generics`
    HEADERS: {"ContainsKey": _CONTAINS, "GetValueOrDefault": _default(_header_or)},
    QUERY: {"ContainsKey": _CONTAINS, "GetValueOrDefault": _default(_query_or)},
    PARAMETERS: {"ContainsKey": _CONTAINS},
    CLAIMS: {
        "ContainsKey": [Method((STRING,), BOOL, lambda jwt, name: _claim(jwt, name) is not None)],
        "GetValueOrDefault": _default(_claim_or),
    },
    PORT: {"ToString": [Method((), STRING, str)]},
}
INDEXES: dict[Type, list[Method]] = {
    VARIABLES: [Method((STRING,), OBJECT, _item)],
    HEADERS: [Method((STRING,), STRINGS, _header)],
    QUERY: [Method((STRING,), STRINGS, _item)],
    PARAMETERS: [Method((STRING,), STRING, _item)],
    CLAIMS: [Method((STRING,), STRINGS, _claim_item)],
}
