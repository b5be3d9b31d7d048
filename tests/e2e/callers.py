"""What tests of client programs share: processes, bad networks, jobs that run for ever."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import httpx
from aiohttp import web

from emulator_support.patience import PATIENCE
from localdev.stack.endpoints import workspace_of
from localdev.stack.facts import StackFacts


def url_of(api: httpx.AsyncClient) -> str:
    """Return the address of the API, without a slash at the end."""
    return str(api.base_url).rstrip("/")


def token_of(api: httpx.AsyncClient) -> str:
    """Return the access token that a client sends."""
    return api.headers["authorization"].removeprefix("Bearer ")


async def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[int, str, str]:
    """Run a program, with the tools of this environment; return exit code, stdout and stderr.

    It ends with the test: a program that went on would disturb those that follow.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, printed.decode(), complained.decode()


@contextlib.asynccontextmanager
async def hanging_jobs(stack: StackFacts) -> AsyncIterator[None]:
    """Have every job that is submitted meanwhile run for ever, until it is canceled."""
    access = workspace_of(stack)
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as workspace:
        fault = (await workspace.post("/emulator/jobFaults", json={"hang": True})).json()["id"]
        try:
            yield
        finally:
            await workspace.delete(f"/emulator/jobFaults/{fault}")


@contextlib.asynccontextmanager
async def served(handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """Answer every request with a handler; yields the address of the server."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        (address,) = runner.addresses
        yield f"http://127.0.0.1:{address[1]}"
    finally:
        await runner.cleanup()


async def passed_on(
    request: web.Request, api: httpx.AsyncClient, *, without: str = ""
) -> web.Response:
    """Return the API's answer to a request, which is sent on *without* one of its headers."""
    kept = {"prefer", "idempotency-key", "content-type"} - {without}
    answer = await api.request(
        request.method,
        request.path_qs,
        content=await request.read(),
        headers={name: value for name, value in request.headers.items() if name.lower() in kept},
    )
    shown = {"content-type", "location", "operation-location", "retry-after"}
    headers = {name: value for name, value in answer.headers.items() if name in shown}
    return web.Response(status=answer.status_code, body=answer.content, headers=headers)
