"""Other people's clients, unmodified, each in an environment of its own, run a job on the emulator.

They are pointed at Azure and know nothing of a laptop: a proxy leads the name of the workspace's
region to the emulator, whose authority they trust.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from azure_quantum_emulator.serving.certificates import LOCAL_NAMES, Authority
from azure_quantum_emulator.serving.ready_file import read_ready_file
from azure_quantum_emulator.supervision.process import Process
from azure_quantum_emulator.testing import running
from emulator_support.patience import PATIENCE
from localdev.repository import ROOT

HOST = "eastus.quantum.azure.com"
UV = Path(sys.executable).with_name("uv")


@dataclass(frozen=True, slots=True)
class Client:
    """A package of somebody else, and a program that runs a Bell pair with it."""

    package: str
    program: str
    """Prints, as JSON, how often each outcome was measured, or its probability."""


OF_THE_SDK = """
import json
from azure.quantum import Workspace

bell = {"qubits": 2, "circuit": [
    {"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}]}
job = Workspace().get_targets("ionq.simulator").submit(bell, shots=100)
histogram = job.get_results()["histogram"]
print(json.dumps({f"{int(value):02b}": share for value, share in histogram.items()}))
"""
CLIENTS = {
    "SDK 3.4": Client("azure-quantum==3.4.0", OF_THE_SDK),
    "SDK 3.6": Client("azure-quantum==3.6.1", OF_THE_SDK),
    "pytket": Client(
        "pytket-azure==0.5.1",
        """
import json
from pytket import Circuit
from pytket.extensions.azure import AzureBackend

backend = AzureBackend("quantinuum.sim.h2-1e")
bell = backend.get_compiled_circuit(Circuit(2).H(0).CX(0, 1).measure_all())
counts = backend.get_result(backend.process_circuit(bell, n_shots=100)).get_counts()
print(json.dumps({"".join(map(str, bits)): count for bits, count in counts.items()}, default=int))
""",
    ),
    "Cirq": Client(
        "azure-quantum[cirq]==3.13.0",
        """
import json
import cirq
from azure.quantum import Workspace
from azure.quantum.cirq import AzureQuantumService

one, other = cirq.LineQubit.range(2)
bell = cirq.Circuit(cirq.H(one), cirq.CNOT(one, other), cirq.measure(one, other, key="m"))
result = AzureQuantumService(Workspace()).run(bell, 100, target="ionq.simulator")
histogram = result.histogram(key="m")
print(json.dumps({f"{value:02b}": int(count) for value, count in histogram.items()}))
""",
    ),
}


@pytest.fixture(scope="module")
def azure(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Start the emulator where Azure seems to be; return the environment of those who go there."""
    directory = tmp_path_factory.mktemp("azure")
    authority = Authority(directory / "ca.pem")
    certificate = authority.issue(directory, "emulator", [*LOCAL_NAMES, HOST])
    tls = ("--tls-port", "0", "--tls-certificate", str(certificate.chain), str(certificate.key))
    with running(directory, "--in-memory", "--quiet", *tls, storage=azurite) as emulator:
        port = urlsplit(emulator.facts["tlsUrl"]).port
        ready = directory / "proxy.json"
        line = [sys.executable, "-m", "localdev.stack.connect_proxy", f"--name={HOST}={port}"]
        proxy = Process(
            "proxy",
            [*line, "--ready-file", str(ready)],
            log=directory / "proxy.log",
            cwd=ROOT,
        )
        try:
            facts = proxy.wait_until(lambda: read_ready_file(ready), PATIENCE)
            yield {
                "AZURE_QUANTUM_CONNECTION_STRING": ";".join(
                    (
                        f"SubscriptionId={emulator.facts['subscriptionId']}",
                        f"ResourceGroupName={emulator.facts['resourceGroup']}",
                        f"WorkspaceName={emulator.facts['name']}",
                        f"ApiKey={emulator.api_key}",
                        f"QuantumEndpoint=https://{HOST}/;",
                    )
                ),
                "HTTPS_PROXY": facts["url"],
                "NO_PROXY": "127.0.0.1",
                "REQUESTS_CA_BUNDLE": str(authority.file),
                "QDK_PYTHON_TELEMETRY": "none",
            }
        finally:
            proxy.stop()


def run(*line: object, cwd: Path, **environment: str) -> str:
    """Return what a command prints to its standard output.

    Raises:
        subprocess.CalledProcessError: it failed; what it said is shown.

    """
    hidden = ("AZURE_", "PYTHON", "PYTEST_", "VIRTUAL_ENV")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    done = subprocess.run(
        list(map(str, line)),
        cwd=cwd,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, str(line[0]), done.stderr)
    return done.stdout


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_runs_a_job(name: str, azure: Mapping[str, str], tmp_path: Path) -> None:
    """It submits, waits and reads its results as it would on Azure."""
    client = CLIENTS[name]
    environment = tmp_path / "environment"
    python = environment / "bin" / "python"
    run(UV, "venv", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    try:
        run(UV, "pip", "install", "--quiet", "--python", python, client.package, cwd=tmp_path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"{client.package} cannot be installed: {str(error.output).splitlines()[-1:]}")
    printed = run(python, "-W", "ignore", "-c", client.program, cwd=tmp_path, **azure)
    found: dict[str, float] = json.loads(printed.splitlines()[-1].lstrip("."))
    total = sum(found.values())
    assert found["00"] / total > 0.3
    assert found["11"] / total > 0.3
    assert (found["00"] + found["11"]) / total > 0.9
