"""The functions as a container has them, with nothing in front that authenticates."""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping, Sequence
from typing import override

import azure.functions as func
import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.identity.directory import (
    API_AUDIENCE,
    FUNCTIONS,
    FUNCTIONS_AUDIENCE,
    GATEWAY,
    TENANT,
)
from localdev.identity.tokens import Issuer, new_key
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to, gateway_to, issuer_of
from localdev.stack.facts import StackFacts
from localdev.stack.keyless import KeylessFunctions, keyless_parts
from localdev.stack.part import Options, Part, Profile
from localdev.stack.stack import Stack

FORGED = {"x-ms-client-principal-id": GATEWAY.object_id, "x-caller-id": "tenant:alice"}
OPEN = {"health"}


class ContainerFunctions(KeylessFunctions):
    """The functions of a container app whose authentication is not there."""

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return ["--app-dir", str(ROOT)]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        return {
            **super().environment(facts),
            "QJOBS_GATEWAY_TOKEN_AUDIENCE": FUNCTIONS_AUDIENCE,
            "QJOBS_GATEWAY_TOKEN_METADATA": facts["identity"]["metadata"],
            # Said by mistake, it opens nothing either.
            "WEBSITE_AUTH_ENABLED": "true",
        }


def parts(options: Options) -> list[Part]:
    """Return the parts of a stack without keys, with such functions."""
    found = keyless_parts(options)
    (index,) = (at for at, part in enumerate(found) if isinstance(part, KeylessFunctions))
    functions = found[index]
    assert isinstance(functions, KeylessFunctions)
    found[index] = ContainerFunctions(options, functions.authority)
    return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start the whole stack."""
    options = Options(tmp_path_factory.mktemp("container"), profile=Profile.KEYLESS)
    with Stack(options, parts) as stack:
        yield stack


@pytest.fixture(scope="module")
def functions(running: Stack) -> Iterator[httpx.Client]:
    """Return a client of the functions that knows nothing."""
    with httpx.Client(
        base_url=f"{running.facts['functions']['url']}/api", timeout=PATIENCE
    ) as client:
        yield client


def routes() -> list[tuple[str, str, str]]:
    """Return name, verb and path of every HTTP function."""
    app: func.FunctionApp = runpy.run_path(str(ROOT / "function_app.py"))["app"]
    found = []
    for one in app.get_functions():
        if one.is_http_function() and (trigger := one.get_trigger()):
            binding = trigger.get_dict_repr()
            some = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
            path = binding["route"].format(algorithm="ghz", id=some, eventId=some)
            found += [
                (str(one.get_function_name()), verb.value, path) for verb in binding["methods"]
            ]
    return found


@pytest.mark.parametrize(("name", "verb", "path"), routes(), ids=str)
def test_a_forged_header_opens_nothing(
    functions: httpx.Client, name: str, verb: str, path: str
) -> None:
    """Whoever says that it is the gateway is refused everywhere but at the probe."""
    response = functions.request(verb, path, headers=FORGED)

    if name in OPEN:
        assert response.status_code == 200
    else:
        assert response.status_code == 401
        assert verb == "HEAD" or response.json()["code"] == "unauthenticated"


def test_the_gateway_gets_through(running: Stack, functions: httpx.Client) -> None:
    """The gateway's own token is enough."""
    headers = gateway_to(running.facts).headers

    assert functions.get("algorithms", headers=headers).status_code == 200
    assert functions.get("openapi.json", headers=headers).status_code == 200
    assert functions.get("jobs", headers=headers).json()["value"] == []


@pytest.mark.parametrize(
    "of", ["a stranger's key", "another identity", "another audience", "a user"]
)
def test_another_token_opens_nothing(running: Stack, functions: httpx.Client, of: str) -> None:
    """Neither a forged token nor a valid one of somebody else is the gateway's."""
    issuer, stranger = issuer_of(running.facts), Issuer(TENANT, new_key())
    token = {
        "a stranger's key": stranger.sign(
            stranger.managed_identity_claims(GATEWAY, FUNCTIONS_AUDIENCE)
        ),
        "another identity": issuer.sign(
            issuer.managed_identity_claims(FUNCTIONS, FUNCTIONS_AUDIENCE)
        ),
        "another audience": issuer.sign(issuer.managed_identity_claims(GATEWAY, API_AUDIENCE)),
        "a user": issuer.sign(issuer.user_claims("alice")),
    }[of]

    response = functions.get("algorithms", headers=FORGED | {"authorization": f"Bearer {token}"})

    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert not any(part in running.log("functions").read_text() for part in token.split("."))


def test_two_tokens_are_none(running: Stack, functions: httpx.Client) -> None:
    """A second header cannot hide behind the gateway's."""
    headers = [*gateway_to(running.facts).headers.items(), ("authorization", "Bearer a.b.c")]

    for order in (headers, headers[::-1]):
        assert functions.get("algorithms", headers=order).status_code == 401


def test_a_job_goes_through_the_gateway(running: Stack) -> None:
    """A caller of the gateway gets its result, and the log has nothing of the gateway's token."""
    access = access_to(running.facts)
    with httpx.Client(base_url=access.url, headers=access.headers, timeout=60) as api:
        job = api.post(
            "algorithms/ghz/jobs", json={"input": {"qubits": 3}}, headers={"prefer": "wait=30"}
        ).json()

    assert job["status"] == "Succeeded"
    assert "eyJ" not in running.log("functions").read_text()
