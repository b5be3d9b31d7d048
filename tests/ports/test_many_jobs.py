"""More jobs than a page: what a list costs, and that reconciliation sees every record."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_job_store import BlobJobStore
from qjobs.adapters.storage import StorageAccount
from qjobs.domain.errors import StorageUnavailableError
from qjobs.domain.identifiers import owner_key
from qjobs.domain.job import Job, Status
from qjobs.ports import JobFilter
from tests.fakes import START
from tests.ports.lossy_proxy import LossyProxy, lossy_proxy
from tests.ports.test_job_store import REQUEST, new_job

OWNER = owner_key("alice")
SUCCEEDED = JobFilter(status=Status.SUCCEEDED)
NOTHING = JobFilter(tag="nobody-has-this")


@dataclass
class Shelf:
    """A store whose largest page is small, and what it asked the storage for."""

    proxy: LossyProxy
    counted: StorageAccount
    account: StorageAccount
    """The same, without the way by the proxy."""
    largest_page: int = 20

    def __post_init__(self) -> None:
        """Give it a container of its own."""
        name = f"jobs-{uuid.uuid4().hex}"
        counted, self.records = BlobContainer(self.counted, name), BlobContainer(self.account, name)
        self.jobs = BlobJobStore(counted, counted, self.largest_page)
        self.quick = BlobJobStore(self.records, self.records)

    async def fill(self, *jobs: Job) -> None:
        """Write records, many at once."""
        await self.records.put("0", "{}")
        gate = asyncio.Semaphore(16)

        async def write(job: Job) -> None:
            async with gate:
                await self.quick.create(job, {})

        await asyncio.gather(*map(write, jobs))
        await self.records.delete("0")

    def listings(self) -> int:
        """Return how many listings there were since the last time."""
        count = sum("comp=list" in seen for seen in self.proxy.seen)
        self.proxy.seen.clear()
        return count


@pytest.fixture
async def shelf(azurite: str, account: StorageAccount) -> AsyncIterator[Shelf]:
    """Return an empty store of small pages."""
    async with lossy_proxy(azurite) as (proxy, counted):
        yield Shelf(proxy, counted, account)


def jobs_of(number: int, *, owner: str = OWNER, **members: object) -> list[Job]:
    """Return jobs of one owner, the oldest first."""
    return [new_job(index, owner=owner, **members) for index in range(number)]


async def listed(shelf: Shelf, wanted: JobFilter, size: int) -> tuple[list[Job], list[int]]:
    """Follow a list to its end; return its jobs, and what each page cost in listings."""
    jobs: list[Job] = []
    costs: list[int] = []
    token = None
    shelf.listings()
    while True:
        page = await shelf.jobs.page(OWNER, wanted, size, token)
        costs.append(shelf.listings())
        assert len(page.jobs) <= size
        jobs += page.jobs
        token = page.continuation
        if token is None:
            return jobs, costs


async def test_a_filter_that_nothing_passes_costs_three_listings(shelf: Shelf) -> None:
    """Twice the largest page of jobs are looked at in three listings; a third begins with a token.

    With the service's page of 5,000 these are 10,000 jobs.
    """
    await shelf.fill(*jobs_of(40))
    assert await listed(shelf, NOTHING, 8) == ([], [3])

    await shelf.fill(*jobs_of(20))
    jobs, costs = await listed(shelf, NOTHING, 8)
    assert jobs == []
    assert len(costs) == 2
    assert max(costs) <= 3


async def test_every_page_of_a_filtered_list_costs_at_most_three_listings(shelf: Shelf) -> None:
    """Each job that passes comes once, newest first, wherever those that do not are."""
    jobs = [
        replace(job, status=Status.SUCCEEDED) if 10 < index < 40 or index % 15 == 0 else job
        for index, job in enumerate(jobs_of(75))
    ]
    await shelf.fill(*jobs, *jobs_of(3, owner=owner_key("bob"), status=Status.SUCCEEDED))

    for size in (1, 7, 20, 50):
        passing, costs = await listed(shelf, SUCCEEDED, size)

        assert passing == [job for job in jobs[::-1] if job.status is Status.SUCCEEDED]
        assert max(costs) <= 3


async def test_jobs_that_go_meanwhile_leave_no_gap(shelf: Shelf) -> None:
    """A page that begins in the middle of a listing begins after the right job."""
    queued, done = 12, 18
    jobs = [
        replace(job, status=Status.SUCCEEDED) if index < done else job
        for index, job in enumerate(jobs_of(queued + done))
    ]
    await shelf.fill(*jobs)
    first = await shelf.jobs.page(OWNER, SUCCEEDED, 5, None)
    assert len(first.jobs) == 5
    for gone in (jobs[-5], first.jobs[3]):
        await shelf.records.delete(f"{OWNER}/{gone.id}")

    second = await shelf.jobs.page(OWNER, SUCCEEDED, 5, first.continuation)

    assert list(second.jobs) == jobs[done - 6 : done - 11 : -1]


async def test_an_overdue_job_is_found_behind_many_others(shelf: Shelf) -> None:
    """The query by tag looks beyond the first few hundred blobs, which Azurite counts too."""
    late = new_job(0, owner="f" * 32, due=START)
    await shelf.fill(*jobs_of(250, owner="0" * 32, due=START + timedelta(days=1)), late)

    found = await shelf.jobs.overdue(START + timedelta(hours=1), 200)

    assert [stored.job for stored in found] == [late]


async def test_a_record_that_cannot_be_read_keeps_no_other_one_waiting(shelf: Shelf) -> None:
    """Where storage fails now and then, of many records one would fail in every round."""
    jobs = jobs_of(40, due=START)
    await shelf.fill(*jobs)
    shelf.proxy.refused = frozenset(job.id for job in jobs[::7])

    found = await shelf.jobs.overdue(START + timedelta(hours=1), 200)

    assert {stored.job.id for stored in found} == {job.id for job in jobs} - shelf.proxy.refused


async def test_storage_in_which_nothing_can_be_read_is_in_trouble(shelf: Shelf) -> None:
    """That is told, and not that no job is overdue."""
    jobs = jobs_of(3, due=START)
    await shelf.fill(*jobs)
    shelf.proxy.refused = frozenset(job.id for job in jobs)

    with pytest.raises(StorageUnavailableError):
        await shelf.jobs.overdue(START + timedelta(hours=1), 200)


async def test_a_walk_comes_by_every_record_whatever_its_tag_says(shelf: Shelf) -> None:
    """A round has as many portions as the container has parts and pages, each of bounded cost."""
    jobs = [
        new_job(index, owner=owner_key(f"caller {index % 3}"), due=START) for index in range(70)
    ]
    await shelf.fill(*jobs)
    seen: set[str] = set()

    for _ in range(16 + 70 // 20):
        shelf.listings()
        seen |= {stored.job.id for stored in await shelf.jobs.walk()}
        assert shelf.listings() <= 2

    assert seen == {job.id for job in jobs}


async def test_a_tag_of_an_ended_job_is_taken_off_quietly(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    """It was left by a process that died; two that find it at once take it off, and say nothing."""
    stored = await shelf.jobs.create(new_job(), REQUEST)
    ended = await shelf.jobs.save(stored.job.canceled(START), stored.etag)
    name, late = f"owner/{stored.job.id}", START + timedelta(hours=1)
    await shelf.records.tag(name, {"due": "2026-01-01T00:00:00.000000Z"})
    assert await shelf.records.find("\"due\" > ''", 10) == [name]

    found = await asyncio.gather(*(shelf.jobs.overdue(late, 10) for _ in range(4)))

    assert found == [[], [], [], []]
    assert await shelf.records.find("\"due\" > ''", 10) == []
    assert await shelf.jobs.get("owner", stored.job.id) == ended
    assert not caplog.records


async def test_a_tag_that_is_early_is_corrected(shelf: Shelf) -> None:
    """A job is overdue when its record says so, and its tag then says the same."""
    due = START + timedelta(hours=2)
    stored = await shelf.jobs.create(new_job(due=due), REQUEST)
    name = f"owner/{stored.job.id}"
    await shelf.records.tag(name, {"due": "2026-01-01T00:00:00.000000Z"})

    assert await shelf.jobs.overdue(START + timedelta(hours=1), 10) == []

    assert await shelf.records.find("\"due\" < '2026-01-02'", 10) == []
    assert await shelf.jobs.overdue(due + timedelta(seconds=1), 10) == [stored]


async def test_a_tag_that_is_late_hides_no_job_from_a_walk(shelf: Shelf) -> None:
    """Of two writers the slower one's tag may stay: the walk looks at the record."""
    stored = await shelf.jobs.create(new_job(due=START), REQUEST)
    await shelf.records.tag(f"owner/{stored.job.id}", {"due": "2030-01-01T00:00:00.000000Z"})
    assert await shelf.jobs.overdue(START + timedelta(hours=1), 10) == []

    assert await shelf.jobs.walk() == [stored]


async def test_counting_costs_one_request(shelf: Shelf) -> None:
    """However many jobs there are that have ended, and whatever their records say."""
    jobs = [new_job(number) for number in range(30)]
    ended = [new_job(number).succeeded(START) for number in range(30, 90)]
    await shelf.fill(*jobs, *ended)
    shelf.proxy.seen.clear()

    counted = await shelf.jobs.unfinished()

    assert {one.created_at for one in counted} == {job.created_at for job in jobs}
    assert len(counted) == len(jobs)
    assert len(shelf.proxy.seen) == 1


async def test_a_mark_that_an_ended_job_was_left_with_is_taken_off(shelf: Shelf) -> None:
    """Its process died between record and tags: it is counted until it is overdue."""
    stored = await shelf.jobs.create(new_job(), REQUEST)
    await shelf.jobs.save(stored.job.canceled(START), stored.etag)
    left = {"due": "2026-01-01T00:00:00.000000Z", "status": "Queued simulated"}
    await shelf.records.tag(f"owner/{stored.job.id}", left)
    assert len(await shelf.jobs.unfinished()) == 1

    await shelf.jobs.overdue(START + timedelta(hours=1), 10)

    assert await shelf.jobs.unfinished() == []
