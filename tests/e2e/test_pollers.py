"""The pollers and pagers of client libraries end with the result, or raise the reason."""

from __future__ import annotations

import asyncio
import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.core import PipelineClient
from azure.core.exceptions import HttpResponseError
from azure.core.paging import ItemPaged
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import HeadersPolicy, RequestIdPolicy, RetryPolicy
from azure.core.polling import LROPoller
from azure.core.polling.base_polling import LocationPolling, LROBasePolling, StatusCheckPolling
from azure.core.rest import HttpRequest

from emulator_support.patience import async_tries
from localdev.stack.facts import StackFacts
from tests.e2e.callers import hanging_jobs, run, token_of, url_of

pytestmark = pytest.mark.one_stack

type Json = dict[str, Any]
type Azure = PipelineClient[Any, Any]

GHZ = {"input": {"qubits": 3}, "shots": 200}
TWINS = {"input": {"first": ":)", "second": ":)"}}
"""What the algorithm refuses once it looks: the job fails."""
WHY = "/input/second: "
WAIT = {"Prefer": "wait=30"}
SUBMISSIONS = pytest.mark.parametrize("headers", [{}, WAIT], ids=["polled", "waited for"])

POLLERS: dict[str, Callable[[], LROBasePolling[Any, Any, Any]]] = {
    "default": LROBasePolling,
    "final-state-via location": lambda: LROBasePolling(lro_options={"final-state-via": "location"}),
    "location polling": lambda: LROBasePolling(
        lro_algorithms=[LocationPolling(), StatusCheckPolling()]
    ),
}
"""How azure-core polls, by name: those that end with the result."""
OF_THE_JOB: dict[str, Callable[[], LROBasePolling[Any, Any, Any]]] = {
    f"final-state-via {via}": lambda via=via: LROBasePolling(  # type: ignore[misc]
        lro_options={"final-state-via": via}
    )
    for via in ("operation-location", "azure-async-operation")
}
"""Those that end, as their names say, with what `Operation-Location` answers."""
EVERY = POLLERS | OF_THE_JOB
CONFIGURATIONS = [
    *(None, "location", "operation-location", "azure-async-operation", "original-uri")
]
"""Values of `resourceLocationConfig`, which is what `finalStateVia` becomes in JavaScript."""


def azure_client(api: httpx.AsyncClient) -> Azure:
    """Return a client as those of Azure's libraries are: with their policies."""
    authorization = HeadersPolicy({"Authorization": f"Bearer {token_of(api)}"})
    return PipelineClient(url_of(api), policies=[RequestIdPolicy(), RetryPolicy(), authorization])


def submitted(
    client: Azure, algorithm: str, body: Json, headers: Json
) -> PipelineResponse[Any, Any]:
    """Submit a job; an error raises, as in every generated method."""
    request = HttpRequest(
        "POST",
        f"{client._base_url}/algorithms/{algorithm}/jobs",  # noqa: SLF001 - it has no other name
        json=body,
        headers={"Idempotency-Key": str(uuid.uuid4()), **headers},
    )
    answer: PipelineResponse[Any, Any] = client.send_request(
        request, _return_pipeline_response=True
    )
    answer.http_response.raise_for_status()
    return answer


def polled(client: Azure, answer: PipelineResponse[Any, Any], poller: str) -> Json:
    """Return what a poller ends with."""
    document: Json = LROPoller(
        client, answer, lambda response: response.http_response.json(), EVERY[poller]()
    ).result()
    return document


async def in_javascript(api: httpx.AsyncClient, algorithm: str, body: Json, **more: object) -> Json:
    """Submit a job and poll it in JavaScript; return what the program prints."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    asked = {"url": url_of(api), "token": token_of(api), "algorithm": algorithm, "body": body}
    program = str(Path(__file__).with_name("poller.mjs"))
    command = ["node", program, json.dumps(asked | more)]
    code, printed, complained = await run(command, Path(__file__).parent, {})
    assert code == 0, complained
    document: Json = json.loads(printed)
    return document


@SUBMISSIONS
@pytest.mark.parametrize("poller", POLLERS)
async def test_azure_core_ends_with_the_result(
    api: httpx.AsyncClient, poller: str, headers: Json
) -> None:
    """However the result is looked for, and whether or not the submission waited for it."""
    with azure_client(api) as client:
        answer = await asyncio.to_thread(submitted, client, "ghz", GHZ, headers)
        ended = await asyncio.to_thread(polled, client, answer, poller)

    assert answer.http_response.status_code == (200 if headers else 202)
    assert (ended["status"], sum(ended["counts"][0].values())) == ("Succeeded", 200)


@pytest.mark.parametrize("poller", OF_THE_JOB)
async def test_azure_core_ends_with_the_job_where_it_is_told_to(
    api: httpx.AsyncClient, poller: str
) -> None:
    """The final state of the operation itself is the job, which says where its result is."""
    with azure_client(api) as client:
        answer = await asyncio.to_thread(submitted, client, "ghz", GHZ, {})
        ended = await asyncio.to_thread(polled, client, answer, poller)

    assert (ended["status"], "counts" in ended) == ("Succeeded", False)
    assert (await api.get(ended["resourceLocation"])).json()["id"] == ended["id"]


@SUBMISSIONS
@pytest.mark.parametrize("poller", EVERY)
async def test_azure_core_raises_why_a_job_failed(
    api: httpx.AsyncClient, poller: str, headers: Json
) -> None:
    """What is wrong, and where, is in the message of the exception."""
    with azure_client(api) as client, pytest.raises(HttpResponseError) as raised:
        await asyncio.to_thread(
            lambda: polled(client, submitted(client, "emoticons", TWINS, headers), poller)
        )

    (job,) = (await api.get("jobs")).json()["value"]
    assert f"{WHY}{job['error']['detail']}" in str(raised.value)


@pytest.mark.parametrize("poller", EVERY)
async def test_azure_core_raises_that_a_job_was_canceled(
    api: httpx.AsyncClient, stack: StackFacts, poller: str
) -> None:
    """A poller whose job somebody cancels ends with an exception that says so."""
    async with hanging_jobs(stack):
        with azure_client(api) as client:
            answer = await asyncio.to_thread(submitted, client, "ghz", GHZ, {})
            await api.delete(answer.http_response.headers["operation-location"])
            with pytest.raises(HttpResponseError, match="job-canceled") as raised:
                await asyncio.to_thread(polled, client, answer, poller)

    (job,) = (await api.get("jobs")).json()["value"]
    assert job["error"]["detail"] in str(raised.value)


async def test_azure_core_raises_that_a_job_was_canceled_while_it_waited(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """A submission that waits for its job is answered with the problem of the canceled one."""
    async with hanging_jobs(stack):
        with azure_client(api) as client:
            waiting = asyncio.create_task(asyncio.to_thread(submitted, client, "ghz", GHZ, WAIT))
            async for _ in async_tries(0.1):
                if jobs := (await api.get("jobs")).json()["value"]:
                    break
            await api.delete(f"jobs/{jobs[0]['id']}")
            with pytest.raises(HttpResponseError, match="job-canceled"):
                await waiting


@SUBMISSIONS
@pytest.mark.parametrize("configuration", CONFIGURATIONS)
async def test_javascript_ends_with_the_result(
    api: httpx.AsyncClient, configuration: str | None, headers: Json
) -> None:
    """However the result is looked for, and whether or not the submission waited for it."""
    chosen = {"resourceLocationConfig": configuration} if configuration else {}

    said = await in_javascript(api, "ghz", GHZ, headers=headers, **chosen)

    assert (said["ended"]["status"], said["ended"]["body"]["status"]) == ("200", "Succeeded")
    assert sum(said["ended"]["body"]["counts"][0].values()) == 200


@SUBMISSIONS
async def test_javascript_throws_why_a_job_failed(api: httpx.AsyncClient, headers: Json) -> None:
    """What is wrong, and where, is in the message of the error."""
    said = await in_javascript(api, "emoticons", TWINS, headers=headers)

    assert WHY in said["error"]


async def test_javascript_throws_that_a_job_was_canceled(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """A poller whose job is canceled ends with an error that says so."""
    async with hanging_jobs(stack):
        said = await in_javascript(api, "ghz", GHZ, cancel=True)

    assert said["error"] == "Operation was canceled"


async def test_asking_the_location_while_it_is_202_ends_a_cancellation(
    api: httpx.AsyncClient, stack: StackFacts
) -> None:
    """The Location of a cancellation is the job, which is never answered with 202."""
    async with hanging_jobs(stack):
        job = (await api.post("algorithms/ghz/jobs", json=GHZ)).json()
        answer = await api.delete(f"jobs/{job['id']}")
        seen = [answer.status_code]
        while answer.status_code == 202:
            answer = await api.get(answer.headers["location"], headers=WAIT)
            seen.append(answer.status_code)

    assert seen == [202, 200]
    assert (answer.json()["id"], answer.json()["status"]) == (job["id"], "Canceled")


REFUSALS: dict[str, tuple[Json, str]] = {
    "a member out of range": ({"input": {"qubits": 0}}, "/input/qubits: "),
    "a member that is unknown": ({"input": {}, "shot": 1}, "/shot: "),
    "a target that is not there": ({"input": {}, "target": {"id": "no.such"}}, "/target/id: "),
}
"""What is refused, and what every client has to show."""


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_azure_core_shows_what_to_change(api: httpx.AsyncClient, refusal: str) -> None:
    """The exception of a refused submission says where the fault is, and what it is."""
    body, where = REFUSALS[refusal]
    with azure_client(api) as client, pytest.raises(HttpResponseError) as raised:
        await asyncio.to_thread(submitted, client, "ghz", body, {})

    (violation,) = json.loads(raised.value.response.text())["violations"]  # type: ignore[union-attr]
    assert f"{where}{violation['detail']}" in str(raised.value)


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_javascript_shows_what_to_change(api: httpx.AsyncClient, refusal: str) -> None:
    """The error of a refused submission begins with where the fault is."""
    body, where = REFUSALS[refusal]

    said = await in_javascript(api, "ghz", body)

    assert said["error"].startswith(where)


async def test_azure_core_shows_what_the_gateway_says(api: httpx.AsyncClient) -> None:
    """A problem that the gateway makes is shown as one of the functions is."""
    with azure_client(api) as client, pytest.raises(HttpResponseError) as raised:
        await asyncio.to_thread(submitted, client, "ghz/no", GHZ, {})

    problem = json.loads(raised.value.response.text())  # type: ignore[union-attr]
    assert problem["code"] == "unknown-operation"
    assert problem["detail"] in str(raised.value)


async def test_pagers_list_every_job(api: httpx.AsyncClient) -> None:
    """By `nextLink`, as azure-core's pages, and by the header Link, as others follow it."""
    for _ in range(3):
        await api.post("algorithms/ghz/jobs", json=GHZ)
    first = f"{url_of(api)}/jobs?top=2"

    def listed() -> list[str]:
        with azure_client(api) as client:
            pages: ItemPaged[Json] = ItemPaged(
                lambda link: client.send_request(HttpRequest("GET", link or first)).json(),
                lambda page: (page["nextLink"], iter(page["value"])),
            )
            return [job["id"] for job in pages]

    by_header, answer = [], await api.get(first)
    while True:
        by_header += [job["id"] for job in answer.json()["value"]]
        if "next" not in answer.links:
            break
        answer = await api.get(answer.links["next"]["url"])

    assert len(set(by_header)) == 3
    assert await asyncio.to_thread(listed) == by_header
