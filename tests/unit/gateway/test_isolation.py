"""No sequence of requests shows a caller the data of another, or outdated data."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import cache
from typing import Any

import httpx
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from localdev.gateway.context import Response
from localdev.gateway.http import Gateway as GatewayApp
from tests.unit.gateway.conftest import TENANT, VALUES, Backend, Door, Seen, Time, answered, gateway

# Some would collide if the parts of a cache key ran into each other.
CALLERS = some.sampled_from(["alice", "bob", "alice:1", "a"])
JOBS = some.sampled_from(["1", "2", "1:alice", "alice:1", "1%3A2"])
VIEWS = some.sampled_from(["", "?x=1", "/result"])
STATUSES = ["Queued", "Running", "Succeeded", "Failed", "Canceled"]
FINAL = {"Succeeded", "Failed", "Canceled"}
PLENTY = {name: "1000000" for name in VALUES if "-per-" in name}


class Hostile(Backend):
    """A backend with a job under every id for every caller; its documents name their caller."""

    def __init__(self) -> None:
        super().__init__(self.document)
        self.statuses: dict[tuple[str, str], str] = {}

    def document(self, seen: Seen) -> Response:
        """Answer with the caller's own job."""
        owner = (seen.headers.get("x-caller-id") or "").removeprefix(f"{TENANT}:")
        job = seen.path.split("/")[2].partition("?")[0]
        status = self.statuses.get((owner, job), "Queued")
        document = {"id": job, "owner": owner, "status": status, "links": {"result": f"/{owner}"}}
        if seen.path.endswith("/result") and status == "Succeeded":
            return answered(200, document, ETag=f'"{job}"')
        return answered(202 if seen.path.endswith("/result") else 200, document)


@cache
def shared() -> tuple[Hostile, Time, GatewayApp]:
    """Return one gateway for all runs: compiling it takes longer than they do."""
    backend, time = Hostile(), Time()
    return backend, time, gateway(backend, time, VALUES | PLENTY)


class Gateway(RuleBasedStateMachine):
    """Callers read jobs while these go on."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.backend, self.time, app = shared()
        self.backend.statuses.clear()
        self.time.now += 1_000_000  # nothing of the run before is cached any more
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="https://api.example.com")
        self.door = Door(client, self.backend, self.time)
        self.asked: list[tuple[str, str, str, httpx.Response]] = []

    def run(self, awaited: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """Wait for an answer."""
        return self.loop.run_until_complete(awaited)

    def teardown(self) -> None:
        """Close what was opened."""
        self.loop.run_until_complete(self.door.client.aclose())
        self.loop.close()

    @rule(caller=CALLERS, job=JOBS, view=VIEWS)
    def read(self, caller: str, job: str, view: str) -> None:
        """A caller reads a job in one of the ways there are."""
        answer = self.run(self.door.ask("GET", f"/jobs/{job}{view}", caller))
        self.asked.append((caller, job, view, answer))

    @rule(caller=CALLERS, job=JOBS)
    def go_on(self, caller: str, job: str) -> None:
        """A job of a caller goes on; a final one stays what it is."""
        status = self.backend.statuses.get((caller, job), "Queued")
        if status not in FINAL:
            ended = sum(map(ord, caller + job)) % 3  # the same in every run
            following = {"Queued": "Running", "Running": STATUSES[2 + ended]}
            self.backend.statuses[caller, job] = following[status]

    @rule(seconds=some.sampled_from([1.0, 3600.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.time.now += seconds

    @invariant()
    def every_answer_is_the_callers_own_and_true(self) -> None:
        """Whoever asked sees the own job, as it is now, whether it came from the cache or not."""
        while self.asked:
            caller, job, view, answer = self.asked.pop()
            document = answer.json()
            status = self.backend.statuses.get((caller, job), "Queued")
            assert (document["owner"], document["id"]) == (caller, job)
            assert document["status"] == status
            pending = view == "/result" and status != "Succeeded"
            assert answer.status_code == (202 if pending else 200)


TestIsolation = Gateway.TestCase
TestIsolation.settings = settings(max_examples=200, stateful_step_count=40, derandomize=True)
