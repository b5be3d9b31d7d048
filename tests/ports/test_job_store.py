from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_job_store import BlobJobStore
from qjobs.adapters.storage import StorageAccount
from qjobs.domain.algorithm import Progress
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    InputRejectedError,
    InvalidParameterError,
    UnknownJobError,
    Violation,
)
from qjobs.domain.identifiers import key_digest, new_job_id
from qjobs.domain.job import Job, Placement, Status
from qjobs.domain.money import Money
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import TargetChoice
from qjobs.ports import JobFilter, JobStore, Reservation, Unfinished
from tests.fakes import START

EVERYTHING = JobFilter()
REQUEST = {"input": {"text": "näme 🐱"}, "options": {}}


def new_job(number: int = 0, *, owner: str = "owner", **members: object) -> Job:
    """Return a job that was created *number* seconds after the first."""
    now = START + timedelta(seconds=number)
    job = Job(
        id=new_job_id(now),
        owner=owner,
        algorithm="bell",
        status=Status.QUEUED,
        created_at=now,
        updated_at=now,
        retention=timedelta(days=1),
        due=now + timedelta(minutes=1),
        requested_target=TargetRequest(mode=Mode.SIMULATOR),
        shots=100,
        name="a  näme\u2028 with 🐱, “marks” and a \\",
        tags=("one", "two"),
    )
    return replace(job, **members)  # type: ignore[arg-type]


async def test_a_created_job_is_found_as_it_was(job_store: JobStore) -> None:
    """A record gives back exactly the job that was written."""
    job = new_job()
    created = await job_store.create(job, REQUEST)

    assert await job_store.get("owner", job.id) == created
    assert created.job == job


async def test_every_state_of_a_job_survives(job_store: JobStore) -> None:
    """A job with all its members set, placed and failed, is read as it was written."""
    target = TargetChoice("local.sim.aer", "local", Mode.SIMULATOR, "shortest queue", 12)
    job = new_job(seed=5, deadline=START + timedelta(hours=1))
    placed = job.submitted(
        START,
        Placement(
            target=target,
            step=0,
            circuits=3,
            progress=Progress(25, -1.5, 0.25),
            cost=Money(1.25, "USD"),
            began=START,
        ),
        timedelta(minutes=2),
    )
    error = InputRejectedError("No " * 300, [Violation("No.", pointer="/input/a~1b")])
    failed = placed.failed(START + timedelta(seconds=2), error)
    stored = await job_store.create(job, REQUEST)

    for state in (placed, failed):
        stored = await job_store.save(state, stored.etag)
        assert (await job_store.get("owner", job.id)).job == state


async def test_a_request_stays_while_the_record_changes(job_store: JobStore) -> None:
    """Saving a record leaves its content alone, and reading gives both."""
    stored = await job_store.create(new_job(), REQUEST)
    saved = await job_store.save(stored.job.due_within(START, timedelta(1)), stored.etag)

    assert await job_store.read("owner", stored.job.id) == (saved, REQUEST)


async def test_a_result_replaces_the_request_with_the_state(job_store: JobStore) -> None:
    """Finishing writes state and result at once; an outdated mark writes neither."""
    stored = await job_store.create(new_job(), REQUEST)
    succeeded = stored.job.succeeded(START)
    with pytest.raises(ConcurrentUpdateError):
        await job_store.finish(succeeded, "outdated", {"answer": 1})
    assert await job_store.read("owner", stored.job.id) == (stored, REQUEST)

    finished = await job_store.finish(succeeded, stored.etag, {"answer": 42})

    assert await job_store.read("owner", stored.job.id) == (finished, {"answer": 42})
    assert list(await job_store.overdue(START + timedelta(hours=1), 10)) == []


async def test_a_job_is_created_once(job_store: JobStore) -> None:
    """A second record under the same id is refused."""
    job = new_job()
    await job_store.create(job, REQUEST)

    with pytest.raises(ConcurrentUpdateError):
        await job_store.create(job, REQUEST)


async def test_a_job_of_another_owner_is_not_found(job_store: JobStore) -> None:
    """An id is only known to its owner."""
    job = new_job()
    await job_store.create(job, REQUEST)

    with pytest.raises(UnknownJobError):
        await job_store.get("somebody", job.id)


async def test_of_two_writers_one_wins(job_store: JobStore) -> None:
    """A write under an outdated mark is refused and changes nothing."""
    stored = await job_store.create(new_job(), REQUEST)
    mine, yours = replace(stored.job, shots=1), replace(stored.job, shots=2)

    outcomes = await asyncio.gather(
        job_store.save(mine, stored.etag),
        job_store.save(yours, stored.etag),
        return_exceptions=True,
    )

    assert [type(one) for one in outcomes].count(ConcurrentUpdateError) == 1
    winner = next(one for one in outcomes if not isinstance(one, BaseException))
    assert await job_store.get("owner", stored.job.id) == winner


async def test_pages_list_the_newest_first_and_every_job_once(job_store: JobStore) -> None:
    """Following the continuation to its end gives each of the owner's jobs, newest first."""
    jobs = [new_job(number) for number in range(7)]
    for job in [*jobs, new_job(3, owner="somebody")]:
        await job_store.create(job, REQUEST)

    listed: list[Job] = []
    continuation = None
    while True:
        page = await job_store.page("owner", EVERYTHING, 3, continuation)
        assert len(page.jobs) <= 3
        listed += page.jobs
        continuation = page.continuation
        if continuation is None:
            break

    assert listed == jobs[::-1]


async def test_a_filtered_list_holds_what_passes(job_store: JobStore) -> None:
    """A filter leaves out jobs of other states, algorithms and tags."""
    jobs = [
        new_job(0, algorithm="ghz"),
        new_job(1, tags=("three",)),
        new_job(2, status=Status.RUNNING),
    ]
    for job in jobs:
        await job_store.create(job, REQUEST)

    for wanted, expected in [
        (JobFilter(algorithm="ghz"), jobs[0]),
        (JobFilter(tag="three"), jobs[1]),
        (JobFilter(status=Status.RUNNING), jobs[2]),
    ]:
        page = await job_store.page("owner", wanted, 10, None)
        assert list(page.jobs) == [expected]


async def test_an_empty_list_is_one_empty_page(job_store: JobStore) -> None:
    """An owner without jobs gets no job and no next page."""
    page = await job_store.page("owner", EVERYTHING, 10, None)

    assert (list(page.jobs), page.continuation) == ([], None)


INVENTED = ["", "x", "\x00", "%%%", "é", "AAAA====", "a" * 3000, "AA", "AQ", "Hw", "YQBi", "77--"]
"""Among them the base64 forms of control characters, and of what is no text."""


@pytest.mark.parametrize("text", INVENTED)
async def test_an_invented_continuation_is_refused(job_store: JobStore, text: str) -> None:
    """A token that was never given out is refused by name."""
    await job_store.create(new_job(), REQUEST)

    with pytest.raises(InvalidParameterError) as refused:
        await job_store.page("owner", EVERYTHING, 10, text)

    assert [one.parameter for one in refused.value.violations] == ["continuationToken"]


async def test_a_continuation_belongs_to_one_list(job_store: JobStore) -> None:
    """A token of another owner or of another filter is refused, and so is a part of one."""
    for number in range(3):
        await job_store.create(new_job(number), REQUEST)
    token = (await job_store.page("owner", EVERYTHING, 1, None)).continuation
    assert token is not None

    for owner, wanted, text in [
        ("somebody", EVERYTHING, token),
        ("owner", JobFilter(tag="one"), token),
        ("owner", JobFilter(algorithm="bell"), token),
        ("owner", JobFilter(status=Status.QUEUED), token),
        ("owner", EVERYTHING, token[:-1]),
        ("owner", EVERYTHING, token + "A"),
        ("owner", EVERYTHING, token + "="),
    ]:
        with pytest.raises(InvalidParameterError):
            await job_store.page(owner, wanted, 1, text)

    assert len((await job_store.page("owner", EVERYTHING, 2, token)).jobs) == 2


async def test_storage_is_not_asked_for_an_invented_continuation() -> None:
    """A dozen requests at once with invented tokens are refused without a call to storage."""
    container = BlobContainer(StorageAccount("no account: any use of it is a ValueError"), "jobs")
    store = BlobJobStore(container, container)

    pages = (store.page("owner", EVERYTHING, 10, text) for text in INVENTED)
    refused = await asyncio.gather(*pages, return_exceptions=True)

    assert {type(one) for one in refused} == {InvalidParameterError}


async def test_overdue_jobs_are_those_that_should_have_moved(job_store: JobStore) -> None:
    """A job is overdue after its due time, until it moves or ends."""
    late = await job_store.create(new_job(0, due=START), REQUEST)
    await job_store.create(new_job(1, due=START + timedelta(hours=1)), REQUEST)
    now = START + timedelta(minutes=1)
    assert list(await job_store.overdue(now, 10)) == [late]

    moved = await job_store.save(late.job.due_within(now, timedelta(minutes=1)), late.etag)
    assert list(await job_store.overdue(now, 10)) == []

    await job_store.save(moved.job.canceled(now), moved.etag)
    assert list(await job_store.overdue(now + timedelta(minutes=30), 10)) == []


async def test_overdue_jobs_come_in_portions(job_store: JobStore) -> None:
    """No more jobs are returned than were asked for."""
    for number in range(4):
        await job_store.create(new_job(number, due=START), REQUEST)

    assert len(await job_store.overdue(START + timedelta(minutes=1), 3)) == 3


async def test_a_walk_comes_by_every_job(job_store: JobStore) -> None:
    """While there are few, one portion has all of them, of whatever owner and in whatever state."""
    jobs = [new_job(0, owner="some"), new_job(1, owner="other"), new_job(2, owner="other")]
    stored = [await job_store.create(job, REQUEST) for job in jobs]
    stored[1] = await job_store.save(stored[1].job.canceled(START), stored[1].etag)

    for _ in range(2):
        walked = await job_store.walk()
        assert sorted(walked, key=lambda one: one.job.created_at) == stored


async def test_an_idempotency_key_is_bound_to_what_came_first(job_store: JobStore) -> None:
    """Of many reservations of a key one is held, and all are told which."""
    wanted = [Reservation(f"job-{number}", f"print-{number}") for number in range(5)]

    held = await asyncio.gather(*(job_store.reserve("owner", "a /key", one) for one in wanted))

    assert len(set(held)) == 1
    assert held[0] in wanted
    assert await job_store.reserve("other", "a /key", wanted[4]) == wanted[4]


async def test_the_largest_record_is_stored_and_listed(job_store: JobStore) -> None:
    """Name, tags and reason of the longest and costliest kind go there and back."""
    error = InputRejectedError("🐱" * 700, [Violation("No.", pointer="🐱" * 300)])
    job = new_job(name="🐱" * 100, tags=("t" * 50,) * 10)
    stored = await job_store.create(job, REQUEST)

    saved = await job_store.save(job.failed(START, error), stored.etag)

    assert await job_store.get("owner", job.id) == saved
    assert list((await job_store.page("owner", EVERYTHING, 10, None)).jobs) == [saved.job]


async def test_a_deleted_job_takes_its_key_along(job_store: JobStore) -> None:
    """Nothing of it is left; deleting it again is no error."""
    job = new_job(key=key_digest("a /key"))
    await job_store.reserve("owner", "a /key", Reservation(job.id, "print"))
    stored = await job_store.create(job, REQUEST)

    for _ in range(2):
        await job_store.delete(stored)

    with pytest.raises(UnknownJobError):
        await job_store.get("owner", job.id)
    other = Reservation(new_job().id, "print")
    assert await job_store.reserve("owner", "a /key", other) == other


async def test_a_key_is_free_once_its_reservation_is_given_up(job_store: JobStore) -> None:
    """By the job that holds it, and by no other; one that holds none gives up nothing."""
    holder, other = new_job(1, key=key_digest("key")), new_job(2, key=key_digest("key"))
    first, second = Reservation(holder.id, "one"), Reservation(other.id, "two")
    await job_store.reserve("owner", "key", first)

    await job_store.release(other)
    await job_store.release(new_job(3))
    assert await job_store.reserve("owner", "key", second) == first
    await job_store.release(holder)
    await job_store.release(holder)
    assert await job_store.reserve("owner", "key", second) == second


async def test_a_deleted_job_leaves_the_key_of_another(job_store: JobStore) -> None:
    """A key that was taken anew, after a deletion that was not finished, stays with who has it."""
    job, other = new_job(key=key_digest("key")), Reservation(new_job().id, "print")
    stored = await job_store.create(job, REQUEST)
    await job_store.reserve("owner", "key", other)

    await job_store.delete(stored)

    assert await job_store.reserve("owner", "key", Reservation(new_job().id, "print")) == other


async def test_a_job_that_has_changed_is_not_deleted(job_store: JobStore) -> None:
    """A deletion is of the version that was looked at."""
    stored = await job_store.create(new_job(), REQUEST)
    saved = await job_store.save(stored.job.due_within(START, timedelta(1)), stored.etag)

    with pytest.raises(ConcurrentUpdateError):
        await job_store.delete(stored)

    assert await job_store.get("owner", stored.job.id) == saved


async def test_a_list_goes_on_later(job_store: JobStore) -> None:
    """The time at which a page is asked for is no part of the list that it belongs to."""
    for number in range(3):
        await job_store.create(new_job(number), REQUEST)
    first = await job_store.page("owner", JobFilter(now=START), 2, None)

    later = JobFilter(now=START + timedelta(hours=1))
    assert len((await job_store.page("owner", later, 2, first.continuation)).jobs) == 1


async def test_a_list_leaves_out_what_has_expired(job_store: JobStore) -> None:
    """From the moment that a job expires, unless nobody asks."""
    job = new_job()
    stored = await job_store.create(job, REQUEST)
    ended = await job_store.save(job.canceled(START), stored.etag)
    expiry = ended.job.expires_at

    for now, expected in [
        (expiry - timedelta(seconds=1), [ended.job]),
        (expiry, []),
        (None, [ended.job]),
    ]:
        page = await job_store.page("owner", JobFilter(now=now), 10, None)
        assert list(page.jobs) == expected


async def test_what_has_not_ended_is_counted(job_store: JobStore) -> None:
    """With state, age, and whether it waits for a simulator; of all owners."""
    simulated, succeeded, withdrawing = new_job(1), new_job(3), new_job(4)
    device = new_job(2, owner="other", requested_target=TargetRequest(id="x"))
    etags = {
        job.id: (await job_store.create(job, REQUEST)).etag
        for job in (simulated, device, succeeded, withdrawing)
    }
    target, soon = TargetChoice("x", "x", None, "asked for"), timedelta(minutes=1)
    await job_store.save(
        device.submitted(START, Placement(target=target, step=0, circuits=1), soon),
        etags[device.id],
    )
    await job_store.finish(succeeded.succeeded(START), etags[succeeded.id], {})
    await job_store.save(withdrawing.canceled(START, due=START + soon), etags[withdrawing.id])

    assert sorted(await job_store.unfinished(), key=lambda one: one.created_at) == [
        Unfinished(Status.QUEUED, simulated=True, created_at=simulated.created_at),
        Unfinished(Status.SUBMITTED, simulated=False, created_at=device.created_at),
    ]


async def test_where_there_are_no_jobs_nothing_is_counted(job_store: JobStore) -> None:
    """There may not even be a container yet."""
    assert await job_store.unfinished() == []
