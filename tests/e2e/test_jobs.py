from __future__ import annotations

import asyncio
from unittest.mock import ANY

import httpx
import pytest

from emulator_support.patience import PATIENCE, async_tries
from localdev.stack.endpoints import access_to, workspace_of
from localdev.stack.facts import StackFacts
from qjobs.domain.identifiers import provider_job_id
from tests.e2e.callers import hanging_jobs

WAIT = {"prefer": "wait=30"}
GHZ = {"input": {"qubits": 3}, "shots": 200, "seed": 7}


async def submitted(api: httpx.AsyncClient, **members: object) -> httpx.Response:
    """Return the answer to a submission, which must be accepted."""
    answer = await api.post("algorithms/ghz/jobs", json={**GHZ, **members})
    assert answer.status_code == 202, answer.text
    return answer


async def test_a_job_is_accepted_with_addresses_to_poll(api: httpx.AsyncClient) -> None:
    """A 202 says where to poll in both styles, and when."""
    answer = await submitted(api, name="first", tags=["one"])

    job = answer.json()
    assert answer.headers["operation-location"] == f"{api.base_url}jobs/{job['id']}"
    assert answer.headers["location"] == f"{api.base_url}jobs/{job['id']}/result"
    assert 1 <= int(answer.headers["retry-after"]) == job["retryAfter"] <= 300
    assert (job["result"], job["counts"], job["provenance"]) == (None, None, None)
    assert (job["status"], job["name"], job["tags"]) == ("Queued", "first", ["one"])
    nothing = dict.fromkeys(("id", "provider", "device", "asOf", "reason"))
    assert job["target"] == nothing | {"mode": "Simulator"}


async def test_asking_the_location_while_it_is_202_ends_with_the_result(
    api: httpx.AsyncClient,
) -> None:
    """Whoever takes 202 for pending, and asks its Location again, ends at the result."""
    answer, seen = await submitted(api), []
    job = answer.json()
    while answer.status_code == 202:
        assert answer.headers["location"] == f"{api.base_url}jobs/{job['id']}/result"
        answer = await api.get(answer.headers["location"], headers=WAIT)
        seen.append(answer.status_code)

    document = answer.json()
    assert (seen[-1], document["id"], document["status"]) == (200, job["id"], "Succeeded")
    assert sum(document["counts"][0].values()) == 200
    assert document["provenance"]["target"]["id"] == "local.sim.aer"


async def test_polling_the_operation_ends_at_succeeded(api: httpx.AsyncClient) -> None:
    """Whoever polls the operation gets 200 with the job, and in the end where its result is."""
    answer = await submitted(api)
    address = answer.headers["operation-location"]

    while (polled := await api.get(address)).json()["status"] != "Succeeded":
        assert polled.status_code == 200
        assert polled.json()["resourceLocation"] is None
        assert int(polled.headers["retry-after"]) == polled.json()["retryAfter"]
        await asyncio.sleep(int(polled.headers["retry-after"]))
    job = polled.json()
    assert (job["status"], job["retryAfter"]) == ("Succeeded", None)
    assert "retry-after" not in polled.headers
    result = await api.get(job["resourceLocation"])
    assert (result.status_code, result.json()["status"]) == (200, "Succeeded")


async def test_a_job_that_is_over_in_time_is_answered_with_its_result(
    api: httpx.AsyncClient,
) -> None:
    """With Prefer: wait one request brings the job to its end, and the answer is its result."""
    answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)

    assert (answer.status_code, answer.json()["status"]) == (200, "Succeeded")
    assert answer.headers["preference-applied"] == "wait=30"
    assert not answer.headers.keys() & {"location", "operation-location", "retry-after"}
    result = await api.get(answer.headers["content-location"])
    assert (result.status_code, result.json()) == (200, answer.json())


async def test_a_job_that_is_not_over_in_time_is_accepted(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """With too short a wait the answer is that of a submission without one."""
    async with hanging_jobs(stack):
        answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers={"prefer": "wait=1"})

    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "wait=1")
    assert answer.headers["location"] == answer.json()["links"]["result"]
    await api.delete(answer.headers["operation-location"])


async def test_a_trace_context_reaches_the_provider(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """The trace of a submission is on the job in the workspace."""
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {**WAIT, "traceparent": trace}
    answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers=headers)

    facts, workspace = stack["workspace"], workspace_of(stack)
    path = (
        f"subscriptions/{facts['subscriptionId']}/resourceGroups/{facts['resourceGroup']}"
        f"/providers/Microsoft.Quantum/workspaces/{facts['name']}"
        f"/jobs/{provider_job_id(answer.json()['id'], 0, 0)}"
    )
    async with httpx.AsyncClient(
        base_url=workspace.url, headers=workspace.headers, timeout=PATIENCE
    ) as client:
        job = (await client.get(path, params={"api-version": "2026-01-15-preview"})).json()
    version, trace_id, span, sampled = job["metadata"]["traceparent"].split("-")
    assert (version, trace_id, sampled) == ("00", trace.split("-")[1], "01")
    assert span != trace.split("-")[2]


async def test_a_seeded_job_repeats_exactly(api: httpx.AsyncClient) -> None:
    """Two jobs with the same input and seed read the same on the simulator."""
    counts = []
    for _ in range(2):
        answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)
        counts.append((await api.get(answer.json()["links"]["result"])).json()["counts"])

    assert counts[0] == counts[1]


async def test_a_result_is_cacheable_and_never_changes(api: httpx.AsyncClient) -> None:
    """A result has an ETag that answers 304, and may be kept."""
    answer = await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)
    address = answer.json()["links"]["result"]
    result = await api.get(address)

    again = await api.get(address, headers={"if-none-match": result.headers["etag"]})

    assert "immutable" in result.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")


async def test_a_repeated_key_gives_the_first_job(api: httpx.AsyncClient) -> None:
    """The same Idempotency-Key never makes a second job; another body under it is refused."""
    headers = {"idempotency-key": '"order 42"'}
    answers = await asyncio.gather(
        *(api.post("algorithms/ghz/jobs", json=GHZ, headers=headers) for _ in range(5))
    )
    other = await api.post("algorithms/ghz/jobs", json={**GHZ, "shots": 9}, headers=headers)

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None, "true", "true", "true", "true"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-conflict")


async def test_a_job_of_another_caller_does_not_exist(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """Status, result, cancellation and list show nothing of another caller's jobs."""
    job = (await submitted(api)).json()
    other = access_to(stack, caller="somebody-else").headers

    for method, path in [("GET", ""), ("GET", "/result"), ("DELETE", "")]:
        answer = await api.request(method, f"jobs/{job['id']}{path}", headers=other)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-job")
    listed = await api.get("jobs", headers=other)
    assert job["id"] not in listed.text


async def test_jobs_are_listed_newest_first_page_by_page(api: httpx.AsyncClient) -> None:
    """The list leads through all jobs of the caller: by its link, its header and its token."""
    jobs = [(await submitted(api, tags=[f"n{number}"])).json()["id"] for number in range(5)]

    listed: list[str] = []
    address: str | None = "jobs?top=2"
    while address is not None:
        answer = await api.get(address)
        page, address = answer.json(), answer.json()["nextLink"]
        listed += [job["id"] for job in page["value"]]
        assert answer.links.get("next", {}).get("url") == address
        assert (page["continuationToken"] is None) is (address is None)

    assert listed == jobs[::-1]
    tagged = (await api.get("jobs", params={"tag": "n3"})).json()
    assert [job["id"] for job in tagged["value"]] == [jobs[3]]


async def test_canceling_a_finished_job_is_refused(api: httpx.AsyncClient) -> None:
    """A job that has its result cannot be canceled any more."""
    job = (await api.post("algorithms/ghz/jobs", json=GHZ, headers=WAIT)).json()

    answer = await api.delete(f"jobs/{job['id']}")

    assert (answer.status_code, answer.json()["code"]) == (409, "job-finished")
    assert answer.json()["jobId"] == job["id"]


async def test_a_canceled_job_ends_canceled_and_has_no_result(api: httpx.AsyncClient) -> None:
    """A job canceled in time is canceled in the end, and canceling it again is no error."""
    job = (await submitted(api)).json()
    first = await api.delete(f"jobs/{job['id']}")
    if first.status_code == 409:
        pytest.fail("the job was finished before it could be canceled")
    ended = await api.get(f"jobs/{job['id']}", headers=WAIT)
    again = await api.delete(f"jobs/{job['id']}")
    result = await api.get(f"jobs/{job['id']}/result")

    assert (first.status_code, first.json()["status"]) == (202, "Canceling")
    assert first.headers["location"] == f"{api.base_url}jobs/{job['id']}"
    assert (first.headers["retry-after"], "operation-location" in first.headers) == ("1", False)
    assert (ended.status_code, ended.json()["status"]) == (200, "Canceled")
    assert ended.json()["error"]["code"] == "job-canceled"
    assert (again.status_code, again.json()) == (200, ended.json())
    assert (result.status_code, result.json()["code"]) == (409, "job-canceled")
    assert result.json()["jobId"] == job["id"]


async def test_a_canceled_job_leaves_nothing_running(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """However early or late a job is canceled, none of its circuits runs on at the provider."""
    body = {"input": {"qubits": 20, "method": "Parity"}, "shots": 20000}
    names = []
    for moment in (0.0, 0.1, 0.4):
        job = (await api.post("algorithms/ghz/jobs", json=body)).json()
        await asyncio.sleep(moment)
        await api.delete(f"jobs/{job['id']}")
        names.append(f"ghz {job['id']}")

    workspace = workspace_of(stack)
    async with httpx.AsyncClient(headers=workspace.headers, timeout=PATIENCE) as client:
        async for _ in async_tries(0.25):
            jobs = (await client.get(f"{workspace.url}emulator/jobs")).json()
            left = [job for job in jobs if job["name"] in names]
            if all(job["status"] in {"Cancelled", "Succeeded"} for job in left):
                break
    assert {job["status"] for job in left} <= {"Cancelled", "Succeeded"}, left
    # Had nobody asked the provider to stop, all of them would have been computed.
    assert any(job["status"] == "Cancelled" for job in left) or not left


async def test_a_failed_job_says_why(api: httpx.AsyncClient) -> None:
    """A job that the algorithm rejects is Failed, and its result is the problem it ended with."""
    body = {"input": {"first": ":)", "second": ":)"}}
    answer = await api.post("algorithms/emoticons/jobs", json=body, headers=WAIT)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "input-rejected")
    assert [fault["pointer"] for fault in problem["violations"]] == ["/input/second"]
    job = (await api.get(f"jobs/{problem['jobId']}")).json()
    assert (job["status"], job["error"]["code"]) == ("Failed", "input-rejected")
    assert (job["error"]["pointer"], job["error"]["detail"]) == ("/input/second", problem["detail"])
    result = await api.get(answer.headers["content-location"])
    assert (result.status_code, result.json()) == (422, problem | {"instance": ANY})
