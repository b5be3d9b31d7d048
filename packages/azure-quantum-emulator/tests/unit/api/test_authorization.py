"""Keys, tokens and addresses."""

from __future__ import annotations

import time

import httpx
import jwt
import pytest

from emulator_support.data_plane import PATH

SECRET = "anything at all, which nobody checks"
KEY = "x-ms-quantum-api-key"


@pytest.mark.parametrize("key", [None, "", "wrong", "the-key "])
async def test_without_the_key_nothing_is_answered(
    client: httpx.AsyncClient, key: str | None
) -> None:
    """A wrong key gets an empty 401, on every path."""
    client.headers.pop(KEY)
    for path in (f"{PATH}/jobs", "/emulator/jobs", "/nowhere", PATH):
        answer = await client.get(path, headers={KEY: key} if key else {})
        assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    "audience", ["https://quantum.microsoft.com", "https://management.azure.com/"]
)
async def test_a_token_is_as_good_as_the_key(client: httpx.AsyncClient, audience: str) -> None:
    """A token for Azure Quantum or the resource manager opens every path."""
    client.headers.pop(KEY)
    client.headers["authorization"] = f"Bearer {token(audience)}"
    for path in (f"{PATH}/jobs", "/emulator/jobs", PATH):
        assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer nonsense",
        pytest.param("elsewhere", id="for somebody else"),
        pytest.param("expired", id="expired"),
        pytest.param("basic", id="another scheme"),
    ],
)
async def test_other_tokens_are_not(client: httpx.AsyncClient, authorization: str) -> None:
    """A token has to be one, for us, and valid."""
    made = {
        "elsewhere": f"Bearer {token('https://vault.azure.net')}",
        "expired": f"Bearer {token('https://quantum.microsoft.com', expires_in=-3600)}",
        "basic": f"Basic {token('https://quantum.microsoft.com')}",
    }
    client.headers.pop(KEY)
    headers = {"authorization": made.get(authorization, authorization)}
    answer = await client.get(f"{PATH}/jobs", headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")


FOR_US = {"aud": "https://quantum.microsoft.com", "exp": int(time.time()) + 3600}


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (FOR_US, 200),
        (FOR_US | {"aud": ["https://management.azure.com", "other"]}, 200),
        (FOR_US | {"exp": 1}, 401),
        (FOR_US | {"exp": "soon"}, 401),
        ({"aud": FOR_US["aud"]}, 401),
        ({"exp": FOR_US["exp"]}, 401),
        (FOR_US | {"aud": "https://quantum.microsoft.com.example"}, 401),
        (FOR_US | {"aud": 5}, 401),
    ],
)
@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_signature_is_the_issuers_to_check(
    client: httpx.AsyncClient, algorithm: str, claims: dict[str, object], status: int
) -> None:
    """Without an issuer a token needs none: audience and expiry are checked all the same."""
    client.headers.pop(KEY)
    given = jwt.encode(claims, "" if algorithm == "none" else SECRET, algorithm=algorithm)
    client.headers["authorization"] = f"Bearer {given}"
    assert (await client.get(f"{PATH}/jobs")).status_code == status


@pytest.mark.parametrize("part", ["55555555", "/Group/", "/ws"])
async def test_other_workspaces_do_not_exist(client: httpx.AsyncClient, part: str) -> None:
    """A path with another subscription, resource group or name gets a 404 with a reason."""
    answer = await client.get(PATH.replace(part, f"{part[:2]}9{part[2:]}") + "/jobs")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ResourceNotFound"
    assert answer.headers["x-ms-error-code"] == "ResourceNotFound"


async def test_names_in_paths_have_no_case(client: httpx.AsyncClient) -> None:
    """A workspace is found in whatever case its name and its resource group are written."""
    path = PATH.replace("/Group/", "/gROUP/").replace("/ws", "/WS")
    assert (await client.get(f"{path}/jobs")).status_code == 200


def token(audience: str, expires_in: int = 3600) -> str:
    """Return a token."""
    claims = {"aud": audience, "exp": int(time.time()) + expires_in}
    return jwt.encode(claims, SECRET, algorithm="HS256")
