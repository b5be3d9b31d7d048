"""Access tokens: which the gateway admits, and that the functions admit it alone."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest

from emulator_support.patience import PATIENCE
from localdev.identity.directory import API_AUDIENCE, FUNCTIONS_AUDIENCE
from localdev.identity.tokens import Claims, Issuer, new_key
from localdev.stack.endpoints import access_to, gateway_to, issuer_of
from localdev.stack.facts import StackFacts
from localdev.stack.stack import Stack
from tests.e2e.gateways import one_more_gateway
from tests.openapi import check_response

GHZ = {"input": {"qubits": 3}, "shots": 200}
NOBODY = "7e4a1f00-0000-4000-8000-00000000000f"


@pytest.fixture
def claims(stack: StackFacts) -> Claims:
    """Return what a good token says."""
    return issuer_of(stack).user_claims(uuid.uuid4().hex)


async def asked(
    stack: StackFacts, token: str, path: str = "jobs", method: str = "GET"
) -> httpx.Response:
    """Send a request with a token, or without one if it is empty."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(
        event_hooks={"response": [check_response]}, timeout=PATIENCE
    ) as client:
        url = f"{stack['gateway']['url']}/{path}"
        return await client.request(
            method, url, headers=headers, json=GHZ if method == "POST" else None
        )


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("kind", ["scopes", "roles"])
async def test_good_tokens_open_everything(stack: StackFacts, version: str, kind: str) -> None:
    """Tokens of both versions, of people and of applications, may read and submit."""
    issuer = issuer_of(stack)
    make = issuer.user_claims if kind == "scopes" else issuer.application_claims
    token = issuer.sign(make("somebody", version=version))

    assert (await asked(stack, token)).status_code == 200
    submitted = await asked(stack, token, "algorithms/ghz/jobs", "POST")
    assert submitted.status_code == 202


def forged(issuer: Issuer, claims: Claims) -> str:
    """Sign with another key under the same name."""
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": issuer.key_id})


BAD_TOKENS: dict[str, tuple[int, str, Callable[[Issuer, Claims], str]]] = {
    "none": (401, "unauthenticated", lambda *_: ""),
    "no token": (401, "unauthenticated", lambda *_: "hello"),
    "wrong tenant": (
        401,
        "unauthenticated",
        lambda _, claims: Issuer(NOBODY, new_key()).sign(
            claims | {"tid": NOBODY, "iss": f"https://login.microsoftonline.com/{NOBODY}/v2.0"}
        ),
    ),
    "wrong issuer": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"iss": "https://evil.example.com/"}),
    ),
    "issuer of another version of nobody": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"iss": f"https://sts.windows.net/{NOBODY}/"}),
    ),
    "wrong audience": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"aud": FUNCTIONS_AUDIENCE}),
    ),
    "wrong key": (401, "unauthenticated", forged),
    "algorithm none": (
        401,
        "unauthenticated",
        lambda _, claims: jwt.encode(claims, "", algorithm="none"),
    ),
    "algorithm HS256": (
        401,
        "unauthenticated",
        lambda issuer, claims: jwt.encode(
            claims, "x" * 32, algorithm="HS256", headers={"kid": issuer.key_id}
        ),
    ),
    "expired": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"exp": int(time.time()) - 1}),
    ),
    "not yet valid": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign(claims | {"nbf": int(time.time()) + 60}),
    ),
    "no expiry": (
        401,
        "unauthenticated",
        lambda issuer, claims: issuer.sign({k: v for k, v in claims.items() if k != "exp"}),
    ),
    "missing scope": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign(claims | {"scp": "jobs.submit User.Read"}),
    ),
    "scope in place of a role": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign(claims | {"scp": "", "roles": ["jobs.read"]}),
    ),
    "role in place of a scope": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign(claims | {"scp": "jobs.reader"}),
    ),
    "no holder": (
        403,
        "forbidden",
        lambda issuer, claims: issuer.sign({k: v for k, v in claims.items() if k != "oid"}),
    ),
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_bad_token_is_refused(stack: StackFacts, claims: Claims, kind: str) -> None:
    """Whatever is wrong with a token, the answer is the right problem, and not a word of it."""
    status, code, make = BAD_TOKENS[kind]
    token = make(issuer_of(stack), claims)

    answer = await asked(stack, token)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert len(token) < 10 or token not in answer.text


async def test_v1_and_v2_audiences_are_not_mixed_up_with_others(
    stack: StackFacts, claims: Claims
) -> None:
    """Either audience of the API is one, with either version."""
    assert (await asked(stack, issuer_of(stack).sign(claims | {"aud": API_AUDIENCE}))).is_success


async def test_the_functions_admit_the_gateway_alone(stack: StackFacts) -> None:
    """Whoever goes past the gateway is refused, whatever is sent along."""
    functions = stack["functions"]
    url, gateway = f"{functions['url']}/api/jobs", dict(gateway_to(stack).headers)
    caller = {"x-caller-id": gateway["x-caller-id"]}
    claimed = {"x-ms-client-principal-id": "7e4a1f00-0000-4000-8000-000000000005"}
    attempts = {
        "nothing": {},
        "a caller": caller,
        "a key": caller | {"x-functions-key": functions.get("key", "none")},
        "the platform's own header": caller | claimed,
        "a caller's token": caller | dict(access_to(stack).headers),
        "no caller": {"authorization": gateway["authorization"]},
    }
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        statuses = {
            name: (await client.get(url, headers=headers)).status_code
            for name, headers in attempts.items()
        }
        assert statuses == dict.fromkeys(attempts, 401)
        assert (await client.get(url, headers=gateway)).status_code == 200


async def test_reserved_hardware_needs_a_scope(
    running_stack: Stack, stack: StackFacts, claims: Claims, tmp_path: Path
) -> None:
    """Where it is reserved, whoever lacks the scope runs on simulators only."""
    values, issuer = {"hardware-scope": "jobs.hardware"}, issuer_of(stack)
    body = GHZ | {"target": {"mode": "Hardware"}}
    statuses = []
    with one_more_gateway(running_stack.facts, tmp_path, values) as url:
        for scopes, sent in (("", body), ("", GHZ), (" jobs.hardware", body)):
            token = issuer.sign(claims | {"scp": claims["scp"] + scopes})
            async with httpx.AsyncClient(
                timeout=PATIENCE, event_hooks={"response": [check_response]}
            ) as client:
                answer = await client.post(
                    f"{url}/algorithms/ghz/jobs".replace("//algorithms", "/algorithms"),
                    json=sent,
                    headers={"authorization": f"Bearer {token}"},
                )
            statuses.append((answer.status_code, answer.json().get("code")))

    assert statuses == [(403, "forbidden"), (202, None), (202, None)]
