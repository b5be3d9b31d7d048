"""A web application that answers everything with the same: what a server can do at most."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ANSWER = {"padding": "x" * 2000}  # about as much as a job


async def answer(_: Request) -> Response:
    """`GET /`."""
    return JSONResponse(ANSWER)


APPLICATION = Starlette(routes=[Route("/", answer)])
