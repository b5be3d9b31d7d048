"""Latency and throughput of the workspace's emulator, beside Aer alone and a web server alone."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from azure_quantum_emulator.testing import RunningEmulator, running
from qjobs.adapters.qiskit_algorithms import lower
from tools.bench import baselines
from tools.bench.jobs import QUBITS, SHOTS
from tools.bench.timing import milliseconds, seconds_of, throughput
from tools.bench.workspace_client import WorkspaceClient, connect
from tools.figures import Baseline, Figure, Target, p95

CALLERS = 16
WIDE = 20  # qubits of the wide circuit
POLL = 0.002  # seconds between two looks at a job that is timed
SAMPLE_PERIOD = 0.02  # seconds between two looks while many jobs run: as a patient client would
LATENCY_TARGET = Target(10)


def measure(directory: Path, jobs: int, requests: int, repetitions: int) -> list[Figure]:
    """Measure everything.

    Args:
        directory: for the emulator's files
        jobs: how many to have in the queue at once
        requests: how often to ask for a job
        repetitions: how often to run the wide circuit

    """
    small, wide = baselines.simulation(repetitions), baselines.simulation(repetitions, WIDE)
    web = baselines.web_server(directory, requests, CALLERS)
    with running(directory, "--quiet") as emulator:
        reads, times, rate, latencies = asyncio.run(_measure(emulator, jobs, requests, repetitions))
    return [
        Figure("GET of a job", reads, "/s", Baseline(web, "Starlette")),
        Figure(f"small jobs, {jobs} in the queue", rate, "/s", Baseline(1000 / small, "bare Aer")),
        Figure("GET meanwhile, median", statistics.median(latencies), "ms", None, LATENCY_TARGET),
        Figure("GET meanwhile, p95", p95(latencies), "ms"),
        Figure(f"a {WIDE}-qubit job", statistics.median(times), "ms", Baseline(wide, "bare Aer")),
    ]


async def _measure(
    emulator: RunningEmulator, jobs: int, requests: int, repetitions: int
) -> tuple[float, list[float], float, list[float]]:
    async with connect(emulator, CALLERS) as client:
        first = await client.submit(program(QUBITS), SHOTS)
        await client.all_succeeded()
        reads = await throughput(lambda: client.get(first), requests, CALLERS)
        wide_times = [await _run(client, program(WIDE)) for _ in range(repetitions)]
        rate, latencies = await _burst(client, jobs)
    return reads, wide_times, rate, latencies


def program(qubits: int) -> bytes:
    """Return a GHZ circuit as the text of a QIR module, which is what the SDK sends."""
    return lower(baselines.ghz(qubits)).text.encode()


async def _run(client: WorkspaceClient, source: bytes) -> float:
    """Return the milliseconds from the definition of a job to its success."""
    await client.open_queue(is_open=False)
    job_id = await client.submit(source, SHOTS)
    started = time.perf_counter()
    await client.open_queue(is_open=True)
    # Asking is what a client of the workspace can do; there is no event to wait for.
    while (await client.get(job_id))["status"] != "Succeeded":  # noqa: ASYNC110 - a poll is what is timed
        await asyncio.sleep(POLL)
    return (time.perf_counter() - started) * 1000


async def _burst(client: WorkspaceClient, jobs: int) -> tuple[float, list[float]]:
    """Return how many of *jobs* queued ones a second are run, and what polling takes meanwhile."""
    source = program(QUBITS)
    await client.open_queue(is_open=False)
    ids: list[str] = []

    async def submit() -> None:
        ids.append(await client.submit(source, SHOTS))

    await seconds_of([submit] * jobs, CALLERS)
    latencies: list[float] = []
    started = time.perf_counter()
    await client.open_queue(is_open=True)
    async with _sampling(client, ids[-1], latencies):
        await client.all_succeeded()
    return jobs / (time.perf_counter() - started), latencies


@asynccontextmanager
async def _sampling(
    client: WorkspaceClient, job_id: str, latencies: list[float]
) -> AsyncIterator[None]:
    """Ask for a job again and again, noting the milliseconds each time."""

    async def sample() -> None:
        while True:
            latencies.append(await milliseconds(lambda: client.get(job_id)))
            await asyncio.sleep(SAMPLE_PERIOD)

    task = asyncio.create_task(sample())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
