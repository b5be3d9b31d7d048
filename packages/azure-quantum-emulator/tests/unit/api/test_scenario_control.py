"""Simulated time and faults as HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from azure_quantum_emulator.api.control import ROUTES
from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.fault_injection.settings import Settings

QUOTA = {"dimension": "qgs", "providerId": "ionq", "limit": 1000}
FAULT = {"operation": "jobs.get", "status": 503, "times": 2}
JOB_FAULT = {"target": "ionq.*", "hang": True}


async def refuse(_: Request, error: Exception) -> Response:
    """Answer as the emulator does."""
    assert isinstance(error, ServiceError)
    return JSONResponse({"error": {"code": error.code, "message": error.message}}, error.status)


@pytest.fixture
def scenario() -> Scenario:
    """Return the scenario that the routes work on."""
    return Scenario.from_json({"quotas": [QUOTA]})


@pytest.fixture
async def client(scenario: Scenario) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the routes."""
    app = Starlette(routes=ROUTES, exception_handlers={ServiceError: refuse})
    app.state.scenario = scenario
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
        yield client


async def test_settings_are_put_in_force(client: httpx.AsyncClient, scenario: Scenario) -> None:
    """PUT forgets what it does not name, PATCH keeps it; both answer with what is in force."""
    put = await client.put("/settings", json={"seed": 5, "queueDelay": "2h"})
    patched = await client.patch("/settings", json={"sessionTimeout": "1h"})
    assert put.json()["quotas"] == []
    assert scenario.queue_delay("t") == 7200 * 10**9
    assert scenario.session_timeout == 3600 * 10**9
    shown = await client.get("/settings")
    assert shown.json() == patched.json() == scenario.settings.to_json()
    assert shown.json()["seed"] == 5


async def test_what_settings_show_can_be_put_again(client: httpx.AsyncClient) -> None:
    """It is complete."""
    shown = (await client.get("/settings")).json()
    assert (await client.put("/settings", json=shown)).json() == shown


async def test_the_schema_is_shown(client: httpx.AsyncClient) -> None:
    """For tools that check or complete."""
    assert (await client.get("/settings/schema")).json() == Settings.json_schema()


async def test_the_clock_is_advanced(client: httpx.AsyncClient) -> None:
    """The answer has the time."""
    before = (await client.get("/clock")).json()
    after = (await client.post("/clock/advance", json={"by": "2h"})).json()
    assert (before["advancedBy"], after["advancedBy"]) == (0, 7200)
    passed = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert passed.total_seconds() >= 7200


@pytest.mark.parametrize(("path", "fault"), [("/faults", FAULT), ("/jobFaults", JOB_FAULT)])
async def test_faults_come_and_go(
    client: httpx.AsyncClient, path: str, fault: dict[str, Any]
) -> None:
    """Each has an id to be removed by; settings show those that were added."""
    first, second = [(await client.post(path, json=fault)).json() for _ in range(2)]
    assert first.items() >= (fault | {"id": 1, "matches": 0, "hits": 0}).items()
    assert (await client.get(path)).json() == {"value": [first, second]}
    settings = (await client.get("/settings")).json()
    assert len(settings["faults"] + settings["jobFaults"]) == 2
    assert (await client.delete(f"{path}/1")).status_code == 204
    assert (await client.delete(f"{path}/1")).status_code == 404
    assert (await client.get(path)).json() == {"value": [second]}
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).json() == {"value": []}


@pytest.mark.parametrize("path", ["/faults", "/jobFaults"])
@pytest.mark.parametrize("number", ["9" * 5000, "1" * 10, "-1", "one", "1.0", "٣", "0"])
async def test_what_is_no_id_of_a_fault_is_not_found(
    client: httpx.AsyncClient, path: str, number: str
) -> None:
    """Also a number of more digits than Python reads; no fault is removed."""
    body = FAULT if path == "/faults" else JOB_FAULT
    await client.post(path, json=body)
    assert (await client.delete(f"{path}/{number}")).status_code == 404
    assert len((await client.get(path)).json()["value"]) == 1


async def test_faults_show_their_hits(client: httpx.AsyncClient, scenario: Scenario) -> None:
    """And how often they matched."""
    await client.post("/faults", json=FAULT | {"after": 1})
    for _ in range(5):
        scenario.request_fault("jobs.get", "GET", None)
    [shown] = (await client.get("/faults")).json()["value"]
    assert (shown["matches"], shown["hits"]) == (3, 2)


async def test_a_quota_is_exhausted(client: httpx.AsyncClient, scenario: Scenario) -> None:
    """The answer is the list as the service gives it."""
    body = {"providerId": "ionq", "dimension": "qgs"}
    answer = (await client.post("/quotas/exhaust", json=body)).json()
    assert answer == {"value": scenario.quotas.to_json(), "nextLink": None}
    assert answer["value"][0]["utilization"] == 1000


@pytest.mark.parametrize(
    ("request_line", "body", "message"),
    [
        ("PUT /settings", "{", "the whole: not JSON"),
        ("PUT /settings", '{"sed": 1}', "sed: unknown; allowed is executionTime, faults,"),
        ("PATCH /settings", "[]", "the whole: [] is not a JSON object"),
        ("PATCH /settings", '{"queueDelay": "x"}', "/queueDelay: 'x' is not a duration: seconds"),
        ("POST /clock/advance", "{}", "the whole: 'by' is a required member."),
        ("POST /clock/advance", '{"by": -1}', "/by: -1 is not a duration: seconds"),
        ("POST /clock/advance", '{"by": "1000000000000d"}', "/by: '1000000000000d' is too long: a"),
        ("POST /clock/advance", '{"by": "36501d"}', "a duration has 36500 days at most"),
        ("POST /clock/advance", '{"by": 1e300}', "/by: 1e+300 is too long"),
        ("PUT /settings", '{"queueDelay": "40000d"}', "/queueDelay: '40000d' is too long"),
        ("PATCH /settings", '{"sasLifetime": 1e18}', "/sasLifetime: 1e+18 is too long"),
        (
            "POST /faults",
            '{"operation": "*", "status": 503, "delay": "40000d"}',
            "/delay: '40000d' is too long",
        ),
        ("POST /faults", "{}", "the whole: a fault needs one of status, delay and disc"),
        ("POST /faults", '{"status": 1}', "/status: Input should be greater than or equal to 400"),
        ("POST /jobFaults", '{"status": 1}', "status: unknown; allowed is after, code, hang"),
        ("POST /quotas/exhaust", "{}", "'providerId' is a required member"),
        (
            "POST /quotas/exhaust",
            '{"providerId": "x", "dimension": "y"}',
            "no quota of y for the provider x; there is: qgs of ionq.",
        ),
    ],
)
async def test_what_is_wrong_is_refused(
    client: httpx.AsyncClient, scenario: Scenario, request_line: str, body: str, message: str
) -> None:
    """The message names the field, and nothing has changed."""
    before, ahead = scenario.settings, scenario.clock.advanced_by
    method, path = request_line.split()
    answer = await client.request(method, path, content=body)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]
    assert scenario.settings == before
    assert scenario.clock.advanced_by == ahead


async def test_the_clock_has_an_end(client: httpx.AsyncClient) -> None:
    """It is refused as anything else that cannot be."""
    first = await client.post("/clock/advance", json={"by": "36500d"})
    second = await client.post("/clock/advance", json={"by": "36500d"})
    assert (first.status_code, second.status_code) == (200, 400)
    assert "year 2200" in second.json()["error"]["message"]
