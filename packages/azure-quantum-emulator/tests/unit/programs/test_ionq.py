from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import MCPhaseGate, MCXGate, PauliEvolutionGate
from qiskit.quantum_info import Operator, SparsePauliOp

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs import ionq


def unitary(qubits: int, gates: list[dict[str, Any]], **more: object) -> Operator:
    """Return what a circuit does."""
    given = {"qubits": qubits, "circuit": gates, **more}
    circuit = ionq.parse(json.dumps(given).encode()).circuit.copy()
    circuit.remove_final_measurements()
    return meaning(circuit)


def meaning(circuit: QuantumCircuit) -> Operator:
    """Return the unitary of a circuit, of Pauli exponentials as they are made of gates."""
    return Operator(circuit.decompose("PauliEvolution"))


def every_gate() -> QuantumCircuit:
    """Return a circuit with every gate that the SDK sends to IonQ."""
    circuit = QuantumCircuit(4)
    for name in ("h", "x", "y", "z", "s", "sdg", "t", "tdg", "sx", "sxdg", "id"):
        circuit.h([0, 1, 2, 3])
        getattr(circuit, name)(1)
    for name in ("rx", "ry", "rz", "p"):
        getattr(circuit, name)(0.3, 2)
    for name in ("cx", "cy", "cz", "ch", "csx", "swap"):
        circuit.h([0, 1, 2, 3])
        getattr(circuit, name)(0, 3)
    for name in ("crx", "cry", "crz", "cp", "rxx", "ryy", "rzz"):
        getattr(circuit, name)(0.7, 2, 1)
    circuit.ccx(3, 0, 1)
    circuit.append(MCXGate(3), [3, 1, 0, 2])
    circuit.append(MCPhaseGate(0.4, 2), [3, 1, 0])
    operator = SparsePauliOp(["XYI", "IIZ"], [0.5, 0.25])
    circuit.append(PauliEvolutionGate(operator, 0.8), [2, 0, 1])
    return circuit


def test_what_the_sdk_makes_of_a_circuit_is_that_circuit() -> None:
    """A circuit written as the SDK writes it and read back is the same unitary."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the SDK imports a deprecated package
        from azure.quantum.qiskit.backends import _qiskit_ionq  # noqa: PLC0415 - the SDK's own module, private
    circuit = every_gate()
    gates, _, _ = _qiskit_ionq.qiskit_circ_to_ionq_circ(circuit)
    assert unitary(4, gates, gateset="qis").equiv(meaning(circuit))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"gate": "cnot", "control": 0, "target": 1}, {"gate": "x", "controls": [0], "target": 1}),
        ({"gate": "not", "target": 1}, {"gate": "x", "targets": [1]}),
        ({"gate": "v", "target": 0}, {"gate": "rx", "target": 0, "rotation": np.pi / 2}),
        ({"gate": "vi", "target": 0}, {"gate": "rx", "target": 0, "rotation": -np.pi / 2}),
        ({"gate": "si", "target": 0}, {"gate": "z", "target": 0, "rotation": -np.pi / 2}),
        ({"gate": "ti", "target": 0}, {"gate": "z", "target": 0, "rotation": -np.pi / 4}),
    ],
)
def test_one_gate_may_be_written_in_several_ways(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Aliases, and one qubit instead of a list of one, mean the same."""
    assert unitary(2, [one]).equiv(unitary(2, [other]))


def gpi(turns: float) -> np.ndarray:
    """Return IonQ's matrix of GPI."""
    phase = np.exp(2j * np.pi * turns)
    return np.array([[0, phase.conjugate()], [phase, 0]])


def gpi2(turns: float) -> np.ndarray:
    """Return IonQ's matrix of GPI2."""
    phase = np.exp(2j * np.pi * turns)
    root = 0.5**0.5
    return np.array([[root, -1j * root * phase.conjugate()], [-1j * root * phase, root]])


def ms(phase0: float, phase1: float, angle: float) -> np.ndarray:
    """Return IonQ's matrix of MS, whose first qubit is the most significant one."""
    c, s = np.cos(np.pi * angle), np.sin(np.pi * angle)
    total, difference = (2j * np.pi * p for p in (phase0 + phase1, phase0 - phase1))
    return np.array(
        [
            [c, 0, 0, -1j * np.exp(-total) * s],
            [0, c, -1j * np.exp(-difference) * s, 0],
            [0, -1j * np.exp(difference) * s, c, 0],
            [-1j * np.exp(total) * s, 0, 0, c],
        ]
    )


def test_native_gates_have_the_matrices_that_ionq_publishes() -> None:
    """Phases and angles are in turns; two-qubit gates take their phases in the order of targets."""
    one = {"gateset": "native"}
    assert unitary(1, [{"gate": "gpi", "target": 0, "phase": 0.15}], **one).equiv(gpi(0.15))
    assert unitary(1, [{"gate": "gpi2", "target": 0, "phase": 0.4}], **one).equiv(gpi2(0.4))
    entangler = {"gate": "ms", "targets": [1, 0], "phases": [0.1, 0.3], "angle": 0.2}
    assert unitary(2, [entangler], **one).equiv(ms(0.1, 0.3, 0.2))
    zz = np.diag(np.exp(-1j * np.pi * 0.2 * np.array([1, -1, -1, 1])))
    assert unitary(2, [{"gate": "zz", "targets": [0, 1], "angle": 0.2}], **one).equiv(zz)


def test_ms_is_fully_entangling_if_no_angle_is_given() -> None:
    """The angle of `ms` is a quarter turn by default."""
    gate = {"gate": "ms", "targets": [1, 0], "phases": [0, 0]}
    assert unitary(2, [gate], gateset="native").equiv(ms(0, 0, 0.25))


def test_only_qubits_with_gates_are_measured() -> None:
    """Idle qubits are zero, and are not simulated to find that out."""
    given = {"qubits": 20, "circuit": [{"gate": "x", "target": 17}]}
    circuit = ionq.parse(json.dumps(given).encode()).circuit
    assert circuit.num_qubits == 20
    assert circuit.count_ops() == {"x": 1, "measure": 1}


X = {"gate": "x", "target": 0}
MS = {"gate": "ms", "targets": [0, 1], "phases": [0.1, 0.2]}

REFUSED: dict[str, object] = {
    "needs a number of `qubits`": {"circuit": [X]},
    "a list `circuit`": {"qubits": 2, "circuit": X},
    "gateset 'own' is not one of qis, native": {"qubits": 1, "circuit": [X], "gateset": "own"},
    "Gate 1: there is no qis gate 'nope'": {
        "qubits": 1,
        "circuit": [X, {"gate": "nope", "target": 0}],
    },
    "there is no native gate 'x'": {"qubits": 1, "circuit": [X], "gateset": "native"},
    "no qubits from 0 to 1": {"qubits": 2, "circuit": [{"gate": "x", "target": 2}]},
    "`controls` are no qubits": {"qubits": 2, "circuit": [{**X, "controls": ["1"]}]},
    "no qubit twice": {"qubits": 2, "circuit": [{**X, "control": 0}]},
    "no object with a `gate`": {"qubits": 2, "circuit": ["x"]},
    "takes 1 targets and 1 parameters, not 1 and 0": {
        "qubits": 2,
        "circuit": [{"gate": "rx", "target": 0}],
    },
    "takes 1 targets and 0 parameters, not 2 and 0": {
        "qubits": 2,
        "circuit": [{"gate": "h", "targets": [0, 1]}],
    },
    "`rotation` is no number": {"qubits": 2, "circuit": [{**X, "rotation": "pi"}]},
    "native gates have no controls": {
        "qubits": 2,
        "circuit": [{"gate": "gpi", "phase": 0, "target": 0, "control": 1}],
        "gateset": "native",
    },
    "ms has no `phase`": {"qubits": 2, "circuit": [{**MS, "phase": 0.1}], "gateset": "native"},
    "gpi has no `phases`": {
        "qubits": 1,
        "circuit": [{"gate": "gpi", "target": 0, "phases": [0.1]}],
        "gateset": "native",
    },
    "zz has no `rotation`": {
        "qubits": 2,
        "circuit": [{"gate": "zz", "targets": [0, 1], "rotation": 0.1}],
        "gateset": "native",
    },
    "rx has no `angle`": {
        "qubits": 1,
        "circuit": [{"gate": "rx", "target": 0, "angle": 0.1}],
    },
    "pauliexp has no `rotation`": {
        "qubits": 1,
        "circuit": [
            {
                "gate": "pauliexp",
                "target": 0,
                "terms": ["X"],
                "coefficients": [1],
                "time": 1,
                "rotation": 0.1,
            }
        ],
    },
    "no list of two numbers": {
        "qubits": 2,
        "circuit": [{**MS, "phases": [0.1, 0.2, 0.3]}],
        "gateset": "native",
    },
    "`angle` is no number": {
        "qubits": 2,
        "circuit": [{**MS, "angle": [0.1]}],
        "gateset": "native",
    },
    "both `target` and `targets`": {"qubits": 2, "circuit": [{**X, "targets": [1]}]},
    "both `control` and `controls`": {
        "qubits": 3,
        "circuit": [{**X, "control": 1, "controls": [2]}],
    },
    "pauliexp takes": {"qubits": 2, "circuit": [{"gate": "pauliexp", "targets": [0, 1]}]},
    "a letter for each target": {
        "qubits": 2,
        "circuit": [
            {
                "gate": "pauliexp",
                "targets": [0, 1],
                "terms": ["X"],
                "coefficients": [1],
                "time": 1,
            }
        ],
    },
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_wrong_circuit_is_refused_with_its_reason(reason: str) -> None:
    """A circuit that IonQ would not take fails its job, and says what is wrong."""
    with pytest.raises(ProgramError, match=reason) as caught:
        ionq.parse(json.dumps(REFUSED[reason]).encode())
    assert caught.value.code == "InvalidInputData"


@pytest.mark.parametrize("source", [b"{", b"\xff", b"[]", b"null"])
def test_what_is_no_json_object_is_refused(source: bytes) -> None:
    """Whatever else is in the blob fails the job."""
    with pytest.raises(ProgramError):
        ionq.parse(source)
