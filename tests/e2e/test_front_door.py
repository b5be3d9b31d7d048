"""A gateway behind Front Door takes nothing that did not come through it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import httpx
import pytest

from azure_quantum_emulator.supervision.process import Process
from emulator_support.patience import PATIENCE
from localdev.repository import ROOT
from localdev.stack.endpoints import issuer_of
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options
from localdev.stack.parts import Gateway
from localdev.stack.stack import Stack
from tests.openapi import check_response

pytestmark = pytest.mark.one_stack

ID = "5f0c2a4e-0000-4000-8000-0000000000fd"
HOST = "qjobs-example.z01.azurefd.net"
POLLS = 5


@pytest.fixture(scope="module")
def behind(running_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one more gateway, as a deployment with Front Door sets it; yields its address."""
    facts, directory = running_stack.facts, tmp_path_factory.mktemp("behind")
    values = {"front-door-id": ID, "public-host": HOST, "polls-per-minute": str(POLLS)}
    part = Gateway(Options(directory, named_values=values))
    environment = os.environ | dict(part.environment(facts))
    log = directory / "gateway.log"
    process = Process("behind", part.command(facts), log=log, cwd=ROOT, env=environment)
    try:
        yield process.wait_until(lambda: part.ready(process), part.start_timeout)["url"]
    finally:
        process.stop()


async def asked(url: str, path: str, **headers: str) -> httpx.Response:
    """Send a request with headers, whose names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(f"{url}/{path}", headers=named)


@pytest.mark.parametrize("header", [{}, {"x_azure_fdid": "none"}, {"x_azure_fdid": ID[:-1] + "e"}])
async def test_who_comes_past_front_door_is_told_where_to_go(
    behind: str, stack: StackFacts, header: dict[str, str]
) -> None:
    """Whatever token comes along, and wherever there is none: the API is not here."""
    token = issuer_of(stack).sign(issuer_of(stack).user_claims(uuid.uuid4().hex))

    for path, more in (("health", {}), ("jobs", {"authorization": f"Bearer {token}"})):
        refused = await asked(behind, path, **header, **more)
        assert refused.status_code == 404
        assert refused.json()["code"] == "unknown-operation"
        # Not in the contract, which begins where callers are to go.
        assert HOST in refused.json()["detail"]


async def test_who_comes_through_it_is_served(behind: str, stack: StackFacts) -> None:
    """Links begin with the address that callers use."""
    token = issuer_of(stack).sign(issuer_of(stack).user_claims(uuid.uuid4().hex))

    answer = await asked(
        behind, "algorithms", authorization=f"Bearer {token}", x_azure_fdid=ID, x_azure_socketip="9"
    )

    await check_response(answer)
    assert answer.status_code == 200
    assert f"http://{HOST}/quantum/" in answer.text


async def test_strangers_are_limited_by_their_own_addresses(behind: str) -> None:
    """All of them come from Front Door's, which says whose connection it was."""
    for _ in range(POLLS):
        answer = await asked(behind, "health", x_azure_fdid=ID, x_azure_socketip="192.0.2.1")
        assert answer.status_code == 200

    over = await asked(behind, "health", x_azure_fdid=ID, x_azure_socketip="192.0.2.1")
    another = await asked(behind, "health", x_azure_fdid=ID, x_azure_socketip="192.0.2.2")

    await check_response(over)
    assert (over.status_code, another.status_code) == (429, 200)


async def test_without_front_door_its_headers_mean_nothing(stack: StackFacts) -> None:
    """A client that makes them up is served as everybody is."""
    answer = await asked(stack["gateway"]["url"], "health", x_azure_fdid=ID)

    assert answer.status_code == 200
