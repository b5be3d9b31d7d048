from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from localdev.host import lease

OFTEN = 0.001


class Queue:
    """A queue of which only the lease of one message matters."""

    def __init__(self, *failures: AzureError) -> None:
        self.failures = list(failures)
        self.renewals = 0
        self.asked = asyncio.Event()
        self.renewed = asyncio.Event()
        self.answer = asyncio.Event()
        self.answer.set()

    async def update_message(self, message: Any, *, visibility_timeout: int) -> Any:  # noqa: ANN401 - as the SDK has it
        """Renew, when the test lets the answer through."""
        assert visibility_timeout == 600
        self.asked.set()
        await self.answer.wait()
        if self.failures:
            raise self.failures.pop()
        self.renewals += 1
        self.renewed.set()
        return SimpleNamespace(pop_receipt=f"receipt {self.renewals}")


def failed(error: BaseException) -> None:
    """Fail the test where a host would end."""
    raise error


def message() -> QueueMessage:
    """Return a message as it was received."""
    return cast("QueueMessage", SimpleNamespace(id="1", pop_receipt="receipt 0"))


async def test_a_short_run_renews_nothing() -> None:
    """A lease is five minutes old before it is renewed."""
    queue, received = Queue(), message()
    async with lease.renewing(cast("QueueClient", queue), received, failed):
        await asyncio.sleep(0)
    assert queue.renewals == 0
    assert received.pop_receipt == "receipt 0"


async def test_a_renewal_under_way_brings_its_receipt() -> None:
    """The block ends with the receipt that deletes the message, not with one just replaced."""
    queue, received = Queue(), message()
    queue.answer.clear()
    async with lease.renewing(cast("QueueClient", queue), received, failed, OFTEN):
        await queue.asked.wait()
        asyncio.get_running_loop().call_later(0.01, queue.answer.set)
    assert queue.renewals == 1
    assert received.pop_receipt == "receipt 1"


@pytest.mark.parametrize(
    "failure", [ResourceNotFoundError(), HttpResponseError("PopReceiptMismatch")]
)
async def test_a_lost_lease_is_not_renewed_again(failure: AzureError) -> None:
    """A function goes on with a message that is gone or another's, and nobody asks for it again."""
    queue, received = Queue(failure), message()
    async with lease.renewing(cast("QueueClient", queue), received, failed, OFTEN):
        await queue.asked.wait()
        await asyncio.sleep(10 * OFTEN)
    assert queue.renewals == 0
    assert received.pop_receipt == "receipt 0"


@pytest.mark.parametrize("failure", [HttpResponseError("ServerBusy"), AzureError("refused")])
async def test_a_renewal_that_fails_ends_the_host(failure: AzureError) -> None:
    """What storage says besides ends the host, and the function goes on meanwhile."""
    queue, received = Queue(failure), message()
    told: list[BaseException] = []
    async with lease.renewing(cast("QueueClient", queue), received, told.append, OFTEN):
        await queue.asked.wait()
    assert told == [failure]
