from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from azure_quantum_emulator.serving.token_validation import TokenError, TokenValidator
from emulator_support.issuer import AUDIENCE, Issuer
from emulator_support.metadata_server import Published, publishing

ISSUER = Issuer()
NEXT_KEY = Issuer(key_id="next")


@pytest.fixture
async def published() -> AsyncIterator[Published]:
    """Publish the metadata of the issuer."""
    async with publishing(ISSUER.name, ISSUER.public_jwk()) as running:
        yield running


@pytest.fixture
def validator(published: Published) -> TokenValidator:
    """Return a validator that has fetched nothing yet."""
    return TokenValidator([published.url], [AUDIENCE])


async def test_many_at_once_fetch_once(published: Published, validator: TokenValidator) -> None:
    """Requests that come while the metadata is fetched wait for it instead of fetching it too."""
    await asyncio.gather(*(validator.validate(ISSUER.token()) for _ in range(10)))

    assert published.asked == ["/metadata", "/keys"]


async def test_a_new_key_is_found(published: Published) -> None:
    """A key that was published after the metadata was fetched is fetched when it is used."""
    validator = TokenValidator([published.url], [AUDIENCE], retry=0)
    await validator.validate(ISSUER.token())

    published.keys = [NEXT_KEY.public_jwk()]

    assert (await validator.validate(NEXT_KEY.token()))["name"] == "alice"
    with pytest.raises(TokenError):  # the old one is no longer published
        await validator.validate(ISSUER.token())


async def test_unknown_keys_are_not_looked_for_all_the_time(
    published: Published, validator: TokenValidator
) -> None:
    """Whoever makes up keys does not make the validator fetch for each of them."""
    await validator.validate(ISSUER.token())

    for _ in range(3):
        with pytest.raises(TokenError):
            await validator.validate(NEXT_KEY.token())

    assert published.asked == ["/metadata", "/keys"]


async def test_a_token_of_an_issuer_without_metadata_is_refused(validator: TokenValidator) -> None:
    """The right key is not enough: a token of version 1.0 has it too, and another issuer."""
    with pytest.raises(TokenError) as refused:
        await validator.validate(ISSUER.token(iss="https://issuer.example/"))
    assert refused.value.reason == "TokenIssuerNotAllowed"


@pytest.mark.parametrize("without", ["issuer", "jwks_uri"])
async def test_metadata_that_lacks_something_admits_nobody(
    published: Published, validator: TokenValidator, without: str
) -> None:
    """Metadata that does not say whose it is, or where the keys are, is no metadata."""
    published.without = without

    with pytest.raises(TokenError):
        await validator.validate(ISSUER.token())


@pytest.mark.parametrize("keys", [[], [{"kty": "oct", "k": "c2VjcmV0", "kid": ISSUER.key_id}]])
async def test_keys_that_cannot_be_used_admit_nobody(
    published: Published, validator: TokenValidator, keys: list[dict[str, str]]
) -> None:
    """No key, or a shared secret in the place of one, makes no token valid."""
    published.keys = keys

    with pytest.raises(TokenError):
        await validator.validate(ISSUER.token())


async def test_an_issuer_that_comes_back_is_asked_again(
    published: Published, validator: TokenValidator
) -> None:
    """A failure to fetch is not remembered."""
    published.status = 503
    with pytest.raises(TokenError):
        await validator.validate(ISSUER.token())
    published.status = 200

    assert (await validator.validate(ISSUER.token()))["name"] == "alice"


async def test_without_an_audience_nothing_is_valid(published: Published) -> None:
    """A validator for no audience refuses, rather than not look."""
    validator = TokenValidator([published.url], [])

    with pytest.raises(TokenError) as refused:
        await validator.validate(ISSUER.token())
    assert refused.value.reason == "TokenAudienceNotAllowed"
