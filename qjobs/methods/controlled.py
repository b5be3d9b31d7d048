"""Gates with many controls, made of fewer gates by one qubit that is at hand in the state zero.

By the method of Khattar and Gidney (Rise of conditionally clean ancillae, arXiv:2407.17966, 2024) n
controls take 6 n - 6 gates on two qubits; without a work qubit they grow with the square of n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from qiskit import QuantumCircuit
from qiskit.circuit.library import MCXGate
from qiskit.synthesis import synth_mcx_1_clean_kg24

_TWO_QUBIT_GATES = {"cx": 1, "cz": 1, "cy": 1, "rxx": 1, "ryy": 1, "rzz": 1, "swap": 3, "ccx": 6}
_TOFFOLI = 2
"""Controls of the gate that needs no work qubit."""


def work_qubits(controls: int) -> int:
    """Return the work qubits with which a NOT of so many controls is made of the fewest gates."""
    return int(controls > _TOFFOLI)


def controlled_x(
    circuit: QuantumCircuit, controls: Sequence[int], target: int, work: Sequence[int]
) -> None:
    """Append a NOT of *target* if all *controls* are one.

    Args:
        circuit: to which it is appended
        controls: qubits; none is a NOT without condition
        target: qubit
        work: qubits in the state zero, which they are left in; one is used at most

    """
    number = len(controls)
    if number == 0:
        circuit.x(target)
    elif number == 1:
        circuit.cx(controls[0], target)
    elif number == _TOFFOLI:
        circuit.ccx(*controls, target)
    elif not work:
        circuit.append(MCXGate(number), [*controls, target])
    else:
        circuit.compose(_with_a_work_qubit(number), [*controls, target, work[0]], inplace=True)


def controlled_z(circuit: QuantumCircuit, qubits: Sequence[int], work: Sequence[int]) -> None:
    """Append a change of sign of the states in which all *qubits* are one; there is one at least.

    Args:
        circuit: to which it is appended
        qubits: in any order
        work: qubits in the state zero, which they are left in; one is used at most

    """
    *controls, target = qubits
    if not controls:
        circuit.z(target)
    elif len(controls) == 1:
        circuit.cz(controls[0], target)
    else:
        circuit.h(target)
        controlled_x(circuit, controls, target, work)
        circuit.h(target)


def two_qubit_gates(gates: Mapping[str, int]) -> int:
    """Return the gates on two qubits that gates of QIR take, by their names in Qiskit.

    A Toffoli counts as 6 and a swap as 3, as on a device.
    """
    return sum(_TWO_QUBIT_GATES.get(name, 0) * number for name, number in gates.items())


@cache
def _with_a_work_qubit(controls: int) -> QuantumCircuit:
    """Return the circuit on the controls, the target and the work qubit, in this order."""
    return synth_mcx_1_clean_kg24(controls)
