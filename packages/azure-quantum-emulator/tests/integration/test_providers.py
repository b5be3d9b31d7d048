"""The unmodified SDK's targets, sessions, Qiskit provider and Q# against the emulator."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from azure.quantum import SessionJobFailurePolicy, Workspace
from azure.quantum.target import IonQ, Quantinuum
from azure.quantum.target.rigetti import InputParams, Result, Rigetti
from qdk import TargetProfile, qsharp
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import Gate

from azure_quantum_emulator.testing import RunningEmulator

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports the old name of qdk
    from azure.quantum.qiskit import AzureQuantumProvider
from azure.quantum.target import Target

IONQ_GHZ = {
    "qubits": 3,
    "circuit": [
        {"gate": "h", "target": 0},
        {"gate": "cnot", "control": 0, "target": 1},
        {"gate": "cnot", "control": 0, "target": 2},
    ],
}
QASM_GHZ = """OPENQASM 2.0;
include "qelib1.inc";
qreg q[3]; creg c[3];
h q[0]; cx q[0], q[1]; cx q[1], q[2];
measure q -> c;
"""
QUIL_BELL = """
DECLARE ro BIT[2]
H 0
CNOT 0 1
MEASURE 0 ro[0]
MEASURE 1 ro[1]
"""
QUIL_ROTATION = """
DECLARE ro BIT[1]
DECLARE theta REAL[1]
RX(theta) 0
MEASURE 0 ro[0]
"""
TELEPORT = """
operation Teleport() : Result {
    use (message, here, there) = (Qubit(), Qubit(), Qubit());
    X(message);
    H(here); CNOT(here, there); CNOT(message, here); H(message);
    if M(message) == One { Z(there); }
    if M(here) == One { X(there); }
    let result = M(there);
    ResetAll([message, here, there]);
    result
}
"""
BELL = """
operation Bell() : (Result, Result) {
    use (a, b) = (Qubit(), Qubit());
    H(a); CNOT(a, b);
    (MResetZ(a), MResetZ(b))
}
"""

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture
def workspace(emulator: RunningEmulator) -> Iterator[Workspace]:
    """Return the SDK's workspace, with no job in it."""
    emulator.reset()
    with emulator.connect() as connected:
        yield connected


def target(workspace: Workspace, name: str) -> Target:
    """Return a target as the SDK finds it."""
    found = workspace.get_targets(name)
    assert found.name == name
    return found


def ghz() -> QuantumCircuit:
    """Return a circuit of three qubits and a register of three bits."""
    circuit = QuantumCircuit(3, 3, name="GHZ")
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.cx(1, 2)
    circuit.measure(range(3), range(3))
    return circuit


def test_ionq_takes_its_own_circuits(workspace: Workspace) -> None:
    """`Target.submit` with IonQ's JSON gives IonQ's histogram of exact probabilities."""
    ionq = target(workspace, "ionq.simulator")
    assert isinstance(ionq, IonQ)
    results = ionq.submit(IONQ_GHZ, shots=100).get_results()
    assert results["histogram"] == {"0": 0.5, "7": 0.5}


def test_quantinuum_takes_openqasm(workspace: Workspace) -> None:
    """Its emulator samples with noise; its syntax checker gives zeros."""
    noisy = target(workspace, "quantinuum.sim.h2-1e")
    assert isinstance(noisy, Quantinuum)
    shots = Counter(noisy.submit(QASM_GHZ, shots=1000).get_results()["c"])
    assert shots.total() == 1000
    assert shots["000"] + shots["111"] > 900
    checker = target(workspace, "quantinuum.sim.h2-1sc")
    assert checker.submit(QASM_GHZ, shots=3).get_results() == {"c": ["000"] * 3}


def test_quantinuum_checks_syntax(workspace: Workspace) -> None:
    """A program that is none fails its job, with the reason."""
    job = target(workspace, "quantinuum.sim.h2-1sc").submit("OPENQASM 2.0; frobnicate q[0];")
    job.wait_until_completed(print_progress=False)
    assert job.details.status == "Failed"
    assert job.details.error_data.message


def test_rigetti_takes_quil(workspace: Workspace) -> None:
    """Registers come back bit by bit, and the SDK's own class reads them."""
    job = Rigetti(workspace=workspace).submit(QUIL_BELL, shots=50)
    job.wait_until_completed(print_progress=False)
    readout = Result(job)["ro"]
    assert len(readout) == 50
    assert {tuple(bits) for bits in readout} == {(0, 0), (1, 1)}


def test_rigetti_takes_parameters(workspace: Workspace) -> None:
    """Substitutions run one after the other, each as often as asked."""
    parameters = InputParams(substitutions={"theta": [[0.0], [3.141592653589793]]})
    job = Rigetti(workspace=workspace).submit(QUIL_ROTATION, shots=3, input_params=parameters)
    job.wait_until_completed(print_progress=False)
    assert Result(job)["ro"] == [[0]] * 3 + [[1]] * 3


@pytest.mark.parametrize(
    "name",
    [
        "ionq.simulator",
        "ionq.qpu.forte-1",
        "quantinuum.sim.h2-1e",
        "quantinuum.qpu.h2-1",
        "rigetti.sim.qvm",
        "rigetti.qpu.cepheus-1-108q",
    ],
)
def test_qiskit_runs_on_every_provider(workspace: Workspace, name: str) -> None:
    """A backend of `AzureQuantumProvider` runs a circuit and gives counts."""
    backend = AzureQuantumProvider(workspace).get_backend(name)
    counts = backend.run(ghz(), shots=200).result().get_counts()
    assert sum(counts.values()) == 200
    assert counts.get("000", 0) + counts.get("111", 0) > 150
    if name in ("ionq.simulator", "rigetti.sim.qvm"):
        assert set(counts) == {"000", "111"}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ionq.simulator", {"input_data_format": "ionq.circuit.v1", "gateset": "qis"}),
        ("quantinuum.sim.h2-1e", {"input_data_format": "honeywell.openqasm.v1"}),
    ],
)
def test_qiskit_passes_through(workspace: Workspace, name: str, options: dict[str, str]) -> None:
    """Backends that send the provider's own format get counts in Qiskit's order of bits."""
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure(range(3), range(3))
    backend = AzureQuantumProvider(workspace).get_backend(name, **options)
    counts = backend.run(circuit, shots=100).result().get_counts()
    assert max(counts, key=counts.__getitem__) == "001"


def test_ionq_runs_native_gates(workspace: Workspace) -> None:
    """The provider's native gates, through Qiskit's backend for them, make a Bell state."""
    backend = AzureQuantumProvider(workspace).get_backend(
        "ionq.simulator", input_data_format="ionq.circuit.v1", gateset="native"
    )
    circuit = QuantumCircuit(2, 2)
    circuit.append(Gate("gpi", 1, [0.25]), [0])
    circuit.append(Gate("gpi", 1, [0.25]), [0])
    circuit.append(Gate("ms", 2, [0, 0, 0.25]), [0, 1])
    circuit.measure([0, 1], [0, 1])
    counts = backend.run(circuit, shots=100).result().get_counts()
    assert set(counts) == {"00", "11"}  # the SDK samples from the probabilities


def test_outcomes_of_two_registers_stay_apart(workspace: Workspace) -> None:
    """Qiskit gets a space between registers, the last one first."""
    circuit = QuantumCircuit(2)
    circuit.x(1)
    circuit.measure_all()
    circuit.add_register(extra := ClassicalRegister(1, "extra"))
    circuit.measure(1, extra[0])
    backend = AzureQuantumProvider(workspace).get_backend("rigetti.sim.qvm")
    assert backend.run(circuit, shots=10).result().get_counts() == {"1 10": 10}


def test_qsharp_runs(workspace: Workspace) -> None:
    """A Q# program that is compiled by qdk runs, also one that decides by what it measures."""
    qsharp.init(target_profile=TargetProfile.Adaptive_RI)
    qsharp.eval(TELEPORT)
    adaptive = qsharp.compile("Teleport()")
    checker = target(workspace, "quantinuum.sim.h2-1e")
    results = checker.submit(adaptive, shots=200, target_profile="Adaptive_RI").get_results()
    assert results["1"] > 0.9

    qsharp.init(target_profile=TargetProfile.Base)
    qsharp.eval(BELL)
    rigetti = target(workspace, "rigetti.sim.qvm")
    job = rigetti.submit(qsharp.compile("Bell()"), shots=100)
    assert set(job.get_results()) == {"(0, 0)", "(1, 1)"}


def test_every_accessor_of_results_agrees(workspace: Workspace) -> None:
    """Frequencies, counts and single shots are of one run."""
    qsharp.init(target_profile=TargetProfile.Base)
    qsharp.eval(BELL)
    job = target(workspace, "rigetti.sim.qvm").submit(qsharp.compile("Bell()"), shots=100)
    frequencies, counts = job.get_results(), job.get_results_histogram()
    shots = Counter(str(shot).replace("'", "") for shot in job.get_results_shots())
    assert {name: entry["count"] for name, entry in counts.items()} == dict(shots)
    assert {name: entry["count"] / 100 for name, entry in counts.items()} == frequencies


def test_a_session_holds_its_jobs(workspace: Workspace) -> None:
    """Opened by a target, closed by the `with` block, it lists its jobs."""
    ionq = target(workspace, "ionq.simulator")
    with ionq.open_session(name="two jobs") as session:
        jobs = [ionq.submit(IONQ_GHZ, shots=10) for _ in range(2)]
        for job in jobs:
            job.wait_until_completed(print_progress=False)
    assert session.details.status == "Succeeded"
    assert [job.id for job in session.list_jobs()] == [jobs[1].id, jobs[0].id]
    assert [item.id for item in workspace.list_top_level_items()] == [session.id]
    assert workspace.get_session(session.id).details.name == "two jobs"


def test_qiskit_opens_sessions(workspace: Workspace) -> None:
    """A backend's session is the workspace's."""
    backend = AzureQuantumProvider(workspace).get_backend("ionq.simulator")
    with backend.open_session(name="qiskit") as session:
        backend.run(ghz(), shots=10).result()
    assert [found.id for found in workspace.list_sessions()] == [session.id]
    assert len(list(session.list_jobs())) == 1


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (SessionJobFailurePolicy.ABORT, "Failed"),
        (SessionJobFailurePolicy.CONTINUE, "Failure(s)"),
    ],
)
def test_a_failed_job_concerns_its_session(
    workspace: Workspace, policy: SessionJobFailurePolicy, status: str
) -> None:
    """The session ends, or notes it, as its policy says."""
    ionq = target(workspace, "ionq.simulator")
    session = ionq.open_session(job_failure_policy=policy)
    job: Any = ionq.submit({"qubits": 1, "circuit": [{"gate": "nonsense", "target": 0}]})
    job.wait_until_completed(print_progress=False)
    session.refresh()
    assert session.details.status == status
    session.close()
    assert session.details.status == "Failed"
