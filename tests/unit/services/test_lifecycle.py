"""A job's way through dispatch and track, and every way off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.errors import (
    InputRejectedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Job, Status
from qjobs.domain.messages import Kind
from qjobs.domain.plan import Phase, Plan, ProviderStatus
from qjobs.services.query import Unfinished
from tests.fakes import BELL, DEVICE, FakePorts


async def accepted(services: Services, **members: object) -> Job:
    """Return a job that was just submitted."""
    return (await services.submit("owner", "bell", {"input": {}, **members}, None)).job


async def stored(ports: FakePorts, job: Job) -> Job:
    """Return a job as it is now."""
    return (await ports.jobs.get(job.owner, job.id)).job


async def test_a_simulator_job_ends_in_one_visit(services: Services, ports: FakePorts) -> None:
    """Dispatch stays with a quick job until its result is there."""
    ports.provider.polls = 3
    job = await accepted(services)

    await services.dispatch(job.message())

    result = await services.read_result("owner", job.id)
    assert isinstance(result, dict)
    assert result["result"] == {"readings": [{"00": 500, "11": 500}]}
    assert result["provenance"]["target"]["id"] == "local.sim.aer"
    assert result["provenance"]["circuits"] == [BELL.metrics()]
    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert ports.queue.sent == []


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
    assert ports.circuits.starts == 1
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_job_for_a_busy_device_is_put_back_until_shortly_before_it_is_done(
    services: Services, ports: FakePorts
) -> None:
    """With two hours of queue ahead nobody polls; the message sleeps for most of that time."""
    ports.provider.polls = 1
    job = await accepted(services, target={"mode": "hardware"})

    await services.dispatch(job.message())

    [(message, delay)] = ports.queue.sent
    assert (message.kind, message.step, message.visits) == (Kind.TRACK, 0, 1)
    assert delay == pytest.approx(0.9 * DEVICE.queue_seconds, rel=0.01)
    waiting = await stored(ports, job)
    assert waiting.due is not None
    assert waiting.due > ports.clock.now() + timedelta(seconds=delay)

    ports.clock.advance(delay)
    await services.track(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_slow_simulator_is_put_back_when_patience_ends(
    services: Services, ports: FakePorts
) -> None:
    """A function does not wait in place for longer than its patience."""
    ports.provider.polls = 10_000
    job = await accepted(services)

    await services.dispatch(job.message())

    assert timedelta(seconds=sum(ports.clock.slept)) >= services.settings.patience
    assert [message.kind for message, _ in ports.queue.sent] == [Kind.TRACK]
    assert (await stored(ports, job)).status is Status.RUNNING


async def test_an_iterative_algorithm_runs_step_after_step(
    services: Services, ports: FakePorts
) -> None:
    """An algorithm that asks for circuits again gets them run, each step under its own ids."""

    def thrice(_: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Plan | Finish:
        step = state.get("step", 0) + 1
        return Finish({"steps": step}) if step == 3 else Plan((BELL,) * step, {"step": step})

    ports.circuits.then = thrice
    job = await accepted(services)

    await services.dispatch(job.message())

    result = await services.read_result("owner", job.id)
    assert isinstance(result, dict)
    assert result["result"] == {"steps": 3}
    expected = [provider_job_id(job.id, *place) for place in [(0, 0), (1, 0), (2, 0), (2, 1)]]
    assert list(ports.provider.submitted) == expected
    assert result["provenance"]["steps"] == 3


async def test_circuits_of_a_seeded_job_have_seeds_of_their_own(
    services: Services, ports: FakePorts
) -> None:
    """No two circuits of a job share their sampling noise, and a repeated job repeats it."""
    ports.circuits.first = Plan((BELL, BELL), {})
    for _ in range(2):
        await services.dispatch((await accepted(services, seed=7)).message())
    await services.dispatch((await accepted(services)).message())

    seeds = [job.seed for job in ports.provider.submitted.values()]
    assert seeds[0] == 7
    assert len(set(seeds[:2])) == 2
    assert seeds[:2] == seeds[2:4]
    assert seeds[4:] == [None, None]


async def test_an_algorithm_may_finish_without_a_circuit(
    services: Services, ports: FakePorts
) -> None:
    """A job whose answer needs no quantum computer never reaches the provider."""
    ports.circuits.first = Finish({"answer": 4})
    job = await accepted(services)

    await services.dispatch(job.message())

    result = await services.read_result("owner", job.id)
    assert isinstance(result, dict)
    assert result["result"] == {"answer": 4}
    assert ports.provider.submitted == {}


async def test_input_that_the_algorithm_rejects_fails_the_job(
    services: Services, ports: FakePorts
) -> None:
    """What only the algorithm can see is reported in the job with the algorithm's words."""
    ports.circuits.first = InputRejectedError("Both are the same.")
    job = await accepted(services)

    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.status is Status.FAILED
    assert failed.error is not None
    assert (failed.error.code, failed.error.detail) == ("input-rejected", "Both are the same.")


async def test_a_job_too_large_for_every_target_fails(services: Services, ports: FakePorts) -> None:
    """A job for which no target has enough qubits says so."""
    ports.circuits.first = Plan((replace(BELL, qubits=99),), {})
    job = await accepted(services)

    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "no-suitable-target"


async def test_a_provider_failure_is_reported_with_its_cause(
    services: Services, ports: FakePorts
) -> None:
    """What the provider says of a failed job reaches the caller."""
    ports.provider.ending = ProviderStatus(Phase.FAILED, failure="InvalidInputData: no")
    job = await accepted(services)

    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.detail == "InvalidInputData: no"


async def test_a_refused_program_fails_the_job_at_once(
    services: Services, ports: FakePorts
) -> None:
    """A permanent error is not tried again."""
    job = await accepted(services)
    ports.provider.failures = [ProviderRejectedError("No.")]

    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.FAILED
    assert ports.queue.sent == []


async def test_a_silent_provider_is_tried_again_later(services: Services, ports: FakePorts) -> None:
    """A transient error puts the message back with the delay that the provider asked for."""
    job = await accepted(services)
    ports.provider.failures = [ProviderUnavailableError(retry_after=33)]

    await services.dispatch(job.message())

    [(message, delay)] = ports.queue.sent
    assert (message.kind, message.attempt, delay) == (Kind.DISPATCH, 1, 33)
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_provider_that_stays_silent_fails_the_job_in_the_end(
    services: Services, ports: FakePorts
) -> None:
    """After the last attempt the job fails with a code that says why."""
    job = await accepted(services)
    ports.provider.failures = [ProviderUnavailableError()]

    await services.dispatch(replace(job.message(), attempt=schedule.RETRY_ATTEMPTS))

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "provider-gave-up"


async def test_a_canceled_job_is_withdrawn_from_the_provider(
    services: Services, ports: FakePorts
) -> None:
    """Canceling a job that is at the provider asks the provider to stop it."""
    job = await accepted(services, target={"mode": "hardware"})
    ports.provider.polls = 10_000
    await services.dispatch(job.message())

    canceling = await services.cancel("owner", job.id)
    await services.track(canceling.message())

    assert canceling.status is Status.CANCELING
    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]
    assert (await stored(ports, job)).status is Status.CANCELED


async def test_a_job_canceled_before_it_starts_never_reaches_the_provider(
    services: Services, ports: FakePorts
) -> None:
    """The cancellation of a queued job needs no provider, whichever message comes first."""
    job = await accepted(services)
    canceling = await services.cancel("owner", job.id)

    await services.dispatch(job.message())
    await services.track(canceling.message())

    assert ports.provider.submitted == {}
    assert (await stored(ports, job)).status is Status.CANCELED


async def test_a_job_canceled_while_it_is_placed_is_withdrawn(
    services: Services, ports: FakePorts
) -> None:
    """A cancellation that comes between submission and record leaves nothing running."""
    ports.provider.polls = 100
    job = await accepted(services)
    submit = ports.provider.submit

    async def cancel_meanwhile(provider_job: object) -> None:
        await submit(provider_job)  # type: ignore[arg-type]
        await services.cancel("owner", job.id)

    ports.provider.submit = cancel_meanwhile  # type: ignore[assignment,method-assign]

    await services.dispatch(job.message())

    assert ports.provider.canceled[0] == provider_job_id(job.id, 0, 0)
    assert (await stored(ports, job)).status is Status.CANCELED


async def test_a_result_after_the_wish_to_cancel_is_not_shown(
    services: Services, ports: FakePorts
) -> None:
    """A job that was canceled in its last moment stays canceled and has no result."""
    job = await accepted(services)

    def cancel_then_finish(inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Finish:
        record = ports.jobs.peek("owner", job.id)
        ports.jobs.overwrite(record.canceling(ports.clock.now(), timedelta(minutes=1)))
        return Finish({})

    ports.circuits.then = cancel_then_finish
    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.CANCELED
    assert isinstance(await services.read_result("owner", job.id), Unfinished)


async def test_a_job_past_its_deadline_is_canceled(services: Services, ports: FakePorts) -> None:
    """A deadline ends a job that is still unfinished, and says so."""
    job = await accepted(services, target={"mode": "hardware"}, deadline="PT60S")
    ports.provider.polls = 10_000
    await services.dispatch(job.message())
    [(message, delay)] = ports.queue.sent
    assert delay <= 60

    ports.clock.advance(61)
    await services.track(message)

    ended = await stored(ports, job)
    assert ended.status is Status.CANCELED
    assert ended.error is not None
    assert ended.error.code == "deadline-exceeded"


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
    await services.track(replace(job.message(), kind=Kind.TRACK))

    assert await ports.jobs.get("owner", job.id) == before


async def test_a_waiting_caller_gets_the_job_without_the_queue(
    services: Services, ports: FakePorts
) -> None:
    """A job that is run while its caller waits is final when the answer comes."""
    job = await accepted(services)

    answered = await services.run_inline(job, 5.0)

    assert answered.status is Status.SUCCEEDED
    assert ports.queue.sent == []


async def test_a_fault_while_the_caller_waits_sends_the_job_to_the_queue(
    services: Services, ports: FakePorts, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong inline, the job goes on elsewhere."""
    job = await accepted(services)
    ports.provider.failures = [ZeroDivisionError()]

    answered = await services.run_inline(job, 1.0)

    assert answered.status is Status.QUEUED
    assert [message.attempt for message, _ in ports.queue.sent] == [1]
    assert "goes to the queue" in caplog.text
