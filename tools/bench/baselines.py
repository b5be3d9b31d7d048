"""Baselines: the simulator, the storage emulator and the web server alone."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import aiohttp
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueServiceClient
from qiskit import QuantumCircuit
from qiskit.transpiler import generate_preset_pass_manager
from qiskit_aer import AerSimulator

from azure_quantum_emulator.serving.ready_file import read_ready_file
from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.supervision.process import Process
from localdev.repository import AZURITE, ROOT
from tools.bench.jobs import QUBITS, SHOTS
from tools.bench.timing import Call, seconds_of, throughput

CONCURRENCY = 16
DOCUMENT = b'{"padding": "' + b"x" * 2000 + b'"}'
MESSAGE = '{"version": 1, "jobId": "00000000-0000-0000-0000-000000000000", "step": 0}'
HIDDEN_FOR = 3600  # seconds; a message received for a later delete does not come back
BATCH = 32  # the most messages one receive returns


def ghz(qubits: int) -> QuantumCircuit:
    """Return a circuit that entangles all its qubits and measures them."""
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    for qubit in range(1, qubits):
        circuit.cx(qubit - 1, qubit)
    circuit.measure_all()
    return circuit


def simulation(repetitions: int, qubits: int = QUBITS) -> float:
    """Return the median milliseconds from a GHZ circuit to its counts, in this process."""
    simulator = AerSimulator()
    passes = generate_preset_pass_manager(1, backend=simulator)
    circuit = ghz(qubits)
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        simulator.run(passes.run(circuit), shots=SHOTS).result().get_counts()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def storage(per_job: Mapping[str, float], jobs: int) -> float:
    """Return the jobs per second that a fresh Azurite serves if each costs *per_job* by kind."""
    mix = [kind for kind, count in per_job.items() for _ in range(round(count * jobs))]
    # The kinds take turns, as they do when many jobs run at once.
    stride = max(jobs, 1)
    shuffled = [kind for start in range(stride) for kind in mix[start::stride]]
    with (
        tempfile.TemporaryDirectory(prefix="qjobs-") as directory,
        azurite.running(Path(directory) / "azurite.log", program=AZURITE) as connection,
    ):
        seconds = asyncio.run(_replay(connection, shuffled))
    return jobs / seconds


def web_server(directory: Path, requests: int, callers: int) -> float:
    """Return the requests per second of the emulator's web server with a constant response."""
    ready_file = directory / "constant.json"
    line = [sys.executable, "-m", "tools.bench.constant", "--ready-file", str(ready_file)]
    server = Process("constant", line, log=directory / "constant.log", cwd=ROOT)
    try:
        url = server.wait_until(lambda: read_ready_file(ready_file), azurite.START_TIMEOUT)["url"]
        return asyncio.run(_request_rate(url, requests, callers))
    finally:
        server.stop()


async def _request_rate(url: str, requests: int, callers: int) -> float:
    async with aiohttp.ClientSession() as http:

        async def call() -> None:
            async with http.get(url) as response:
                await response.json()

        await call()  # which waits until it has started
        return await throughput(call, requests, callers)


async def _replay(connection: str, mix: list[str]) -> float:
    """Return the seconds that the transactions of *mix* take, 16 at a time."""
    async with (
        BlobServiceClient.from_connection_string(connection) as blobs,
        QueueServiceClient.from_connection_string(connection) as queues,
    ):
        container = await blobs.create_container("bench")
        queue = await queues.create_queue("bench")
        document = await container.upload_blob("document", DOCUMENT)
        names = iter(range(len(mix)))
        held: Iterator[QueueMessage] = iter([])

        async def put() -> None:
            await container.upload_blob(f"jobs/{next(names)}", DOCUMENT)

        async def get() -> None:
            await (await document.download_blob()).readall()

        async def page() -> None:
            async for _ in container.list_blobs("none/"):
                pass

        async def receive() -> None:
            async for _ in queue.receive_messages(max_messages=1, visibility_timeout=HIDDEN_FOR):
                pass

        async def drop() -> None:
            await queue.delete_message(next(held))

        operations: dict[str, Call] = {
            "blob.put": put,
            "blob.get": get,
            "blob.list": page,
            "blob.put-metadata": lambda: document.set_blob_metadata({"job": MESSAGE}),
            "queue.send": lambda: queue.send_message(MESSAGE),
            "queue.receive": receive,
            "queue.delete": drop,
        }
        deletes = mix.count("queue.delete")
        await seconds_of([lambda: queue.send_message(MESSAGE)] * deletes, CONCURRENCY)
        pages = queue.receive_messages(messages_per_page=BATCH, visibility_timeout=HIDDEN_FOR)
        held = iter([message async for message in pages])
        # Anything rarer is taken for the cheapest request there is, to keep this a baseline.
        calls = [operations.get(kind, document.get_blob_properties) for kind in mix]
        return await seconds_of(calls, CONCURRENCY)
