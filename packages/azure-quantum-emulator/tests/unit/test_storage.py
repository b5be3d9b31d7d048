"""The storage account: what it can sign, and which addresses are its own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.storage import BlobName, BlobStorage
from azure_quantum_emulator.supervision.azurite import ACCOUNT, connection_string

IN_PATH = f"http://127.0.0.1:9/{ACCOUNT}"
IN_HOST = f"http://{ACCOUNT}.blob.core.azurite.test:9"
KEYED = connection_string((9, 9, 9))


@contextlib.asynccontextmanager
async def connected(account: str) -> AsyncIterator[BlobStorage]:
    """Connect to an account that nobody asks anything."""
    storage = BlobStorage.connect(account)
    try:
        yield storage
    finally:
        await storage.aclose()


@pytest.mark.parametrize(
    ("account", "has_key"), [(KEYED, True), ("https://account.blob.core.windows.net", False)]
)
async def test_only_a_connection_string_has_the_key(account: str, has_key: bool) -> None:
    """An identity gets a delegated key, which cannot sign for all of an account."""
    async with connected(account) as storage:
        assert storage.has_key is has_key


async def test_a_signature_for_the_account_is_not_that_for_a_container() -> None:
    """Both are remembered, and each is given to those who ask for it."""
    async with connected(KEYED) as storage:
        one = await storage.signed_uri("rwlac", "c", whole_account=True)
        other = await storage.signed_uri("rwlac", "c")
        again = await storage.signed_uri("rwlac", "c", whole_account=True)
    assert "srt=co" in one
    assert "sr=c&" in other
    assert one == again


@pytest.mark.parametrize(
    ("account", "address"),
    [
        (KEYED, f"{IN_PATH}/c/b"),
        (KEYED, f"{IN_PATH}/c/b?sig=x"),
        (KEYED, "http://127.0.0.1:9/c/b"),
        (KEYED.replace(f"BlobEndpoint={IN_PATH}", f"BlobEndpoint={IN_HOST}"), f"{IN_HOST}/c/b"),
    ],
)
async def test_an_address_may_leave_the_account_out_of_its_path(account: str, address: str) -> None:
    """It is in the host on Azure, so clients that build addresses expect no more than that."""
    async with connected(account) as storage:
        assert storage.locate_blob(address) == BlobName("c", "b")
        assert storage.own_address(address).startswith(storage.uri("c", "b"))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:10/c/b",
        "http://127.0.0.1:90/c/b",
        "https://127.0.0.1:9/c/b",
        "http://127.0.0.1:9@example.com/c/b",
        "http://example.com/c/b",
        f"{IN_PATH}/../other/c/b",
        f"{IN_PATH}/%2e%2e/other/c",
        "c/b",
        "",
    ],
)
async def test_no_other_address_is_the_accounts(address: str) -> None:
    """Another port, scheme or host is another account."""
    async with connected(KEYED) as storage:
        for locate in (storage.locate_blob, storage.own_address):
            with pytest.raises(InvalidRequestError):
                locate(address)


@pytest.mark.parametrize("microseconds", [0, 1, 23, 10**6])
async def test_a_signature_may_be_good_for_no_time(microseconds: int) -> None:
    """A test of what expires asks for an address that has."""
    storage = BlobStorage.connect(KEYED, lambda: timedelta(microseconds=microseconds))
    async with contextlib.aclosing(storage):
        address = await storage.signed_uri("r", "c", "b")
    expiry = datetime.fromisoformat(parse_qs(urlsplit(address).query)["se"][0])
    assert expiry <= datetime.now(UTC) + timedelta(seconds=1)
