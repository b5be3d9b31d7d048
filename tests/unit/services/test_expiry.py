"""What becomes of jobs after their end: answered, expired, forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import JobExpiredError, StorageUnavailableError, UnknownJobError
from qjobs.domain.job import LONGEST_LIFE, REMEMBERED, Job, Status
from qjobs.domain.step_document import step_name
from qjobs.ports import JobFilter
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted, stored

RETENTION = timedelta(days=30)
SECOND = timedelta(seconds=1)


def wait(ports: FakePorts, *times: timedelta) -> None:
    """Let time pass."""
    ports.clock.advance(sum(times, timedelta()).total_seconds())


async def finished(services: Services, ports: FakePorts, **members: object) -> Job:
    """Return a job that has just succeeded."""
    job = await accepted(services, "bell", **members)
    await services.dispatch(job.message())
    return await stored(ports, job)


async def test_the_retention_begins_at_the_end(services: Services, ports: FakePorts) -> None:
    """A job that was three months in a queue is kept as long as any other."""
    job = await accepted(services)
    wait(ports, timedelta(days=98))
    await services.dispatch(job.message())
    ended = await stored(ports, job)

    assert job.expires_at == job.created_at + LONGEST_LIFE + RETENTION
    assert ended.status is Status.SUCCEEDED
    assert ended.expires_at == ports.clock.now() + RETENTION


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SUBMITTED, Status.CANCELING])
async def test_a_job_that_has_not_ended_never_expires(
    services: Services, ports: FakePorts, status: Status
) -> None:
    """However long it takes, nothing of it is deleted, and it is answered."""
    job = replace(await accepted(services), status=status, due=None)
    ports.jobs.overwrite(job)
    await ports.documents.put(job.owner, job.id, "step-0", {"programs": []})
    wait(ports, LONGEST_LIFE, RETENTION, REMEMBERED, SECOND)

    await services.sweep()

    assert await services.find_job(job.owner, job.id) == job
    assert await ports.documents.get(job.owner, job.id, "step-0") is not None


async def test_an_expired_job_is_not_answered(services: Services, ports: FakePorts) -> None:
    """Until the moment that it has named it is, from then on its caller is told that it was."""
    job = await finished(services, ports)
    ports.clock.advance((job.expires_at - ports.clock.now() - SECOND).total_seconds())
    assert (await services.find_job(job.owner, job.id)) == job
    assert (await services.read_outcome(job.owner, job.id)).result is not None
    assert list((await services.list_jobs(job.owner, JobFilter(), 9, None)).jobs) == [job]

    wait(ports, SECOND)

    for asked in (
        services.find_job(job.owner, job.id),
        services.read_outcome(job.owner, job.id),
        services.read_outcome(job.owner, job.id, 5.0),
        services.cancel(job.owner, job.id),
    ):
        with pytest.raises(JobExpiredError) as gone:
            await asked
        assert gone.value.job_id == job.id
    assert not (await services.list_jobs(job.owner, JobFilter(), 9, None)).jobs


async def test_input_result_and_steps_are_deleted_with_the_expiry(
    services: Services, ports: FakePorts
) -> None:
    """The record stays, without what the caller sent and was answered."""
    job = await finished(services, ports)
    wait(ports, RETENTION, -SECOND)
    await services.sweep()
    assert await ports.documents.get(job.owner, job.id, step_name(0)) is not None

    wait(ports, SECOND)
    await services.sweep()

    kept, content = await ports.jobs.read(job.owner, job.id)
    assert (kept.job, content) == (replace(job, erased=True), {})
    assert await ports.documents.get(job.owner, job.id, step_name(0)) is None
    await services.sweep()
    assert await ports.jobs.get(job.owner, job.id) == kept  # not written again


async def test_an_expired_job_is_remembered_and_then_forgotten(
    services: Services, ports: FakePorts
) -> None:
    """For thirty days it is known that it has expired; then it is no job at all."""
    job = await finished(services, ports)
    wait(ports, RETENTION, REMEMBERED, -SECOND)
    await services.sweep()
    with pytest.raises(JobExpiredError):
        await services.find_job(job.owner, job.id)

    wait(ports, SECOND)
    await services.sweep()

    with pytest.raises(UnknownJobError):
        await services.find_job(job.owner, job.id)


async def test_a_key_lives_as_long_as_its_job(services: Services, ports: FakePorts) -> None:
    """While anything is known of the job, its key makes no other; then it makes a new one."""

    async def submitted() -> tuple[str, bool]:
        accepted = await services.submit("owner", "bell", {"input": {}}, "key")
        return accepted.job.id, accepted.replayed

    first, _ = await submitted()
    await services.dispatch((await ports.jobs.get("owner", first)).job.message())
    wait(ports, RETENTION, REMEMBERED, -SECOND)
    await services.sweep()
    assert await submitted() == (first, True)

    wait(ports, SECOND)
    await services.sweep()

    second, replayed = await submitted()
    assert second != first
    assert not replayed


@pytest.mark.parametrize("since", [RETENTION, RETENTION + REMEMBERED])
async def test_two_that_sweep_at_once_are_harmless(
    services: Services, ports: FakePorts, since: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    """What one has deleted the other does not miss, and neither complains."""
    for _ in range(5):
        await finished(services, ports)
    wait(ports, since)

    await asyncio.gather(*(services.sweep() for _ in range(3)))

    assert all(one.job.erased for one in await ports.jobs.walk())
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_sweep_deletes_a_bounded_number(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer's run has an end; the next one goes on."""
    monkeypatch.setattr("qjobs.services.sweep._MOST_DELETED", 2)
    for _ in range(5):
        await finished(services, ports)
    wait(ports, RETENTION, REMEMBERED)

    left = []
    for _ in range(3):
        await services.sweep()
        left.append(len(await ports.jobs.walk()))

    assert left == [3, 1, 0]


async def test_one_job_that_cannot_be_deleted_keeps_no_other(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong with one, the others are deleted, and it is tried again."""
    jobs = [await finished(services, ports) for _ in range(3)]
    wait(ports, RETENTION, REMEMBERED)
    delete = ports.documents.delete

    async def refuse(owner: str, job_id: str) -> None:
        if job_id == jobs[1].id:
            raise StorageUnavailableError
        await delete(owner, job_id)

    with monkeypatch.context() as patch:
        patch.setattr(ports.documents, "delete", refuse)
        await services.sweep()
    assert [one.job.id for one in await ports.jobs.walk()] == [jobs[1].id]

    await services.sweep()
    assert not await ports.jobs.walk()


async def test_an_ended_job_with_something_left_to_do_is_forgotten_too(
    services: Services, ports: FakePorts
) -> None:
    """What is due after an end is looked at again, but not for ever."""
    job = await finished(services, ports)
    ports.jobs.overwrite(replace(job, due=job.created_at))
    wait(ports, RETENTION, REMEMBERED)

    await services.sweep()

    assert not await ports.jobs.walk()


async def test_a_sweep_revives_what_no_query_finds(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job whose tag hides it from the query is seen by its record."""
    job = await accepted(services)
    ports.clock.advance(services.settings.stalled_after.total_seconds() + 1)

    async def nothing(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(ports.jobs, "overdue", nothing)
    assert await services.reconcile() == 0

    await services.sweep()

    [(message, _)] = ports.queue.sent
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED
