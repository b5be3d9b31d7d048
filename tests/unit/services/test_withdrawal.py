"""What a job that ends leaves at the provider: nothing, however late the provider says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.errors import ProviderRejectedError, ProviderUnavailableError
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import Plan, ProviderJob, ProviderStatus
from qjobs.ports import Stored
from tests.fakes import BELL, FakePorts
from tests.unit.services.jobs import accepted, stored


class DiedError(BaseException):
    """The process was killed: nothing that it would have done next happens."""


async def at_a_device(services: Services, ports: FakePorts, circuits: int = 1) -> Job:
    """Return a job that waits at a device."""
    ports.algorithms.first = Plan((BELL,) * circuits, {})
    ports.provider.polls = 10_000
    job = await accepted(services, target={"mode": "Hardware"})
    await services.dispatch(job.message())
    ports.queue.sent.clear()
    return await stored(ports, job)


async def look_again(services: Services, ports: FakePorts) -> float:
    """Let the one message in the queue be processed when its delay is over; return the delay."""
    [(message, delay)] = ports.queue.sent
    ports.queue.sent.clear()
    ports.clock.advance(delay)
    await services.track(message)
    return delay


async def canceled(services: Services, job: Job) -> None:
    """Cancel a job, and process that."""
    await services.track((await services.cancel(job.owner, job.id)).message())


async def test_a_deadline_withdraws_what_is_placed_of_a_step(
    services: Services, ports: FakePorts
) -> None:
    """Two of four circuits are at the provider, which takes no more of them until the deadline."""
    ports.algorithms.first = Plan((BELL,) * 4, {})
    job = await accepted(services, deadline="PT12S")
    submit = ports.provider.submit
    placed = {provider_job_id(job.id, 0, index) for index in (0, 2)}

    async def take_two(circuit: ProviderJob) -> None:
        if circuit.id not in placed:
            raise ProviderUnavailableError
        await submit(circuit)

    ports.provider.submit = take_two  # type: ignore[assignment,method-assign]
    await services.dispatch(job.message())
    [(message, delay)] = ports.queue.sent
    assert delay <= 12
    ports.queue.sent.clear()
    ports.clock.advance(12)

    await services.dispatch(message)

    ended = await stored(ports, job)
    assert ended.error is not None
    assert ended.error.code == "deadline-exceeded"
    assert set(ports.provider.canceled) == placed


async def test_a_circuit_that_arrives_after_the_end_is_withdrawn(
    services: Services, ports: FakePorts
) -> None:
    """The job is canceled while a circuit is on its way, and the process that sent it dies."""
    job = await accepted(services)
    sent: list[ProviderJob] = []

    async def die(circuit: ProviderJob) -> None:
        sent.append(circuit)
        raise DiedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.provider, "submit", die)
        with pytest.raises(DiedError):
            await services.dispatch(job.message())
    await canceled(services, job)
    assert (await stored(ports, job)).status is Status.CANCELED

    await ports.provider.submit(sent[0])
    ports.provider.polls = 10_000
    await look_again(services, ports)

    assert ports.provider.canceled == [sent[0].id]
    assert not (await stored(ports, job)).withdrawing
    assert ports.queue.sent == []


async def test_a_circuit_that_never_was_is_waited_for_once(
    services: Services, ports: FakePorts
) -> None:
    """Nobody submits any more when a job has been over for as long as any job may stand still."""
    job = await accepted(services)

    async def unavailable(_: ProviderJob) -> None:
        raise ProviderUnavailableError

    ports.provider.submit = unavailable  # type: ignore[assignment,method-assign]
    await services.dispatch(job.message())
    ports.queue.sent.clear()
    await canceled(services, job)

    while ports.queue.sent:
        assert (await stored(ports, job)).withdrawing
        await look_again(services, ports)

    ended = await stored(ports, job)
    assert not ended.withdrawing
    assert ended.finished_at is not None
    assert ports.clock.now() - ended.finished_at >= services.settings.stalled_after


async def test_a_provider_that_does_not_answer_is_asked_again(
    services: Services, ports: FakePorts
) -> None:
    """The job ends at once; its circuits are withdrawn when the provider is back."""
    job = await at_a_device(services, ports)

    async def unavailable(*_: object) -> ProviderStatus:
        raise ProviderUnavailableError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.provider, "cancel", unavailable)
        await canceled(services, job)
        ended = await stored(ports, job)
        assert ended.status is Status.CANCELED
        assert [await look_again(services, ports) for _ in range(3)] == [2, 4, 8]

    await look_again(services, ports)
    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]
    assert await stored(ports, job) == ended.withdrawn()


async def test_a_device_that_does_not_cancel_keeps_no_job_from_ending(
    services: Services, ports: FakePorts
) -> None:
    """It is looked at ever more rarely, until the circuit is over."""
    job = await at_a_device(services, ports)
    ports.provider.refuses_to_cancel = True

    await canceled(services, job)

    assert (await stored(ports, job)).status is Status.CANCELED
    assert await look_again(services, ports) == 2
    assert (await stored(ports, job)).withdrawing
    ports.provider.refuses_to_cancel = False
    await look_again(services, ports)
    assert not (await stored(ports, job)).withdrawing
    assert ports.queue.sent == []


async def test_a_lost_look_is_found(services: Services, ports: FakePorts) -> None:
    """An ended job is due as long as something may run, so reconciliation finds it."""
    job = await at_a_device(services, ports)
    ports.provider.refuses_to_cancel = True
    await canceled(services, job)
    ports.queue.sent.clear()
    ports.provider.refuses_to_cancel = False

    ports.clock.advance(services.settings.stalled_after.total_seconds() + 10)
    assert await services.reconcile() == 1
    await look_again(services, ports)

    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]
    ports.clock.advance(10_000)
    assert await services.reconcile() == 0


async def test_a_step_that_the_record_does_not_know_is_withdrawn_too(
    services: Services, ports: FakePorts
) -> None:
    """The second step is placed when its process dies; the record is still at the first."""

    def once_more(_: Inputs, state: JSONObject, __: Sequence[Counts]) -> Plan | Finish:
        return Finish({}) if state else Plan((BELL, BELL), {"second": True})

    ports.algorithms.then = once_more
    job = await accepted(services)
    save = ports.jobs.save

    async def die(changed: Job, etag: str) -> object:
        if changed.step == 1:
            raise DiedError
        return await save(changed, etag)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.jobs, "save", die)
        with pytest.raises(DiedError):
            await services.dispatch(job.message())
    assert (await stored(ports, job)).step == 0
    ports.provider.polls = 10_000

    await canceled(services, job)

    second = {provider_job_id(job.id, 1, index) for index in range(2)}
    assert second <= set(ports.provider.canceled)
    assert not (await stored(ports, job)).withdrawing


async def test_a_step_of_a_withdrawn_job_is_not_placed(
    services: Services, ports: FakePorts
) -> None:
    """Who computes the next step while the job is canceled finds its place taken."""
    job = await accepted(services)

    def cancel_meanwhile(_: Inputs, __: JSONObject, ___: Sequence[Counts]) -> Plan | Finish:
        record = ports.jobs.peek(job.owner, job.id)
        ports.jobs.overwrite(record.canceling(ports.clock.now(), services.settings.stalled_after))
        return Plan((BELL,), {})

    ports.algorithms.then = cancel_meanwhile
    place, placed = ports.documents.put, len(ports.provider.submitted)

    async def withdraw_first(owner: str, job_id: str, name: str, document: JSONObject) -> bool:
        if name == "step-1" and "programs" in document:
            await services.track(ports.jobs.peek(owner, job_id).message())
        return await place(owner, job_id, name, document)

    ports.documents.put = withdraw_first  # type: ignore[method-assign]
    await services.dispatch(job.message())

    assert len(ports.provider.submitted) == placed + 1
    assert (await stored(ports, job)).status is Status.CANCELED
    assert ports.queue.sent == []


async def test_what_is_left_of_a_failed_step_is_withdrawn(
    services: Services, ports: FakePorts
) -> None:
    """A refused circuit fails the job; those beside it are withdrawn, now or later."""
    ports.algorithms.first = Plan((BELL, BELL), {})
    job = await accepted(services)
    submit = ports.provider.submit

    async def refuse_the_second(circuit: ProviderJob) -> None:
        if circuit.id == provider_job_id(job.id, 0, 1):
            raise ProviderRejectedError("No.")
        await submit(circuit)

    ports.provider.submit = refuse_the_second  # type: ignore[assignment,method-assign]
    await services.dispatch(job.message())

    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]
    while ports.queue.sent:
        await look_again(services, ports)
    ended = await stored(ports, job)
    assert (ended.status, ended.withdrawing) == (Status.FAILED, False)


async def test_who_follows_a_job_that_another_process_ends_withdraws_it(
    services: Services, ports: FakePorts
) -> None:
    """The other one knew of no circuit yet, and its message to look again is lost."""
    ports.provider.polls = 10_000
    job = await accepted(services)
    status = ports.provider.status

    async def canceled_meanwhile(target: str, provider_job_id: str) -> ProviderStatus:
        if not (await stored(ports, job)).final:

            async def unknown(*_: object) -> None:
                return None

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(ports.provider, "cancel", unknown)
                await canceled(services, job)
            ports.queue.sent.clear()
        return await status(target, provider_job_id)

    ports.provider.status = canceled_meanwhile  # type: ignore[method-assign]
    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.CANCELED
    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]


async def test_a_job_that_is_to_be_canceled_makes_no_progress(
    services: Services, ports: FakePorts
) -> None:
    """Who follows it finds the wish to cancel in its record, and leaves it there until the end."""
    ports.provider.polls = 10_000
    job = await accepted(services)
    seen: list[Status] = []
    save, status = ports.jobs.save, ports.provider.status

    async def watched(changed: Job, etag: str) -> Stored:
        saved = await save(changed, etag)
        seen.append(saved.job.status)
        return saved

    async def canceled_meanwhile(target: str, provider_job_id: str) -> ProviderStatus:
        if not seen:
            await services.cancel(job.owner, job.id)
        return await status(target, provider_job_id)

    ports.jobs.save = watched  # type: ignore[assignment,method-assign]
    ports.provider.status = canceled_meanwhile  # type: ignore[method-assign]
    await services.dispatch(job.message())

    assert seen == [Status.CANCELING, Status.CANCELED]
    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]
