"""Platform authentication ("Easy Auth" of App Service) as ASGI middleware before the app.

Source: Microsoft's pages on authentication in App Service and on the resource `authsettingsV2`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from azure_quantum_emulator.serving.token_validation import TokenError, TokenValidator
from localdev.host.configuration import ConfigurationError, read_object

_OURS = ("x-ms-client-principal", "x-ms-token-")
"""Beginnings of the names of headers that only the platform sets."""
_FORM = re.compile(r"[\x20-\x7e]+")
"""What a header can say as it is."""


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ON = {"const": True}
_DIRECTORY = _object(
    ("registration", "validation"),
    enabled=_ON,
    registration=_object(("openIdIssuer",), openIdIssuer=_TEXT, clientId=_TEXT),
    validation=_object(
        ("allowedAudiences", "defaultAuthorizationPolicy"),
        allowedAudiences=_TEXTS,
        defaultAuthorizationPolicy=_object(
            ("allowedApplications", "allowedPrincipals"),
            allowedApplications=_TEXTS,
            allowedPrincipals=_object(("identities",), identities=_TEXTS),
        ),
    ),
)
_SCHEMA = _object(
    ("platform", "globalValidation", "identityProviders"),
    platform=_object(("enabled",), enabled=_ON),
    globalValidation=_object(
        ("requireAuthentication",),
        requireAuthentication=_ON,
        unauthenticatedClientAction={"const": "Return401"},
        excludedPaths=_TEXTS,
    ),
    identityProviders=_object(("azureActiveDirectory",), azureActiveDirectory=_DIRECTORY),
)
"""The part of authsettingsV2 that is understood: who has no token is refused."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """Settings of the platform's authentication: issuer, audiences, allowed callers."""

    issuer: str
    audiences: tuple[str, ...]
    applications: frozenset[str]
    """Client ids; empty admits every application."""
    principals: frozenset[str]
    """Object ids; empty admits everybody."""
    excluded: tuple[str, ...]
    """Paths that need no token, and where a wrong one does no harm."""

    @classmethod
    def from_file(cls, file: Path) -> Authentication:
        """Read the properties of an authsettingsV2 resource.

        Raises:
            ConfigurationError: something in the file is missing or not understood.

        """
        document = read_object(file)
        try:
            jsonschema.validate(document, _SCHEMA)
        except jsonschema.ValidationError as error:
            what = f"{error.json_path}: {error.message}"
            raise ConfigurationError(f"{file} is not understood: {what}") from error
        directory = document["identityProviders"]["azureActiveDirectory"]
        registration = directory["registration"]
        client = (registration["clientId"],) if "clientId" in registration else ()
        policy = directory["validation"]["defaultAuthorizationPolicy"]
        return cls(
            issuer=registration["openIdIssuer"],
            # The platform takes tokens for the registration itself without being told.
            audiences=(*directory["validation"]["allowedAudiences"], *client),
            applications=frozenset(policy["allowedApplications"]),
            principals=frozenset(policy["allowedPrincipals"]["identities"]),
            excluded=tuple(document["globalValidation"].get("excludedPaths", ())),
        )


class Authenticated:
    """ASGI middleware that validates access tokens and adds headers with the caller's identity."""

    def __init__(self, app: ASGIApp, who: Authentication, metadata_url: str) -> None:
        self._app = app
        self._who = who
        self._validator = TokenValidator([metadata_url], who.audiences)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the caller's identity in its headers, or respond 401 or 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if not name.decode("latin-1").lower().startswith(_OURS)
        ]
        scheme, _, token = headers.get("authorization", "").partition(" ")
        bearer = scheme.lower() == "bearer"
        refusal = await self._admit(scope, token.strip()) if bearer else _unauthenticated()
        if scope["path"] in self._who.excluded:
            refusal = None
        await (refusal or self._app)(scope, receive, send)

    async def _admit(self, scope: Scope, token: str) -> Response | None:
        try:
            claims = await self._validator.validate(token)
        except TokenError:
            return _unauthenticated()
        if claims["iss"] != self._who.issuer:
            return _unauthenticated()
        application = claims.get("appid") or claims.get("azp")
        holder = str(claims.get("oid", ""))
        if self._who.applications and application not in self._who.applications:
            return Response(status_code=403)
        if self._who.principals and holder not in self._who.principals:
            return Response(status_code=403)
        headers = MutableHeaders(scope=scope)
        headers["x-ms-client-principal"] = _principal(claims)
        headers["x-ms-client-principal-id"] = holder
        headers["x-ms-client-principal-idp"] = "aad"
        if name := _name(claims):
            headers["x-ms-client-principal-name"] = name
        return None


def _unauthenticated() -> Response:
    return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})


def _name(claims: Mapping[str, Any]) -> str | None:
    """Return the display name of the caller; tokens of applications have none."""
    found = (claims.get(kind) for kind in ("preferred_username", "upn", "unique_name", "name"))
    return next((name for name in found if isinstance(name, str) and _FORM.fullmatch(name)), None)


def _principal(claims: Mapping[str, Any]) -> str:
    """Return the header X-MS-CLIENT-PRINCIPAL: all claims, under the names that the token has."""
    listed = [
        {"typ": name, "val": str(value)}
        for name, values in claims.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    document = {"auth_typ": "aad", "claims": listed, "name_typ": "name", "role_typ": "roles"}
    return base64.b64encode(json.dumps(document).encode()).decode()
