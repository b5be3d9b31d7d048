"""Jobs in the providers' own formats, from the input to the output."""

from __future__ import annotations

import json
from typing import Any

import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Task
from azure_quantum_emulator.targets.catalogue import Target, all_targets
from emulator_support import qir_text as text
from emulator_support.tasks import completed

IONQ = "ionq.simulator"


def native(target: str, source: bytes, **params: object) -> dict[str, Any]:
    """Return the output of a job in the provider's own formats."""
    formats = {
        "ionq": ("ionq.circuit.v1", "ionq.quantum-results.v1"),
        "quantinuum": ("honeywell.openqasm.v1", "honeywell.quantum-results.v1"),
        "rigetti": ("rigetti.quil.v1", "rigetti.quil-results.v1"),
    }
    input_format, output_format = formats[target.partition(".")[0]]
    done = completed(Task(target, source, input_format, params, output_format))
    decoded: dict[str, Any] = json.loads(done.output)
    return decoded


QASM = b"""OPENQASM 2.0; include "qelib1.inc"; qreg q[50]; creg c[2]; creg d[1];
gate flip(a) x { rx(a) x; }
h q[40]; measure q[40] -> c[0]; if (c==1) flip(pi) q[41]; measure q[41] -> c[1];
reset q[40]; measure q[40] -> d[0];
"""


def test_branches_resets_and_registers_of_openqasm_run() -> None:
    """A conditional gate follows its register, and a qubit that was reset is zero."""
    output = native("quantinuum.sim.h2-1e", QASM, shots=500, seed=3, **{"error-model": False})
    assert set(output["c"]) == {"00", "11"}
    assert output["d"] == ["0"] * 500
    assert abs(output["c"].count("11") - 250) < 5 * 11.2  # five standard deviations


def test_a_syntax_checker_gives_zeros_and_takes_no_wrong_program() -> None:
    """What compiles gives zero for every bit of every shot, what does not fails."""
    target = "quantinuum.sim.h2-1sc"
    assert native(target, QASM, shots=2) == {"c": ["00", "00"], "d": ["0", "0"]}
    wrong = Task(
        target, QASM + b"nope q[0];", "honeywell.openqasm.v1", {}, "honeywell.quantum-results.v1"
    )
    assert isinstance(execute(wrong), JobError)


def test_a_stabilizer_simulation_takes_clifford_gates_only() -> None:
    """The method that was asked for is used, and not quietly another one."""
    clifford = b'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1]; x q[0]; measure q -> c;'
    params = {"error-model": False, "simulator": "stabilizer"}
    assert native("quantinuum.sim.h2-1e", clifford, **params) == {"c": ["1"]}
    other = clifford.replace(b"x q[0]", b"t q[0]")
    task = Task(
        "quantinuum.sim.h2-1e",
        other,
        "honeywell.openqasm.v1",
        params,
        "honeywell.quantum-results.v1",
    )
    error = execute(task)
    assert isinstance(error, JobError)
    assert error.code == "SimulationFailed"


GHZ_IONQ = json.dumps(
    {
        "qubits": 29,
        "circuit": [
            {"gate": "h", "target": 0},
            {"gate": "x", "controls": [0], "targets": [28]},
            {"gate": "x", "controls": [0, 28], "targets": [3]},
        ],
    }
).encode()


def test_ionqs_simulator_gives_exact_probabilities_of_all_qubits() -> None:
    """The states are those of the whole register, however few of its qubits are used."""
    expected = {"0": 0.5, str(1 + 2**28 + 2**3): 0.5}
    assert native(IONQ, GHZ_IONQ) == {"histogram": expected}


def test_ionqs_simulator_imitates_a_device_when_asked() -> None:
    """With a noise model it samples, other states occur, and `noise.seed` fixes the shots."""
    noise = {"model": "aria-1", "seed": 4}
    output = native(IONQ, GHZ_IONQ, shots=2000, noise=noise)
    assert len(output["histogram"]) > 2
    assert sum(output["histogram"].values()) == pytest.approx(1)
    assert output == native(IONQ, GHZ_IONQ, shots=2000, noise=noise)
    assert output != native(IONQ, GHZ_IONQ, shots=2000, noise=noise | {"seed": 5})
    assert native(IONQ, GHZ_IONQ, noise={"model": "ideal"}) == native(IONQ, GHZ_IONQ)


def test_a_qpu_samples_with_noise() -> None:
    """What the simulator never gives, the device gives now and then."""
    output = native("ionq.qpu.forte-1", GHZ_IONQ, shots=4000, seed=1)
    shares = output["histogram"]
    assert shares["0"] + shares[str(1 + 2**28 + 2**3)] < 1


def test_quil_runs_with_branches_of_parameters() -> None:
    """Every set of values gives its shots, one set after another."""
    source = b"DECLARE ro BIT\nDECLARE a REAL\nRX(a) 19\nMEASURE 19 ro"
    params = {"substitutions": {"a": [[0], [3.141592653589793]]}, "shots": 2}
    assert native("rigetti.sim.qvm", source, **params) == {"ro": [[0], [0], [1], [1]]}


ONE = {
    "qir.v1": text.module(
        [text.call("x__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
        qubits=1,
        results=1,
    ),
    "ionq.circuit.v1": b'{"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}',
    "honeywell.openqasm.v1": (
        b'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1]; x q[0]; measure q -> c;'
    ),
    "rigetti.quil.v1": b"DECLARE ro BIT\nX 0\nMEASURE 0 ro\n",
}
"""A program that flips a qubit, in each format that needs no more than is installed."""
DEFAULTS = [
    (target, name)
    for target in all_targets().values()
    for name in target.input_formats
    if name in ONE
]


@pytest.mark.parametrize(
    ("target", "name"), DEFAULTS, ids=[f"{target.id}-{name}" for target, name in DEFAULTS]
)
def test_the_format_that_nobody_asks_for_holds_what_runs(target: Target, name: str) -> None:
    """On every target, for every format of programs that it takes."""
    completed(Task(target.id, ONE[name], name, {"shots": 2}, target.output_format_of(name)))
