from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from localdev.identity.directory import FUNCTIONS, FUNCTIONS_AUDIENCE, GATEWAY, TENANT
from localdev.identity.tokens import Issuer, new_key
from qjobs.adapters import gateway_token
from qjobs.adapters.gateway_token import GatewayTokenCheck, read_issuer
from qjobs.domain.errors import TransientError, UnauthenticatedError
from qjobs.settings import GatewayToken

ISSUER = Issuer(TENANT, new_key())
STRANGER = Issuer(TENANT, new_key())
NAME = ISSUER.issuer("1.0")
CLAIMS = ISSUER.managed_identity_claims(GATEWAY, FUNCTIONS_AUDIENCE)
PEM = ISSUER.key.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


@dataclass
class Published:
    """The keys of an issuer in memory, a clock, and how often the keys were read."""

    keys: dict[str, jwt.PyJWK] = field(
        default_factory=lambda: {ISSUER.key_id: jwt.PyJWK(ISSUER.public_jwk())}
    )
    reachable: bool = True
    reads: int = 0
    time: float = 1000.0

    def read(self, _: str) -> gateway_token.Issuer:
        """Return the issuer, unless it cannot be reached."""
        self.reads += 1
        if not self.reachable:
            raise OSError("connection refused")
        return gateway_token.Issuer(NAME, dict(self.keys))

    def check(self) -> GatewayTokenCheck:
        """Return a check that has nothing read yet."""
        token = GatewayToken(FUNCTIONS_AUDIENCE, "https://issuer.example/metadata")
        return GatewayTokenCheck(token, GATEWAY.object_id, self.read, lambda: self.time)


def bearer(token: str) -> str:
    """Return the header's value for a token."""
    return f"Bearer {token}"


def signed(issuer: Issuer = ISSUER, key_id: str | None = None, **changes: Any) -> str:  # noqa: ANN401 - claims
    """Return the header with a token of the gateway, with other claims; None leaves one out."""
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    headers = {"kid": key_id or issuer.key_id}
    return bearer(jwt.encode(claims, issuer.key, algorithm="RS256", headers=headers))


def by_hand(header: dict[str, Any], signature: bytes = b"") -> str:
    """Return the header with a token whose own header is *header*."""
    parts = [json.dumps(header).encode(), json.dumps(CLAIMS).encode(), signature]
    return bearer(".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts))


def with_shared_secret() -> str:
    """Return a token that is signed with the public key, as if that were a secret."""
    token = by_hand({"alg": "HS256", "kid": ISSUER.key_id}).removeprefix("Bearer ")
    content = token.rpartition(".")[0]
    hmac_key = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = hmac_key.sign(content.encode(), PEM)
    return bearer(f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


NOW = int(time.time())
WRONG = {
    "nothing": "",
    "no token": "Bearer ",
    "another scheme": signed().replace("Bearer", "Basic"),
    "no scheme": signed().removeprefix("Bearer "),
    "two headers": f"{signed()}, {signed()}",
    "two headers, the first alone wrong": f"Bearer x, {signed()}",
    "more after it": f"{signed()} x",
    "a line": f"{signed()}\n",
    "garbage": "Bearer hello",
    "three garbages": "Bearer a.b.c",
    "letters of another alphabet": signed().replace("e", "\N{CYRILLIC SMALL LETTER IE}"),
    "oversized": signed(padding="x" * 16384),
    "deeply nested": by_hand({}).replace(
        by_hand({})[7:10], base64.urlsafe_b64encode(b"[" * 9000).decode(), 1
    ),
    "a foreign key": signed(STRANGER),
    "a foreign key under a known id": signed(STRANGER, key_id=ISSUER.key_id),
    "no signature": signed().rpartition(".")[0] + ".",
    "another's signature": f"{signed(sub='x').rpartition('.')[0]}.{signed().rpartition('.')[2]}",
    "none": by_hand({"alg": "none", "kid": ISSUER.key_id}),
    "None": by_hand({"alg": "None", "kid": ISSUER.key_id}),
    "the public key as a secret": with_shared_secret(),
    "another algorithm": bearer(
        jwt.encode(CLAIMS, ISSUER.key, algorithm="RS512", headers={"kid": ISSUER.key_id})
    ),
    "a key of its own in it": by_hand({"alg": "RS256", "jwk": STRANGER.public_jwk()}),
    "no key id": by_hand({"alg": "RS256"}),
    "a key id that is no text": by_hand({"alg": "RS256", "kid": [ISSUER.key_id]}),
    "an extension that must be understood": by_hand(
        {"alg": "RS256", "kid": ISSUER.key_id, "crit": ["x"]}
    ),
    "another audience": signed(aud="https://vault.azure.net"),
    "several audiences": signed(aud=[FUNCTIONS_AUDIENCE, "another"]),
    "another issuer": signed(iss=ISSUER.issuer("2.0")),
    "another tenant": signed(iss="https://sts.windows.net/another/"),
    "expired": signed(exp=NOW - 120),
    "not yet valid": signed(nbf=NOW + 86_400),
    "another identity": signed(oid=FUNCTIONS.object_id),
    "the gateway as subject alone": signed(oid=None),
    "an identity that is no text": signed(oid=[GATEWAY.object_id]),
    "without audience": signed(aud=None),
    "without an end": signed(exp=None),
    "without a beginning": signed(nbf=None),
    "without issuer": signed(iss=None),
}


async def test_the_gateways_token_is_accepted() -> None:
    """A token of the gateway's identity passes, again and again, with the keys read once."""
    published = Published()
    check = published.check()

    for header in (signed(), signed().replace("Bearer", "bEARER  "), signed()):
        await check(header)

    assert published.reads == 1


@pytest.mark.parametrize("what", WRONG)
async def test_anything_else_is_refused(what: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is wrong, a sender is told the same, and the log has nothing of the token."""
    caplog.set_level(logging.DEBUG)

    with pytest.raises(UnauthenticatedError, match=r"^Only the gateway may call\.$") as refused:
        await Published().check()(WRONG[what])

    assert refused.value.__context__ is None or refused.value.__suppress_context__
    assert not any(part in caplog.text for part in WRONG[what].split(".") if len(part) > 10)


async def test_clocks_may_differ_a_little() -> None:
    """A token is taken a moment before its time and after it, because two clocks differ."""
    check, now = Published().check(), int(time.time())

    await check(signed(nbf=now + 30, iat=now + 30))
    await check(signed(exp=now - 10))


@given(st.one_of(st.text(), st.from_regex(r"Bearer [\w-]*\.[\w-]*\.[\w-]*", fullmatch=True)))
def test_no_header_makes_it_fail(header: str) -> None:
    """Any text at all is refused in the same way."""
    with pytest.raises(UnauthenticatedError):
        asyncio.run(Published().check()(header))


async def test_a_key_of_another_kind_is_no_way_around() -> None:
    """The issuer's key for another algorithm signs nothing here."""
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    token = jwt.encode(CLAIMS, key, algorithm="ES256", headers={"kid": "curve"})
    published = Published(keys={"curve": jwt.PyJWK(jwk)})

    for header in (bearer(token), signed(key_id="curve")):
        with pytest.raises(UnauthenticatedError):
            await published.check()(header)


async def test_an_unknown_key_is_looked_for_once_a_minute() -> None:
    """However many ids are made up, the issuer is asked once a minute, and known keys work."""
    published = Published()
    check = published.check()
    await check(signed())

    async def refused(number: int) -> None:
        with pytest.raises(UnauthenticatedError):
            await check(signed(STRANGER, key_id=f"made up {number}"))

    await asyncio.gather(*map(refused, range(20)))
    assert published.reads == 1  # the first look has just been
    published.time += 60
    await asyncio.gather(*map(refused, range(20)), check(signed()))

    assert published.reads == 2


async def test_a_new_key_is_found() -> None:
    """A token that is signed with a key of today is accepted, without a restart."""
    published = Published()
    check = published.check()
    await check(signed())
    published.keys[STRANGER.key_id] = jwt.PyJWK(STRANGER.public_jwk())
    published.time += 60

    await check(signed(STRANGER))


async def test_a_withdrawn_key_is_forgotten_within_a_day() -> None:
    """The keys are read again after a day, and what is gone is not believed any more."""
    published = Published()
    check = published.check()
    await check(signed())
    published.keys = {STRANGER.key_id: jwt.PyJWK(STRANGER.public_jwk())}

    published.time += 24 * 3600 - 1
    await check(signed())
    published.time += 2
    with pytest.raises(UnauthenticatedError):
        await check(signed())


async def test_an_issuer_that_does_not_answer_is_no_reason_to_refuse() -> None:
    """Until it answers nobody can tell: come back, soon, and it is asked again."""
    published = Published(reachable=False)
    check = published.check()

    for _ in range(3):
        with pytest.raises(TransientError) as unknown:
            await check(signed())
        assert 0 < (unknown.value.retry_after or 0) <= 5
    assert published.reads == 1
    published.reachable, published.time = True, published.time + 5
    await check(signed())


async def test_known_keys_work_without_the_issuer() -> None:
    """Who has a known key comes in; whether another is one, nobody can tell at the moment."""
    published = Published()
    check = published.check()
    await check(signed())
    published.reachable, published.time = False, published.time + 60

    with pytest.raises(TransientError):
        await check(signed(STRANGER))
    await check(signed())


@pytest.fixture
async def publish() -> AsyncIterator[Callable[..., Any]]:
    """Return what serves a document as the configuration of an issuer, with keys beside it."""
    servers = []

    async def serve(status: int = 200, **changes: Any) -> str:  # noqa: ANN401 - JSON
        keys = changes.pop("keys", [{"kty": "unknown"}, ISSUER.public_jwk()])

        async def metadata(request: web.Request) -> web.Response:
            document = {"issuer": NAME, "jwks_uri": str(request.url.with_path("/keys"))} | changes
            return web.json_response(document, status=status)

        async def jwks(_: web.Request) -> web.Response:
            return web.json_response({"keys": keys})

        app = web.Application()
        app.add_routes([web.get("/metadata", metadata), web.get("/keys", jwks)])
        servers.append(server := TestServer(app))
        await server.start_server()
        return str(server.make_url("/metadata"))

    yield serve
    for server in servers:
        await server.close()


async def test_the_issuer_is_as_its_configuration_says(publish: Callable[..., Any]) -> None:
    """Name and keys are those published; a key of a kind that is not known is left out."""
    issuer = await asyncio.to_thread(read_issuer, await publish())

    assert (issuer.name, list(issuer.keys)) == (NAME, [ISSUER.key_id])


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 500},
        {"jwks_uri": None},
        {"jwks_uri": "nowhere"},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"keys": []},
        {"keys": "none"},
        {"keys": [1]},
    ],
    ids=str,
)
async def test_what_is_no_configuration_is_said_to_be_none(
    publish: Callable[..., Any], changes: dict[str, Any]
) -> None:
    """Nonsense from the issuer counts as no answer."""
    url = await publish(**changes)

    with pytest.raises((OSError, ValueError)):
        await asyncio.to_thread(read_issuer, url)
