"""Targets in trouble, at a real workspace: jobs at other targets do not notice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from azure.core.credentials import AzureKeyCredential

from azure_quantum_emulator.testing import RunningEmulator
from emulator_support.patience import PATIENCE, async_tries
from qjobs.adapters import client_options, target_list
from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.adapters.bulkhead import Bulkhead
from qjobs.adapters.system_clock import SystemClock
from qjobs.adapters.workspace import connect
from qjobs.bootstrap import Services, catalogue
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.job import Job, Status
from qjobs.domain.plan import Plan
from qjobs.settings import Settings, WorkspaceSettings
from tests.fakes import FakeAlgorithms, FakePorts

SLOW = "ionq.simulator"
OTHER = "local.sim.aer"
DAY = 86_400


@pytest.fixture
def emulator(
    quantum_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningEmulator]:
    """Return the workspace, which is asked with more patience than in production."""
    monkeypatch.setattr(client_options, "READ_SECONDS", PATIENCE)
    quantum_emulator.reset()
    yield quantum_emulator
    quantum_emulator.configure(faults=[])
    quantum_emulator.reset()


@pytest.fixture
def provider(emulator: RunningEmulator) -> AzureQuantumProvider:
    """Return the adapter of the workspace."""
    facts = emulator.facts
    workspace = WorkspaceSettings(
        subscription_id=facts["subscriptionId"],
        resource_group=facts["resourceGroup"],
        name=facts["name"],
        location=facts["location"],
        endpoint=facts["url"],
    )
    return AzureQuantumProvider(
        lambda: connect(workspace, AzureKeyCredential(emulator.api_key)),
        Bulkhead(longest=PATIENCE),
    )


@pytest.fixture
def ports(provider: AzureQuantumProvider) -> FakePorts:
    """Return ports of which the provider, the time and the catalogue are real."""
    from qiskit import QuantumCircuit  # noqa: PLC0415 - most tests of this folder need none

    from qjobs.adapters.qiskit_algorithms import lower  # noqa: PLC0415 - likewise

    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    algorithms = FakeAlgorithms(first=Plan((lower(circuit),), {}))
    ports = FakePorts(catalogue(), algorithms=algorithms)
    ports.clock = SystemClock()  # type: ignore[assignment]
    ports.provider = provider  # type: ignore[assignment]
    return ports


@pytest.fixture
def services(ports: FakePorts) -> Services:
    """Return the services over the ports."""
    settings = Settings.from_environment(
        {
            "AzureWebJobsStorage": "unused",
            "QJOBS_WORKSPACE_SUBSCRIPTION_ID": "unused",
            "QJOBS_WORKSPACE_RESOURCE_GROUP": "unused",
            "QJOBS_WORKSPACE_NAME": "unused",
            "QJOBS_WORKSPACE_LOCATION": "unused",
            "QJOBS_PATIENCE_SECONDS": str(PATIENCE),
        }
    )
    return Services(ports, settings)


async def accepted(services: Services, target: str) -> Job:
    """Return a job for a target that was just submitted."""
    body = {"input": {}, "target": {"id": target}}
    return (await services.submit("owner", "ghz", body, None)).job


async def jobs_at(services: Services, ports: FakePorts, target: str, number: int) -> set[Status]:
    """Return the states in which so many jobs for a target end up, one after the other."""
    states = set()
    for _ in range(number):
        job = await accepted(services, target)
        await services.dispatch(job.message())
        states.add(ports.jobs.peek(job.owner, job.id).status)
    return states


async def test_a_target_that_does_not_respond_keeps_no_other_waiting(
    services: Services, ports: FakePorts, emulator: RunningEmulator
) -> None:
    """Jobs at another target are done while those at the slow one are still pending."""
    late = {"operation": "jobs.create", "target": SLOW, "delay": "1h"}
    emulator.configure(faults=[late])
    slow = [await accepted(services, SLOW) for _ in range(12)]
    pending = [asyncio.create_task(services.dispatch(job.message())) for job in slow]
    async for _ in async_tries(0.05):
        if emulator.control.get("/emulator/faults").json()["value"][0]["hits"] == 4:
            break

    assert await jobs_at(services, ports, OTHER, 8) == {Status.SUCCEEDED}

    assert sum(not task.done() for task in pending) >= 4
    emulator.configure(faults=[])  # those that still wait for a place are not slow any more
    emulator.advance("1h")
    await asyncio.gather(*pending)
    # Those that found no place are back in the queue, none has failed.
    states = [ports.jobs.peek(job.owner, job.id).status for job in slow]
    assert states.count(Status.SUCCEEDED) == 12 - len(ports.queue.sent)
    assert not {Status.FAILED, Status.CANCELED} & set(states)


async def test_a_target_that_asks_for_a_day_keeps_no_other_waiting(
    services: Services, ports: FakePorts, emulator: RunningEmulator
) -> None:
    """Its jobs are back in the queue at once, and everything else goes on."""
    throttled = {"operation": "jobs.create", "target": SLOW, "status": 429, "retryAfter": DAY}
    emulator.configure(faults=[throttled])
    slow = [await accepted(services, SLOW) for _ in range(8)]
    await asyncio.gather(*(services.dispatch(job.message()) for job in slow))

    assert await jobs_at(services, ports, OTHER, 8) == {Status.SUCCEEDED}

    delays = sorted(delay for _, delay in ports.queue.sent)
    assert len(delays) == 8
    # One was told at least; the others may have been kept from asking.
    assert DAY <= delays[-1] < DAY + 5
    assert all(delay > 1 for delay in delays)


async def test_a_list_that_is_throttled_keeps_no_job_waiting(
    services: Services,
    ports: FakePorts,
    emulator: RunningEmulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last list does, for jobs and for who asks for the targets."""
    monkeypatch.setattr(target_list, "_FRESH", 0.0)
    before = await services.list_targets()
    throttled = {"operation": "providerStatus", "status": 429, "retryAfter": DAY}
    emulator.configure(faults=[throttled])

    assert await jobs_at(services, ports, OTHER, 8) == {Status.SUCCEEDED}

    assert await services.list_targets() == before
    assert emulator.control.get("/emulator/faults").json()["value"][0]["hits"] == 1


async def test_without_any_list_it_is_said_when_to_come_again(
    services: Services, ports: FakePorts, emulator: RunningEmulator
) -> None:
    """A job with a target is accepted all the same, and waits in the queue."""
    throttled = {"operation": "providerStatus", "status": 429, "retryAfter": DAY}
    emulator.configure(faults=[throttled])

    for _ in range(10):
        with pytest.raises(ProviderUnavailableError) as refused:
            await services.list_targets()
        assert refused.value.retry_after
    assert await jobs_at(services, ports, OTHER, 1) == {Status.QUEUED}
    [(_, delay)] = ports.queue.sent
    assert delay > 60
