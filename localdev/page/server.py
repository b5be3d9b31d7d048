"""The built page over HTTP: its files, `/config.json`, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from localdev.page.site import Content, Site

CONFIG = "/config.json"


def application(site: Site, origin: str, config: Mapping[str, Any]) -> Starlette:
    """Return the ASGI application.

    Args:
        site: the page
        origin: where the page is, without a slash at the end; its other names lead there
        config: the content of `/config.json`

    """
    configuration = Content.of(json.dumps(config, indent=2).encode(), "application/json")

    def serve(request: Request) -> Response:
        # As an origin, localhost is another than 127.0.0.1: the API and the login know one of them.
        if f"http://{request.headers.get('host', '')}" != origin:
            return RedirectResponse(f"{origin}{request.url.path}", HTTPStatus.TEMPORARY_REDIRECT)
        path = f"/{request.path_params['path']}"
        headers = site.headers_of(path)
        if path == CONFIG:
            return _response(request, configuration, "application/json", headers)
        file = site.file(path)
        if file is None:
            headers["Cache-Control"] = "no-cache"  # it may be there after the next build
            return PlainTextResponse("There is no such file.\n", HTTPStatus.NOT_FOUND, headers)
        media_type = site.media_type(file)
        return _response(request, site.content(file), media_type, headers)

    return Starlette(routes=[Route("/{path:path}", serve, methods=["GET"])])


def _response(
    request: Request, content: Content, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return the content in the form that the client takes, or 304 if it has it already."""
    sent = {**headers, "ETag": content.etag, "Vary": "Accept-Encoding"}
    if content.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
    if content.gzip is not None and _takes_gzip(request.headers.get("accept-encoding", "")):
        sent["Content-Encoding"] = "gzip"
        return Response(content.gzip, headers=sent, media_type=media_type)
    return Response(content.plain, headers=sent, media_type=media_type)


def _takes_gzip(accepted: str) -> bool:
    """Return whether a header `Accept-Encoding` names gzip, not with the quality 0."""
    codings = (one.replace(" ", "").partition(";q=") for one in accepted.lower().split(","))
    zero = re.compile(r"0(\.0*)?")
    return any(n == "gzip" and not zero.fullmatch(quality) for n, _, quality in codings)
