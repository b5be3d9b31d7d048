"""CORS: the policy that allows web pages of other origins to call the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localdev.gateway.compiler import Compiler
from localdev.gateway.context import Response, joined
from localdev.gateway.exchange import Exchange, ReturnedError, Run
from localdev.gateway.source import Element


def cors(element: Element, compiler: Compiler) -> Run:
    """Respond to preflight requests, and set the CORS headers of all other responses."""
    del compiler
    methods = element.child("allowed-methods")
    return _Cors(
        origins=_listed(element, "allowed-origins"),
        methods=_listed(element, "allowed-methods"),
        headers=_listed(element, "allowed-headers"),
        exposed=_listed(element, "expose-headers"),
        age=methods.attributes.get("preflight-result-max-age") if methods is not None else None,
        credentials=element.attributes.get("allow-credentials") == "true",
        terminates=element.attributes["terminate-unmatched-request"] == "true",
    )


@dataclass(frozen=True, slots=True)
class _Cors:
    origins: Sequence[str]
    methods: Sequence[str]
    headers: Sequence[str]
    exposed: Sequence[str]
    age: str | None
    """Seconds that a browser may cache the response to a preflight request."""
    credentials: bool
    terminates: bool

    def __call__(self, exchange: Exchange) -> None:
        request = exchange.context.request
        origin = joined(request.headers, "Origin")
        preflight = request.method == "OPTIONS"
        matched = origin is not None and origin in self.origins
        if matched:
            decorate = self._preflight if preflight else self._actual
            exchange.decorations.append(lambda response: decorate(response, str(origin)))
        if preflight or (origin is not None and self.terminates and not matched):
            exchange.context.response = Response(200)
            raise ReturnedError

    def _admit(self, response: Response, origin: str) -> None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
        if self.credentials:
            response.headers["Access-Control-Allow-Credentials"] = "true"

    def _preflight(self, response: Response, origin: str) -> None:
        self._admit(response, origin)
        response.headers["Access-Control-Allow-Methods"] = ",".join(self.methods)
        response.headers["Access-Control-Allow-Headers"] = ",".join(self.headers)
        if self.age is not None:
            response.headers["Access-Control-Max-Age"] = self.age

    def _actual(self, response: Response, origin: str) -> None:
        self._admit(response, origin)
        if self.exposed:
            response.headers["Access-Control-Expose-Headers"] = ",".join(self.exposed)


def _listed(element: Element, part: str) -> list[str]:
    parent = element.child(part)
    return [] if parent is None else [child.text for child in parent.children]
