"""`python -m tools.bench.constant`: the emulator's web server with one constant response.

It is what that server can do at most.
"""

from __future__ import annotations

import argparse
import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from azure_quantum_emulator.serving.http_server import (
    add_server_arguments,
    listening,
    run_server,
    serve,
)
from azure_quantum_emulator.serving.ready_file import announce

BODY = {"padding": "x" * 2000}  # about as much as a job


async def constant(_: Request) -> Response:
    """`GET /`."""
    return JSONResponse(BODY)


async def _run(arguments: argparse.Namespace) -> None:
    app = Starlette(routes=[Route("/", constant)])
    with listening(arguments.port) as listener:
        facts = {"url": listener.url}
        await serve(app, listener, ready=lambda: announce(arguments.ready_file, facts, ""))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    add_server_arguments(parser)
    sys.exit(run_server("The server", _run(parser.parse_args())))
