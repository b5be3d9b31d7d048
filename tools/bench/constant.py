"""`python -m tools.bench.constant READY_FILE`: an HTTP server with one constant response.

It is what the emulator's web server can do at most.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from azure_quantum_emulator.serving.ready_file import write_ready_file

BODY = {"padding": "x" * 2000}  # about as much as a job


async def constant(_: Request) -> Response:
    """`GET /`."""
    return JSONResponse(BODY)


def main() -> None:
    """Serve until stopped."""
    app = Starlette(routes=[Route("/", constant)])
    config = uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning")
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        write_ready_file(Path(sys.argv[1]), {"url": url})
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
