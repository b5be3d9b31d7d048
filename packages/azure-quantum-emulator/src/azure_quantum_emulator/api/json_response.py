"""JSON as the service sends it."""

from __future__ import annotations

from starlette.responses import JSONResponse


class JsonResponse(JSONResponse):
    """A response with a JSON body; its content type names the character set, as recorded."""

    media_type = "application/json; charset=utf-8"
