"""Writes that are done and whose answers are lost: the client repeats them, and finds its own."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_documents import BlobDocuments
from qjobs.adapters.blob_job_store import BlobJobStore
from qjobs.domain.errors import ConcurrentUpdateError, UnknownJobError
from qjobs.ports import Reservation
from tests.fakes import START
from tests.ports.lossy_proxy import LossyProxy, lossy_proxy
from tests.ports.test_job_store import REQUEST, new_job


class Stores:
    """The stores behind a proxy that loses answers."""

    def __init__(self, proxy: LossyProxy, jobs: BlobJobStore, documents: BlobDocuments) -> None:
        self.proxy, self.jobs, self.documents = proxy, jobs, documents

    async def losing[T](self, write: Awaitable[T], answers: int = 1) -> T:
        """Return what a write says whose first answers get lost."""
        self.proxy.lose = answers
        said = await write
        assert self.proxy.lose == 0
        return said


@pytest.fixture
async def stores(azurite: str) -> AsyncIterator[Stores]:
    """Return stores whose containers are there."""
    async with lossy_proxy(azurite) as (proxy, account):
        unique = uuid.uuid4().hex
        names = (f"{kind}-{unique}" for kind in ("jobs", "keys", "documents"))
        jobs, keys, documents = (BlobContainer(account, name) for name in names)
        for container in (jobs, keys, documents):
            await container.put("first", "{}")
        yield Stores(proxy, BlobJobStore(jobs, keys), BlobDocuments(documents))


async def test_a_created_job_is_ours(stores: Stores) -> None:
    """The record is there, and whoever wrote it goes on with it."""
    job = new_job()

    created = await stores.losing(stores.jobs.create(job, REQUEST))

    assert await stores.jobs.read("owner", job.id) == (created, REQUEST)


@pytest.mark.parametrize("answers", [1, 2])
async def test_a_saved_record_is_ours(stores: Stores, answers: int) -> None:
    """A change is not decided again, whether the answer about the record was lost or both were."""
    stored = await stores.jobs.create(new_job(), REQUEST)
    moved = stored.job.due_within(START, timedelta(hours=2))

    saved = await stores.losing(stores.jobs.save(moved, stored.etag), answers)

    assert stores.proxy.lost == ["comp=metadata", "comp=tags"][:answers]
    assert await stores.jobs.get("owner", stored.job.id) == saved
    assert saved.job == moved
    assert await stores.jobs.overdue(START + timedelta(hours=4), 9) == [saved]


async def test_a_finished_job_is_ours(stores: Stores) -> None:
    """Result and state are written once, and their writer may say so."""
    stored = await stores.jobs.create(new_job(), REQUEST)

    finished = await stores.losing(
        stores.jobs.finish(stored.job.succeeded(START), stored.etag, {"answer": 42})
    )

    assert await stores.jobs.read("owner", stored.job.id) == (finished, {"answer": 42})


async def test_a_reserved_key_is_ours(stores: Stores) -> None:
    """The key is bound to what was wanted."""
    wanted = Reservation("job-1", "print-1")

    assert await stores.losing(stores.jobs.reserve("owner", "key", wanted)) == wanted
    assert await stores.jobs.reserve("owner", "key", Reservation("job-2", "print-1")) == wanted


async def test_a_written_document_is_ours(stores: Stores) -> None:
    """A step is written once, and its writer knows that it was the one."""
    assert await stores.losing(stores.documents.put("owner", "job", "step-0", {"by": "us"}))
    assert not await stores.documents.put("owner", "job", "step-0", {"by": "us"})


async def test_a_deleted_job_is_deleted(stores: Stores) -> None:
    """That it is gone when the deletion is repeated is as it should be."""
    stored = await stores.jobs.create(new_job(), REQUEST)

    await stores.losing(stores.jobs.delete(stored))

    with pytest.raises(UnknownJobError):
        await stores.jobs.get("owner", stored.job.id)


async def _create(jobs: BlobJobStore) -> None:
    job = new_job()
    await jobs.create(job, REQUEST)
    await jobs.create(job, REQUEST)


async def _save(jobs: BlobJobStore) -> None:
    stored = await jobs.create(new_job(), REQUEST)
    moved = replace(stored.job, shots=7)
    await jobs.save(moved, stored.etag)
    await jobs.save(moved, stored.etag)


async def _finish(jobs: BlobJobStore) -> None:
    stored = await jobs.create(new_job(), REQUEST)
    succeeded = stored.job.succeeded(START)
    await jobs.finish(succeeded, stored.etag, {})
    await jobs.finish(succeeded, stored.etag, {})


@pytest.mark.parametrize("twice", [_create, _save, _finish])
async def test_an_equal_write_of_another_is_a_conflict(
    stores: Stores, twice: Callable[[BlobJobStore], Awaitable[None]]
) -> None:
    """A stored record that is equal to what was to be written is not therefore one's own."""
    with pytest.raises(ConcurrentUpdateError):
        await twice(stores.jobs)


async def test_what_was_overwritten_since_is_a_conflict(stores: Stores) -> None:
    """A writer whose answer was lost, and whose write is gone, has to decide again."""
    stored = await stores.jobs.create(new_job(), REQUEST)
    mine, yours = replace(stored.job, shots=1), replace(stored.job, shots=2)
    pass_on = stores.proxy.azurite.request

    async def overwritten(*args: object, **kwargs: object) -> object:
        stores.proxy.azurite.request = pass_on  # type: ignore[method-assign]
        answer = await pass_on(*args, **kwargs)  # type: ignore[arg-type]
        current = await stores.jobs.get("owner", stored.job.id)
        await stores.jobs.save(yours, current.etag)
        stores.proxy.lose = 1
        return answer

    stores.proxy.azurite.request = overwritten  # type: ignore[method-assign,assignment]
    with pytest.raises(ConcurrentUpdateError):
        await stores.jobs.save(mine, stored.etag)

    assert (await stores.jobs.get("owner", stored.job.id)).job == yours
