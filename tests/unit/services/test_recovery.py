"""Messages that come twice, late or never, and processes that die."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import StorageUnavailableError
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Status
from qjobs.domain.messages import Queue
from tests.fakes import FakePorts
from tests.unit.services.jobs import accepted, stored


async def test_a_repeated_dispatch_submits_the_same_provider_job(
    services: Services, ports: FakePorts
) -> None:
    """However often a job is dispatched, it has one provider job, under a derived id."""
    job = await accepted(services)
    before, request = await ports.jobs.read(job.owner, job.id)
    await services.dispatch(job.message())
    ports.jobs.forget(job.owner, job.id)
    await ports.jobs.create(before.job, request)  # as if the process had died before it saved

    await services.dispatch(job.message().again())

    assert list(ports.provider.submitted) == [provider_job_id(job.id, 0, 0)]
    assert ports.algorithms.starts == 1
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_lost_job_is_found_and_finished(services: Services, ports: FakePorts) -> None:
    """A job whose message was never sent is overdue, and reconciliation sends it."""
    job = await accepted(services)
    assert await services.reconcile() == 0

    ports.clock.advance(services.settings.stalled_after.total_seconds() + 1)
    assert await services.reconcile() == 1
    assert await services.reconcile() == 0  # it has been given time

    [(message, _)] = ports.queue.sent
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED
    ports.clock.advance(10_000)
    assert await services.reconcile() == 0


async def test_a_job_is_enqueued_once(services: Services, ports: FakePorts) -> None:
    """Its message is the one that starts it, without a delay."""
    job = await accepted(services)

    await services.enqueue(job)

    assert ports.queue.sent == [(job.message(), 0.0)]


async def test_a_job_without_a_message_is_late_and_not_lost(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the queue does not answer the caller keeps the job, and reconciliation starts it."""

    async def refuse(*_: object) -> None:
        raise StorageUnavailableError

    job = await accepted(services)
    with monkeypatch.context() as patch:
        patch.setattr(ports.queue, "send", refuse)
        await services.enqueue(job)

    ports.clock.advance(services.settings.stalled_after.total_seconds() + 1)
    assert await services.reconcile() == 1
    [(message, _)] = ports.queue.sent
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_cancellation_without_a_message_is_late_and_not_lost(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job whose cancellation cannot be enqueued is canceled after reconciliation."""

    async def refuse(*_: object) -> None:
        raise StorageUnavailableError

    job = await accepted(services)
    canceling = await services.cancel(job.owner, job.id)
    with monkeypatch.context() as patch:
        patch.setattr(ports.queue, "send", refuse)
        await services.enqueue(canceling)

    ports.clock.advance(services.settings.stalled_after.total_seconds() + 1)
    assert await services.reconcile() == 1
    [(message, _)] = ports.queue.sent
    await services.track(message)
    assert (await stored(ports, job)).status is Status.CANCELED


async def test_an_old_job_is_looked_after_less_often(services: Services, ports: FakePorts) -> None:
    """It gets half its age before it is overdue again; a young one, what every job gets."""
    job = await accepted(services)
    ports.clock.advance(3600)
    await services.reconcile()

    revived = await stored(ports, job)
    assert revived.due == ports.clock.now() + timedelta(seconds=1800)


async def test_a_poisoned_message_fails_its_job(services: Services, ports: FakePorts) -> None:
    """No job ends silently: the job of a message that was given up fails with a stable code."""
    job = await accepted(services)

    await services.poison(job.message().encode())

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "processing-failed"


@pytest.mark.parametrize("text", ["", "no json", "{}", '{"version": 1}', '{"version": 2}', "[]"])
async def test_a_poisoned_text_that_is_no_message_is_dropped(
    services: Services, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is in a poison queue, it is taken out, and the log keeps the fact."""
    await services.poison(text)

    assert "names no job" in caplog.text


async def test_an_unexpected_error_is_left_to_the_host(
    services: Services, ports: FakePorts
) -> None:
    """A fault of ours is raised, so that the host counts the attempt."""
    job = await accepted(services)
    ports.provider.failures = [ZeroDivisionError()]

    with pytest.raises(ZeroDivisionError):
        await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.QUEUED


async def test_a_message_of_an_earlier_step_does_nothing(
    services: Services, ports: FakePorts
) -> None:
    """A late message finds that its step is over, and is dropped."""
    job = await accepted(services)
    await services.dispatch(job.message())
    before = await ports.jobs.get("owner", job.id)

    await services.dispatch(job.message().again())
    await services.track(replace(job.message(), queue=Queue.TRACK))

    assert await ports.jobs.get("owner", job.id) == before


async def test_a_waiting_caller_gets_the_job_without_the_queue(
    services: Services, ports: FakePorts
) -> None:
    """A job that is run while its caller waits is final when the answer comes."""
    job = await accepted(services)

    answered = await services.run_inline(job, 5.0)

    assert answered.job.status is Status.SUCCEEDED
    assert ports.queue.sent == []


async def test_a_fault_while_the_caller_waits_sends_the_job_to_the_queue(
    services: Services, ports: FakePorts, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong inline, the job goes on elsewhere."""
    job = await accepted(services)
    ports.provider.failures = [ZeroDivisionError()]

    answered = await services.run_inline(job, 1.0)

    assert answered.job.status is Status.QUEUED
    assert [message.attempt for message, _ in ports.queue.sent] == [1]
    assert "goes to the queue" in caplog.text
