"""Messages that come twice, late or never, and processes that die."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.errors import (
    ProviderUnavailableError,
    StorageUnavailableError,
    UnreadableRecordError,
)
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Status
from qjobs.domain.messages import Queue
from qjobs.domain.plan import Plan
from qjobs.domain.target import Target
from tests.fakes import BELL, DEVICE, FakePorts
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

    await services.dispatch(job.message().repeated())

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
    """It gets half its age before it is overdue again, within two and ten minutes."""
    job = await accepted(services)
    for age, later in ((130, 120), (800, 400), (3600, 600), (10**6, 600)):
        ports.clock.advance(age - (ports.clock.now() - job.created_at).total_seconds())
        await services.reconcile()

        revived = await stored(ports, job)
        assert revived.due == ports.clock.now() + timedelta(seconds=later)


async def test_a_poisoned_message_is_sent_again(services: Services, ports: FakePorts) -> None:
    """What the host counts is its own trouble: the job goes on."""
    job = await accepted(services)

    await services.poison(job.message().encode())

    [(message, delay)] = ports.queue.sent
    assert (message.revivals, message.failures, message.attempt) == (1, 0, 1)
    assert delay > 0
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_message_that_is_poisoned_again_and_again_fails_its_job(
    services: Services, ports: FakePorts
) -> None:
    """No job ends silently: in the end it fails with a stable code."""
    job = await accepted(services)
    message = job.message()
    waited = 0.0
    for _ in range(schedule.MOST_REVIVALS):
        await services.poison(message.encode())
        message, delay = ports.queue.sent.pop()
        waited += delay
        assert not (await stored(ports, job)).final
    assert waited > 8 * 3600

    await services.poison(message.encode())

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "processing-failed"


async def test_revivals_and_failures_are_counted_apart(
    services: Services, ports: FakePorts
) -> None:
    """A job that the host gave up again and again has as many attempts at a fault as any other."""
    job = await accepted(services)
    revived = replace(job.message(), revivals=schedule.MOST_REVIVALS, failures=1)
    ports.provider.failures = [ZeroDivisionError()]

    await services.dispatch(revived)

    [(message, _)] = ports.queue.sent
    # It was put back, which a host that dies does not do: from here on revivals count anew.
    assert (message.failures, message.revivals) == (2, 0)


async def test_a_poisoned_message_of_an_unreadable_record_is_dropped(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its job is left to the version that can read it, which finds it overdue."""

    async def unreadable(*_: object) -> None:
        raise UnreadableRecordError

    job = await accepted(services)
    with monkeypatch.context() as patch:
        patch.setattr(ports.jobs, "get", unreadable)
        await services.poison(replace(job.message(), revivals=schedule.MOST_REVIVALS).encode())

    assert not (await stored(ports, job)).final


async def test_a_poisoned_double_fails_nothing(services: Services, ports: FakePorts) -> None:
    """A message of an earlier visit is dropped, whatever the host makes of it."""
    ports.provider.polls = 10_000
    job = await accepted(services)
    await services.dispatch(job.message())
    before, sent = await stored(ports, job), list(ports.queue.sent)

    await services.poison(replace(job.message(), revivals=schedule.MOST_REVIVALS).encode())

    assert (await stored(ports, job), ports.queue.sent) == (before, sent)


async def test_a_poisoned_message_of_an_older_step_goes_on_with_its_job(
    services: Services, ports: FakePorts
) -> None:
    """Steps that were followed in place since it was sent are no other visit."""
    job = await accepted(services)
    await services.dispatch(job.message())
    late = replace(await stored(ports, job), status=Status.RUNNING, step=3, due=ports.clock.now())
    ports.jobs.overwrite(late)

    await services.poison(job.message().encode())

    [(message, _)] = ports.queue.sent
    assert (message.job_id, message.revivals) == (job.id, 1)


@pytest.mark.parametrize("text", ["", "no json", "{}", '{"version": 1}', '{"version": 2}', "[]"])
async def test_a_poisoned_text_that_is_no_message_is_dropped(
    services: Services, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is in a poison queue, it is taken out, and the log keeps the fact."""
    await services.poison(text)

    assert "names no job" in caplog.text


async def test_an_unexpected_error_is_tried_again(services: Services, ports: FakePorts) -> None:
    """A fault of ours may depend on the moment; after a few times it fails the job."""
    job = await accepted(services)
    message = job.message()
    for failures in range(1, schedule.MOST_FAILURES):
        ports.provider.failures = [ZeroDivisionError()]
        await services.dispatch(message)
        assert (await stored(ports, job)).status is Status.QUEUED
        message, _ = ports.queue.sent.pop()
        assert message.failures == failures

    ports.provider.failures = [ZeroDivisionError()]
    await services.dispatch(message)

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "processing-failed"


async def test_a_double_of_a_message_does_nothing(services: Services, ports: FakePorts) -> None:
    """Of ten messages of one visit one puts the job back, and nine end there."""
    ports.provider.polls = 10_000
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())
    [(message, _)] = ports.queue.sent

    for _ in range(10):
        await services.track(message)

    assert [one.visits for one, _ in ports.queue.sent] == [1, 2]


async def test_doubles_at_the_same_moment_put_a_job_back_once(
    services: Services, ports: FakePorts
) -> None:
    """The record decides, not the order of the messages."""
    ports.provider.polls = 10_000
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())
    [(message, _)] = ports.queue.sent

    await asyncio.gather(*(services.track(message) for _ in range(10)))

    assert [one.visits for one, _ in ports.queue.sent] == [1, 2]


async def test_a_retry_at_a_step_runs_where_its_step_was_placed(
    services: Services, ports: FakePorts
) -> None:
    """The target is stored with the step: what another attempt would choose does not count."""
    other = replace(DEVICE, id="rigetti.qpu.ankaa", provider="rigetti", queue_seconds=9000)
    ports.provider.available = [DEVICE, other]
    ports.algorithms.first = Plan((BELL,) * 5, {})
    job = await accepted(services, target={"mode": "Hardware"})
    ports.provider.failures = [ProviderUnavailableError()]  # the first circuit is not placed

    async def targets() -> Sequence[Target]:
        return ports.provider.available

    ports.provider.targets = targets  # type: ignore[method-assign]
    await services.dispatch(job.message())
    ports.provider.available = [replace(DEVICE, queue_seconds=9999), other]
    [(message, _)] = ports.queue.sent

    await services.dispatch(replace(message, attempt=0))  # as if nothing had been tried before

    assert {one.target for one in ports.provider.submitted.values()} == {DEVICE.id}
    placed = await stored(ports, job)
    assert placed.target is not None
    assert placed.target.id == DEVICE.id


async def test_a_backlog_is_no_loss(services: Services, ports: FakePorts) -> None:
    """A job whose message stands behind older ones is not sent again."""
    ports.queue.heads[Queue.DISPATCH] = ports.clock.now()
    job = await accepted(services)
    ports.clock.advance(services.settings.stalled_after.total_seconds() + 1)

    assert await services.reconcile() == 1
    assert ports.queue.sent == []

    ports.queue.heads[Queue.DISPATCH] = ports.clock.now()  # those before it are gone
    ports.clock.advance(10_000)
    assert await services.reconcile() == 1
    assert [message.job_id for message, _ in ports.queue.sent] == [job.id]


async def test_a_lost_job_is_sent_before_it_is_given_time(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies in between, or a queue that does not answer, loses nothing."""

    async def refuse(*_: object) -> None:
        raise StorageUnavailableError

    job = await accepted(services)
    ports.clock.advance(6 * 86400)
    with monkeypatch.context() as patch:
        patch.setattr(ports.queue, "send", refuse)
        await services.reconcile()

    assert (await stored(ports, job)).due == job.due


async def test_a_message_of_an_earlier_step_does_nothing(
    services: Services, ports: FakePorts
) -> None:
    """A late message finds that its step is over, and is dropped."""
    job = await accepted(services)
    await services.dispatch(job.message())
    before = await ports.jobs.get("owner", job.id)

    await services.dispatch(job.message().repeated())
    await services.track(replace(job.message(), queue=Queue.TRACK))

    assert await ports.jobs.get("owner", job.id) == before
