"""Request faults, seen by a client within the process."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from azure_quantum_emulator.api.fault_middleware import FaultMiddleware
from azure_quantum_emulator.fault_injection.scenario import Scenario

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Quantum/workspaces/w"
JOB = f"{WORKSPACE}/jobs/1"


class Server:
    """An application that echoes, and the scenario it has."""

    def __init__(self, *faults: dict[str, Any]) -> None:
        self.scenario = Scenario.from_json({"faults": list(faults)})
        self.seen = 0
        routes = [Route("/{path:path}", self._echo, methods=["GET", "PUT", "POST", "DELETE"])]
        self.app = Starlette(routes=routes, middleware=[Middleware(FaultMiddleware)])
        self.app.state.scenario = self.scenario

    async def _echo(self, request: Request) -> Response:
        self.seen += 1
        return JSONResponse({"body": (await request.body()).decode()})

    def client(self) -> httpx.AsyncClient:
        """Return a client of it."""
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://emulator")


async def statuses(server: Server, times: int, path: str = JOB) -> list[int]:
    """Return how so many requests are answered in turn."""
    async with server.client() as client:
        return [(await client.get(path)).status_code for _ in range(times)]


async def test_a_refusal_is_the_services_error() -> None:
    """With its code in the body and in a header; the workspace sees nothing of the request."""
    server = Server({"status": 429, "retryAfter": 7})
    async with server.client() as client:
        answer = await client.get(JOB)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["x-ms-error-code"] == "TooManyRequests"
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["code"] == "TooManyRequests"
    assert server.seen == 0


async def test_a_refusal_may_have_its_own_words() -> None:
    """Without a time to retry after there is no such header."""
    server = Server({"status": 403, "code": "Closed", "message": "On Sundays."})
    async with server.client() as client:
        answer = await client.get(JOB)
    assert answer.json() == {"error": {"code": "Closed", "message": "On Sundays."}}
    assert "retry-after" not in answer.headers


async def test_faults_end() -> None:
    """A client that asks again often enough gets its answer."""
    assert await statuses(Server({"status": 503, "after": 1, "times": 2}), 5) == [
        200,
        503,
        503,
        200,
        200,
    ]


async def test_faults_have_an_order() -> None:
    """The first one that hits decides."""
    server = Server({"status": 500, "times": 1}, {"status": 503, "times": 2})
    assert await statuses(server, 4) == [500, 503, 503, 200]


async def test_only_operations_of_the_workspace_have_faults() -> None:
    """The emulator can always be told to stop it."""
    server = Server({"status": 500})
    assert await statuses(server, 1, "/emulator/faults") == [200]
    assert await statuses(server, 1, WORKSPACE) == [200]
    assert await statuses(server, 1, f"{WORKSPACE}/quotas") == [500]


async def test_a_fault_of_a_target_reads_the_body_and_gives_it_back() -> None:
    """The workspace sees the same request as without it."""
    server = Server({"operation": "jobs.create", "target": "ionq.*", "status": 503})
    async with server.client() as client:
        refused = await client.put(JOB, json={"target": "ionq.simulator"})
        passed = await client.put(JOB, content='{"target": "rigetti.sim.qvm"}')
        other = await client.get(JOB)
    assert (refused.status_code, passed.status_code, other.status_code) == (503, 200, 200)
    assert passed.json() == {"body": '{"target": "rigetti.sim.qvm"}'}


async def test_bodies_that_name_no_target_pass() -> None:
    """It is for the workspace to say what is wrong with them."""
    server = Server({"operation": "jobs.create", "target": "*", "after": 4, "status": 503})
    bodies = [b"", b"{", b"[]", b'{"target": 5}', b"\xff"]
    async with server.client() as client:
        answers = [await client.put(JOB, content=body) for body in bodies]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 503]


async def test_a_late_answer_comes_when_the_clock_says_so() -> None:
    """Advancing it saves the wait."""
    server = Server({"operation": "jobs.get", "delay": "2h"})
    async with server.client() as client:
        late = asyncio.create_task(client.get(JOB))
        assert (await client.put(JOB)).status_code == 200
        for _ in range(20):
            await asyncio.sleep(0)
        assert not late.done()
        server.scenario.clock.advance(7200)
        assert (await late).status_code == 200


async def test_an_error_may_come_late() -> None:
    """As from a gateway that gave up."""
    server = Server({"status": 504, "delay": "1ms"})
    assert await statuses(server, 1) == [504]
    assert server.seen == 0
