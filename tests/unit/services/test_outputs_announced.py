"""Jobs that wait at a device are looked at when their output is announced, and hardly otherwise."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.bootstrap import Services
from qjobs.domain.identifiers import owner_key
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import Phase, ProviderJob, ProviderStatus
from qjobs.settings import Settings
from tests.algorithm_folder import describe_algorithm
from tests.fakes import FakePorts, FakeProvider, target
from tests.unit.services.jobs import stored

OWNER = owner_key("alice")
HOUR, DAY = 3600, 86400
STALLED = 120


class CountingProvider(FakeProvider):
    """A provider whose jobs end at a time, and which counts the looks at each."""

    def __init__(self, ports: FakePorts, ends_after: float) -> None:
        super().__init__()
        self._ports, self._ends_after = ports, timedelta(seconds=ends_after)
        self.looks = Counter[str]()
        self.others: dict[str, timedelta] = {}
        """After which time jobs end that do not end with all others, by their ids."""
        self._since = ports.clock.now()

    async def status(self, target: str, provider_job_id: str) -> ProviderStatus:
        """Return the status, by the clock."""
        self.looks[provider_job_id] += 1
        ends_after = self.others.get(provider_job_id, self._ends_after)
        if self._ports.clock.now() - self._since < ends_after:
            return ProviderStatus(Phase.WAITING)
        return await super().status(target, provider_job_id)


def announcement(job: ProviderJob) -> str:
    """Return the event of the output of a circuit."""
    assert job.origin is not None
    subject = f"/blobServices/default/containers/{job.origin.container}/blobs/outputData"
    return json.dumps({"eventType": "Microsoft.Storage.BlobCreated", "subject": subject})


def made(
    tmp_path: Path, queue: int, ends_after: float
) -> tuple[Services, FakePorts, CountingProvider]:
    """Return services of a workspace whose storage announces outputs, with one device."""
    describe_algorithm(tmp_path / "once", steps=1)
    ports = FakePorts(FileCatalogue(tmp_path))
    ports.provider = provider = CountingProvider(ports, ends_after)
    provider.available = [target("ionq.qpu.aria-1", queue=queue)]
    settings = Settings.from_environment(
        {
            "AzureWebJobsStorage": "unused",
            "QJOBS_WORKSPACE_SUBSCRIPTION_ID": "unused",
            "QJOBS_WORKSPACE_RESOURCE_GROUP": "unused",
            "QJOBS_WORKSPACE_NAME": "unused",
            "QJOBS_WORKSPACE_LOCATION": "unused",
            "QJOBS_OUTPUT_EVENTS": "true",
        }
    )
    return Services(ports, settings), ports, provider


async def placed(services: Services) -> Job:
    """Return a job that is at the device."""
    body = {"input": {}, "target": {"id": "ionq.qpu.aria-1"}}
    job = (await services.submit(OWNER, "once", body, None)).job
    await services.dispatch(job.message())
    return job


async def run_until(services: Services, ports: FakePorts, seconds: float) -> None:
    """Deliver the messages that are due within *seconds*, in their order; move the clock there."""
    end = ports.clock.now() + timedelta(seconds=seconds)
    waiting = [(ports.clock.now() + timedelta(seconds=d), m) for m, d in ports.queue.sent]
    ports.queue.sent.clear()
    while waiting:
        waiting.sort(key=lambda one: one[0])
        due, message = waiting[0]
        if due > end:
            break
        waiting.pop(0)
        if due > ports.clock.now():
            ports.clock.advance((due - ports.clock.now()).total_seconds())
        await services.track(message)
        waiting += [(ports.clock.now() + timedelta(seconds=d), m) for m, d in ports.queue.sent]
        ports.queue.sent.clear()
    ports.queue.sent += [(m, (due - end).total_seconds()) for due, m in waiting]
    if end > ports.clock.now():
        ports.clock.advance((end - ports.clock.now()).total_seconds())


@pytest.mark.parametrize("queue", [5, 600, 4 * HOUR, 2 * DAY, 5 * DAY])
@pytest.mark.parametrize("early", [0.01, 0.5, 1.0])
async def test_two_looks_do_for_any_queue(tmp_path: Path, queue: int, early: float) -> None:
    """One when the circuit is placed, one when its output is announced, whenever that is."""
    took = max(queue * early, 3.0)
    services, ports, provider = made(tmp_path, queue, took)
    job = await placed(services)
    await run_until(services, ports, took)

    [circuit] = provider.submitted.values()
    await services.wake(announcement(circuit))
    await run_until(services, ports, 1)

    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert provider.looks[circuit.id] <= 2


@pytest.mark.parametrize("queue", [5, 600, 4 * HOUR, 2 * DAY, 20 * DAY])
async def test_a_lost_announcement_is_made_up_for(tmp_path: Path, queue: int) -> None:
    """Without any announcement the job ends soon after its expected end."""
    services, ports, _ = made(tmp_path, queue, queue)
    job = await placed(services)

    await run_until(services, ports, queue + HOUR)

    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def hundred(
    services: Services, ports: FakePorts, provider: CountingProvider
) -> dict[str, tuple[Job, timedelta]]:
    """Return a hundred jobs in a queue of days, by their circuits, and when the circuits end."""
    random, jobs = Random(7), {}
    for _ in range(100):
        known = set(provider.submitted)
        job = await placed(services)
        [circuit] = set(provider.submitted) - known
        provider.others[circuit] = timedelta(seconds=random.uniform(10, 2 * DAY))
        jobs[circuit] = job, provider.others[circuit]
    return dict(sorted(jobs.items(), key=lambda one: one[1][1]))


async def test_a_hundred_jobs_end_within_five_seconds_of_their_outputs(tmp_path: Path) -> None:
    """Each when its own output is announced, and after two looks at most."""
    services, ports, provider = made(tmp_path, 2 * DAY, 0)
    began, jobs = ports.clock.now(), await hundred(services, ports, provider)
    for circuit, (_, end) in jobs.items():
        await run_until(services, ports, (began + end - ports.clock.now()).total_seconds())
        await services.wake(announcement(provider.submitted[circuit]))
    await run_until(services, ports, 10)

    for job, end in jobs.values():
        finished = (await stored(ports, job)).finished_at
        assert finished is not None
        assert timedelta(0) <= finished - (began + end) <= timedelta(seconds=5)
    assert max(provider.looks.values()) <= 2


async def test_a_hundred_jobs_are_found_without_any_announcement(tmp_path: Path) -> None:
    """All of them, soon after the end that their device has announced."""
    services, ports, provider = made(tmp_path, 2 * DAY, 0)
    jobs = await hundred(services, ports, provider)

    await run_until(services, ports, 2 * DAY + HOUR)

    statuses = [(await stored(ports, job)).status for job, _ in jobs.values()]
    assert statuses == [Status.SUCCEEDED] * len(jobs)


async def test_an_announcement_may_come_before_the_status(tmp_path: Path) -> None:
    """The blob is there a moment before the provider says that the job is over."""
    services, ports, provider = made(tmp_path, DAY, HOUR + 3)
    job = await placed(services)
    await run_until(services, ports, HOUR)

    [circuit] = provider.submitted.values()
    await services.wake(announcement(circuit))
    await run_until(services, ports, 8)

    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_announcements_may_come_twice_and_late(tmp_path: Path) -> None:
    """The first ends the job; the others find it ended, and leave nothing behind."""
    services, ports, provider = made(tmp_path, DAY, HOUR)
    job = await placed(services)
    await run_until(services, ports, HOUR)
    [circuit] = provider.submitted.values()

    for _ in range(3):
        await services.wake(announcement(circuit))
    await run_until(services, ports, 10)
    await services.wake(announcement(circuit))
    await run_until(services, ports, 10 * DAY)

    assert (await stored(ports, job)).status is Status.SUCCEEDED
    assert provider.looks[circuit.id] == 2
    assert ports.queue.sent == []


@pytest.mark.parametrize("queue", [600, 4 * HOUR, 5 * DAY])
async def test_what_fails_at_once_is_seen_at_once(tmp_path: Path, queue: int) -> None:
    """A circuit that the device refuses has no output, so nothing is announced of it."""
    services, ports, provider = made(tmp_path, queue, 3)
    provider.ending = ProviderStatus(Phase.FAILED)
    job = await placed(services)

    await run_until(services, ports, 10)

    assert (await stored(ports, job)).status is Status.FAILED
    assert set(provider.looks.values()) <= {1, 2}


async def test_an_output_is_looked_at_in_place(tmp_path: Path) -> None:
    """The end of the job waits for no other message."""
    services, ports, provider = made(tmp_path, DAY, HOUR)
    job = await placed(services)
    await run_until(services, ports, HOUR)

    [circuit] = provider.submitted.values()
    await services.wake(announcement(circuit))

    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_a_look_that_may_have_ended_the_process_is_a_message(tmp_path: Path) -> None:
    """Each crash counts there, so that a job that ends whatever works on it ends itself."""
    services, ports, provider = made(tmp_path, DAY, HOUR)
    job = await placed(services)
    await run_until(services, ports, HOUR)
    looks, waiting = provider.looks.total(), len(ports.queue.sent)

    [circuit] = provider.submitted.values()
    await services.wake(announcement(circuit), again=True)

    assert provider.looks.total() == looks
    assert len(ports.queue.sent) == waiting + 1
    await run_until(services, ports, 1)
    assert (await stored(ports, job)).status is Status.SUCCEEDED


async def test_what_is_announced_of_others_changes_nothing(tmp_path: Path) -> None:
    """Unknown jobs, foreign containers and texts that are no events are left alone."""
    services, ports, provider = made(tmp_path, DAY, HOUR)
    job = await placed(services)
    [circuit] = provider.submitted.values()
    waiting = list(ports.queue.sent)
    stranger = announcement(circuit).replace("/blobs/outputData", "/blobs/inputData")

    for text in (stranger, "no event", announcement(circuit).replace("qjobs-", "qjobs-1")):
        await services.wake(text)

    assert ports.queue.sent == waiting
    assert (await stored(ports, job)).status is Status.SUBMITTED
