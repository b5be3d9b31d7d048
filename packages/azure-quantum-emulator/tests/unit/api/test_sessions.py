"""Sessions over HTTP; their state machine has tests of its own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from emulator_support.data_plane import PATH, guid, open_session, put

ONE = f"{PATH}/sessions/{guid()}"


async def test_a_session_is_shown_as_the_service_does(client: httpx.AsyncClient) -> None:
    """Every operation answers with the same fields."""
    opened = (await open_session(client, providerId="Local")).json()
    assert (await client.get(ONE)).json() == opened
    assert opened.pop("creationTime").endswith("Z")
    assert opened == {
        "id": guid(),
        "itemType": "Session",
        "name": "a session",
        "providerId": "local",
        "target": "local.sim.aer",
        "status": "Waiting",
        "jobFailurePolicy": "Abort",
        "jobPriority": "Basic",
        "endExecutionTime": None,
        "costEstimate": None,
    }


async def test_a_session_waits_for_its_jobs(client: httpx.AsyncClient) -> None:
    """Closed while a job waits, it is over when the job is, and takes no more."""
    await open_session(client)
    await put(client, 2, sessionId=guid())
    assert (await client.get(ONE)).json()["status"] == "Executing"
    assert (await client.post(f"{ONE}:close")).json()["status"] == "Executing"
    assert (await put(client, 3, sessionId=guid())).status_code == 400
    await client.post(f"{PATH}/jobs/{guid(2)}:cancel")
    assert (await client.get(ONE)).json()["status"] == "Succeeded"


async def test_a_session_is_on_one_target(client: httpx.AsyncClient) -> None:
    """A job for another target does not belong into it."""
    await open_session(client, providerId="ionq", target="ionq.simulator")
    answer = await put(client, 2, sessionId=guid())
    assert answer.status_code == 400
    assert "ionq.simulator" in answer.json()["error"]["message"]


async def test_a_session_times_out(client: httpx.AsyncClient) -> None:
    """After ten minutes without a job; not while one is pending."""
    await open_session(client, 1)
    await open_session(client, 2)
    await put(client, 3, sessionId=guid(2))
    await client.post("/emulator/clock/advance", json={"by": "601s"})
    assert (await client.get(ONE)).json()["status"] == "TimedOut"
    assert (await client.get(f"{PATH}/sessions/{guid(2)}")).json()["status"] == "Executing"
    filtered = await client.get(f"{PATH}/sessions", params={"filter": "State eq 'TimedOut'"})
    assert [session["id"] for session in filtered.json()["value"]] == [guid()]


@pytest.mark.parametrize(
    "changes",
    [{"name": None}, {"target": "x"}, {"providerId": "ionq"}, {"jobFailurePolicy": "Retry"}],
)
async def test_what_is_no_session_is_refused(
    client: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    """A wrong session is a 400, and is not there afterwards."""
    assert (await open_session(client, **changes)).status_code == 400
    assert (await client.get(ONE)).json()["error"]["code"] == "SessionNotFound"


async def test_a_session_is_opened_once(client: httpx.AsyncClient) -> None:
    """A second PUT of an id conflicts."""
    await open_session(client)
    assert (await open_session(client)).status_code == 409
