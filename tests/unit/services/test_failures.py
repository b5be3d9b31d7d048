"""What becomes of a job when something does not work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject
from qjobs.domain.errors import (
    ConcurrentUpdateError,
    InputRejectedError,
    ProviderRejectedError,
    ProviderUnavailableError,
    StorageUnavailableError,
    TransientError,
)
from qjobs.domain.identifiers import provider_job_id
from qjobs.domain.job import Status
from qjobs.domain.messages import Message, Queue
from qjobs.domain.plan import Phase, Plan, ProviderJob, ProviderStatus
from tests.fakes import BELL, FakePorts
from tests.unit.services.jobs import accepted, stored


async def test_input_that_the_algorithm_rejects_fails_the_job(
    services: Services, ports: FakePorts
) -> None:
    """What only the algorithm can see is reported in the job with the algorithm's words."""
    ports.algorithms.first = InputRejectedError("Both are the same.")
    job = await accepted(services)

    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.status is Status.FAILED
    assert failed.error is not None
    assert (failed.error.code, failed.error.detail) == ("input-rejected", "Both are the same.")


async def test_options_that_the_chosen_target_cannot_take_fail_the_job(
    services: Services, ports: FakePorts
) -> None:
    """A job that was stored before a check knew its options ends at the first attempt."""
    job = await accepted(services)
    _, content = await ports.jobs.read(job.owner, job.id)
    content["options"] = {"noise": "ideal"}

    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.status is Status.FAILED
    assert failed.error is not None
    assert failed.error.code == "options-rejected"
    assert ports.provider.submissions == []


async def test_a_job_too_large_for_every_target_fails(services: Services, ports: FakePorts) -> None:
    """A job for which no target has enough qubits says so."""
    ports.algorithms.first = Plan((replace(BELL, qubits=99),), {})
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
    assert failed.target is not None
    assert failed.target.id == "local.sim.aer"


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
    """A transient error puts the message back for as long as the provider asked for, and a bit."""
    job = await accepted(services)
    ports.provider.failures = [ProviderUnavailableError(retry_after=33)]

    await services.dispatch(job.message())

    [(message, delay)] = ports.queue.sent
    assert (message.queue, message.attempt) == (Queue.DISPATCH, 1)
    assert 33 <= delay <= 35
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_provider_that_stays_silent_fails_the_job_in_the_end(
    services: Services, ports: FakePorts
) -> None:
    """After the last attempt the job fails with a code that says why."""
    job = await accepted(services)
    ports.provider.failures = [ProviderUnavailableError("Busy."), ProviderUnavailableError("Busy.")]

    await services.dispatch(replace(job.message(), attempt=schedule.RETRY_ATTEMPTS - 1))

    [(last, _)] = ports.queue.sent
    assert last.attempt == schedule.RETRY_ATTEMPTS
    assert not (await stored(ports, job)).final

    await services.dispatch(last)

    failed = await stored(ports, job)
    assert failed.error is not None
    assert (failed.error.code, failed.error.detail) == ("provider-gave-up", "Busy.")


async def test_a_job_that_waits_for_its_retry_is_not_lost(
    services: Services, ports: FakePorts
) -> None:
    """It is due only after the delay, and then as long as any job may stand still."""
    job = await accepted(services)
    ports.provider.failures = [ProviderUnavailableError(retry_after=3600)]

    await services.dispatch(job.message())

    waiting, [(_, delay)] = await stored(ports, job), ports.queue.sent
    assert delay >= 3600
    assert waiting.due == ports.clock.now() + timedelta(seconds=delay + 120)


async def test_a_failed_attempt_at_an_ended_job_leaves_it_as_it_ended(
    services: Services, ports: FakePorts
) -> None:
    """A message that comes late makes no ended job due again."""
    job = await accepted(services)

    async def end_meanwhile(message: Message) -> None:
        await services.cancel(job.owner, job.id)
        await services.track(replace(message, queue=Queue.TRACK))
        raise ProviderUnavailableError

    await replace(services.dispatch, work=end_meanwhile)(job.message())

    ended = await stored(ports, job)
    assert ended.status is Status.CANCELED
    assert ended.due is None


async def test_what_was_taken_of_a_refused_step_is_withdrawn(
    services: Services, ports: FakePorts
) -> None:
    """When one of several programs is refused, the others do not run for nothing."""
    ports.algorithms.first = Plan((BELL, BELL, BELL), {})
    job = await accepted(services)
    submit = ports.provider.submit

    async def refuse_the_second(program: ProviderJob) -> None:
        if program.id == provider_job_id(job.id, 0, 1):
            raise ProviderRejectedError("No.")
        await submit(program)

    ports.provider.submit = refuse_the_second  # type: ignore[assignment,method-assign]

    await services.dispatch(job.message())

    assert (await stored(ports, job)).status is Status.FAILED
    assert len(ports.provider.submitted) == 2
    assert set(ports.provider.canceled) == set(ports.provider.submitted)


async def test_a_refusal_counts_more_than_a_provider_that_is_busy(
    services: Services, ports: FakePorts
) -> None:
    """A step of which one program is refused is not tried again because another was put off."""
    ports.algorithms.first = Plan((BELL, BELL, BELL), {})
    job = await accepted(services)
    submit = ports.provider.submit

    async def answer(program: ProviderJob) -> None:
        if program.id == provider_job_id(job.id, 0, 0):
            raise ProviderUnavailableError
        if program.id == provider_job_id(job.id, 0, 1):
            raise ProviderRejectedError("No.")
        await submit(program)

    ports.provider.submit = answer  # type: ignore[assignment,method-assign]

    await services.dispatch(job.message())

    failed = await stored(ports, job)
    assert failed.status is Status.FAILED
    assert failed.error is not None
    assert failed.error.detail == "No."
    assert set(ports.provider.canceled) == set(ports.provider.submitted)


async def test_a_poisoned_job_is_withdrawn_from_the_provider(
    services: Services, ports: FakePorts
) -> None:
    """A job that is given up does not keep the provider busy."""
    ports.provider.polls = 1000
    job = await accepted(services)
    await services.dispatch(job.message())

    given_up = replace((await stored(ports, job)).message(), revivals=schedule.MOST_REVIVALS)
    await services.poison(given_up.encode())

    assert ports.provider.canceled == [provider_job_id(job.id, 0, 0)]


async def test_an_endless_algorithm_is_stopped(services: Services, ports: FakePorts) -> None:
    """An algorithm that always asks for more fails in the end, and gives way in between."""

    def again(_: Inputs, __: JSONObject, ___: Sequence[Counts]) -> Plan | Finish:
        return Plan((BELL,), {})

    ports.algorithms.then = again
    ports.provider.polls = 1
    job = await accepted(services)

    await services.dispatch(job.message())
    visits = 1
    while not (await stored(ports, job)).final:
        message, _ = ports.queue.sent.pop()
        await services.track(message)
        visits += 1

    failed = await stored(ports, job)
    assert failed.error is not None
    assert failed.error.code == "algorithm-failed"
    assert "1000 steps" in failed.error.detail
    assert len(ports.provider.submissions) == 1000
    assert visits > 1


async def test_a_circuit_that_the_workspace_does_not_know_is_placed_again(
    services: Services, ports: FakePorts
) -> None:
    """A workspace that has lost a job, or does not show it yet, costs time and no more."""
    ports.provider.polls = 10_000
    job = await accepted(services)
    await services.dispatch(job.message())
    [(message, _)] = ports.queue.sent
    ports.queue.sent.clear()
    ports.provider.submitted.clear()
    ports.provider.polls = 0

    await services.track(message)

    [(again, _)] = ports.queue.sent
    assert list(ports.provider.submitted) == [provider_job_id(job.id, 0, 0)]
    assert again.attempt == 1
    await services.track(again)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    "trouble",
    [StorageUnavailableError(), ConcurrentUpdateError(), TransientError("No process is free.")],
    ids=lambda error: type(error).__name__,
)
async def test_trouble_of_ours_never_counts_against_a_job(
    services: Services, ports: FakePorts, trouble: TransientError
) -> None:
    """However often it happens, the job is only put back, and says nothing of its provider."""
    job = await accepted(services)
    message = job.message()
    for _ in range(2 * schedule.RETRY_ATTEMPTS):
        ports.provider.failures = [trouble]
        await services.dispatch(message)
        message, delay = ports.queue.sent.pop()
        assert delay <= 300

    assert message.attempt == 0
    waiting = await stored(ports, job)
    assert waiting.waiting_since is None
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_host_that_dies_never_counts_against_a_job(
    services: Services, ports: FakePorts
) -> None:
    """However often a message is delivered again, it is told as one attempt, and no more."""
    job = await accepted(services)
    message = job.message()
    for _ in range(2 * schedule.RETRY_ATTEMPTS):
        ports.provider.failures = [StorageUnavailableError()]
        await services.dispatch(message.repeated())
        message, _ = ports.queue.sent.pop()

    assert message.attempt == 1
    ports.provider.failures = [ProviderUnavailableError("Busy.")]
    await services.dispatch(message.repeated())
    message, _ = ports.queue.sent.pop()
    assert message.attempt == 2
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_job_says_that_it_waits_for_the_provider(
    services: Services, ports: FakePorts
) -> None:
    """The first request that is not answered counts, until one is."""
    job, began = await accepted(services), ports.clock.now()
    ports.provider.failures = [ProviderUnavailableError()]
    await services.dispatch(job.message())
    ports.clock.advance(60)
    ports.provider.failures = [ProviderUnavailableError()]
    await services.dispatch(ports.queue.sent.pop()[0])

    assert (await stored(ports, job)).waiting_since == began
    await services.dispatch(ports.queue.sent.pop()[0])
    assert (await stored(ports, job)).waiting_since is None


async def test_a_call_that_was_not_made_is_no_attempt(services: Services, ports: FakePorts) -> None:
    """While the calls of others fail a job waits for as long as the breaker is open, no longer."""
    job = await accepted(services)
    message = job.message()
    for _ in range(2 * schedule.RETRY_ATTEMPTS):
        ports.provider.failures = [ProviderUnavailableError(retry_after=3, called=False)]
        await services.dispatch(message)
        message, delay = ports.queue.sent.pop()
        assert 3 <= delay <= 3 + 8

    assert message.attempt == 0
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    "trouble", [StorageUnavailableError(), TransientError("No process is free.")], ids=str
)
async def test_a_day_of_trouble_of_ours_is_no_silence_of_the_provider(
    services: Services, ports: FakePorts, trouble: TransientError
) -> None:
    """The provider was asked once, and then not for a day."""
    job = await accepted(services)
    ports.provider.failures = [ProviderUnavailableError()]
    await services.dispatch(job.message())
    message, _ = ports.queue.sent.pop()
    ports.clock.advance(schedule.LONGEST_UNANSWERED.total_seconds())
    ports.provider.failures = [trouble]

    await services.dispatch(message)

    message, _ = ports.queue.sent.pop()
    await services.dispatch(message)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_provider_that_nobody_can_call_fails_the_job_in_the_end(
    services: Services, ports: FakePorts
) -> None:
    """A day without any answer is enough, whoever called."""
    job = await accepted(services)
    message = job.message()
    for _ in range(2):
        ports.provider.failures = [ProviderUnavailableError("Busy.", called=False)]
        await services.dispatch(message)
        message, _ = ports.queue.sent.pop() if ports.queue.sent else (message, 0)
        ports.clock.advance(schedule.LONGEST_UNANSWERED.total_seconds())

    failed = await stored(ports, job)
    assert failed.error is not None
    assert (failed.error.code, failed.error.detail) == ("provider-gave-up", "Busy.")
