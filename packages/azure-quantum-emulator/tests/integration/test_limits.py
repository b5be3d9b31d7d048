"""Programs that take all they can get: time, memory, the process; and the jobs behind them."""

from __future__ import annotations

import gzip
import json
import uuid
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from azure.quantum import Job, Workspace
from azure.storage.blob import ContainerClient, ContentSettings

from azure_quantum_emulator.content_encoding import MOST_BYTES
from azure_quantum_emulator.testing import RunningEmulator
from emulator_support import qir_text as text
from emulator_support.patience import PATIENCE

V2 = "microsoft.quantum-results.v2"
FORMATS = {
    "qir.v1": ("local", "local.sim.aer", V2),
    "ionq.circuit.v1": ("ionq", "ionq.simulator", "ionq.quantum-results.v1"),
    "honeywell.openqasm.v1": (
        "quantinuum",
        "quantinuum.sim.h2-1e",
        "honeywell.quantum-results.v1",
    ),
}
COIN = text.module(
    [text.call("h__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
    qubits=1,
    results=1,
)


@pytest.fixture
def workspace(emulator: RunningEmulator) -> Iterator[Workspace]:
    """Return the SDK's workspace, whose programs have three seconds and half a gibibyte."""
    emulator.reset()
    emulator.configure(timeLimit=3, memoryLimit=512)
    with emulator.connect() as connected:
        yield connected
    emulator.reset()


def submit(workspace: Workspace, source: bytes, input_format: str = "qir.v1", **params: Any) -> Job:  # noqa: ANN401 - JSON
    """Submit a job."""
    provider, target, output_format = FORMATS[input_format]
    return Job.from_input_data(
        workspace=workspace,
        name="a test",
        target=target,
        provider_id=provider,
        input_data=source,
        content_type=input_format,
        input_data_format=input_format,
        output_data_format=output_format,
        input_params={"shots": 10, **params},
    )


def ended(job: Job) -> Job:
    """Return a job that is over."""
    job.wait_until_completed(timeout_secs=PATIENCE, print_progress=False)
    return job


def loop(*body: str) -> bytes:
    """Return a program that does this for ever, as far as anybody can tell beforehand."""
    return text.module(
        [
            *("entry:", text.measure(0, 0), "br label %loop", "loop:", *body),
            *(text.read("bit", 0), "br i1 %bit, label %end, label %loop", "end:"),
            *text.register(0),
        ],
        qubits=1,
        results=1,
    )


def gate_bomb() -> bytes:
    """Return a program of 4^24 gates in a few lines."""
    gates = ["gate g0 a { h a; }"]
    gates += [f"gate g{n + 1} a {{ {f'g{n} a; ' * 4}}}" for n in range(24)]
    return (
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1];'
        f"{' '.join(gates)} g24 q[0]; measure q -> c;"
    ).encode()


def many_controls() -> bytes:
    """Return gates each of which is made of thousands, because of its controls."""
    gate = {"gate": "x", "controls": list(range(28)), "target": 28}
    return json.dumps({"qubits": 29, "circuit": [gate] * 1000}).encode()


def parameter_bomb() -> bytes:
    """Return a program of 2^30 gates in a few lines, every one with another parameter."""
    gates = ["gate g0(a) x { rx(a) x; }"]
    gates += [f"gate g{n + 1}(a) x {{ g{n}(a+1) x; g{n}(a*2) x; }}" for n in range(30)]
    return (
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1];'
        f"{' '.join(gates)} g30(1) q[0]; measure q -> c;"
    ).encode()


def many_terms() -> bytes:
    """Return a gate that is an exponential of very many terms on very many qubits."""
    terms = ["".join("XYZI"[(n >> q) % 4] for q in range(20)) for n in range(10_000)]
    gate = {"gate": "pauliexp", "targets": list(range(20)), "terms": terms, "time": 0.1}
    gate["coefficients"] = [1.0] * len(terms)
    return json.dumps({"qubits": 20, "circuit": [gate]}).encode()


def large_state() -> bytes:
    """Return a program whose state takes a gibibyte."""
    body = [text.call("rx__body", "double 0.3", text.qubit(q)) for q in range(26)]
    return text.module([*body, text.measure(0, 0), *text.register(0)], qubits=26, results=1)


TIME, MEMORY, CRASH = "ProgramLimitExceeded", "SimulationFailed", "WorkerDied"
HOSTILE: dict[str, tuple[bytes, str, set[str]]] = {
    "an endless loop": (loop(text.call("z__body", text.qubit(0))), "qir.v1", {TIME}),
    "a gate bomb": (gate_bomb(), "honeywell.openqasm.v1", {TIME, CRASH}),
    "a bomb of parameters": (parameter_bomb(), "honeywell.openqasm.v1", {TIME, CRASH}),
    "many controls": (many_controls(), "ionq.circuit.v1", {TIME, CRASH}),
    "an exponential": (many_terms(), "ionq.circuit.v1", {TIME, CRASH}),
    "an output without end": (loop(text.record_result(0)), "qir.v1", {TIME, CRASH}),
    "a large state": (large_state(), "qir.v1", {TIME, MEMORY, CRASH}),
    "a null pointer": (
        loop("%p = inttoptr i64 16 to i64*", "store i64 1, i64* %p"),
        "qir.v1",
        {CRASH},
    ),
    "a stack without end": (
        text.module(
            [text.read("bit", 0), "call void @f()", *text.register(0)], qubits=1, results=1
        ).replace(b"declare void @f()", b"define void @f() {\ncall void @f()\nret void\n}"),
        "qir.v1",
        {TIME, CRASH},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_has_its_limits(workspace: Workspace, name: str) -> None:
    """It fails its own job with the reason, and the job behind it runs as if nothing had been."""
    source, input_format, codes = HOSTILE[name]
    hostile = submit(workspace, source, input_format)
    behind = submit(workspace, COIN)

    failed = ended(hostile).details
    assert failed.status == "Failed"
    assert failed.error_data.code in codes
    assert failed.error_data.message.startswith(("The program", "The simulator"))
    assert "emulator" not in failed.error_data.message
    assert ended(behind).details.status == "Succeeded"


def test_the_message_says_which_limit(workspace: Workspace, emulator: RunningEmulator) -> None:
    """Limits are settings, also while the emulator runs."""
    emulator.configure(timeLimit="250ms")
    failed = ended(submit(workspace, HOSTILE["an endless loop"][0])).details

    assert failed.error_data.message == "The program was ended: it took longer than 0.25 s."


def encoded(workspace: Workspace, content: bytes, encoding: str) -> Job:
    """Submit a program that is stored in an encoding."""
    job_id = str(uuid.uuid4())
    container = workspace.get_container_uri(job_id=job_id)
    with ContainerClient.from_container_url(container) as client:
        client.upload_blob(
            "inputData", content, content_settings=ContentSettings(content_encoding=encoding)
        )
        address = f"{client.url.partition('?')[0]}/inputData"
    return Job.from_storage_uri(
        workspace=workspace,
        job_id=job_id,
        name="a test",
        target="local.sim.aer",
        provider_id="local",
        input_data_uri=address,
        container_uri=container,
        input_data_format="qir.v1",
        output_data_format=V2,
        input_params={"shots": 1},
    )


BOMB = gzip.compress(b" " * (MOST_BYTES + 1))
"""A thousandth of its content."""


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        (COIN, "gzip", "it is no gzip"),
        (COIN, "deflate", "it is no deflate"),
        (gzip.compress(COIN)[:-9], "gzip", "its gzip breaks off"),
        (zlib.compress(COIN)[:-5], "deflate", "its deflate breaks off"),
        (b"", "gzip", "its gzip breaks off"),
        (BOMB, "gzip", "it has more than 64 MiB"),
    ],
    ids=["no gzip", "no deflate", "half a gzip", "half a deflate", "empty", "bomb"],
)
def test_an_input_is_in_the_encoding_that_it_says(
    workspace: Workspace, content: bytes, encoding: str, reason: str
) -> None:
    """One that is not, or not all of it, fails its job; so does what would fill the memory."""
    failed = ended(encoded(workspace, content, encoding)).details

    assert failed.status == "Failed"
    assert failed.error_data.code == "InvalidInputData"
    assert f"inputData cannot be decoded: {reason}" in failed.error_data.message


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "identity", ""])
def test_an_encoded_input_runs(workspace: Workspace, encoding: str) -> None:
    """As the SDK of some clients stores it, and as others do."""
    content = {"gzip": gzip.compress(COIN), "deflate": zlib.compress(COIN)}

    job = encoded(workspace, content.get(encoding.lower(), COIN), encoding)

    assert ended(job).details.status == "Succeeded"
