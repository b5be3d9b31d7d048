"""IonQ's circuits, `ionq.circuit.v1`: a JSON list of gates without measurements.

All qubits are measured at the end. The gates are abstract (`qis`) or those of the hardware
(`native`), see `ionq_gates.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import PauliEvolutionGate, PhaseGate
from qiskit.exceptions import QiskitError
from qiskit.quantum_info import SparsePauliOp

from azure_quantum_emulator import json_text
from azure_quantum_emulator.errors import InvalidInputError, ProgramError
from azure_quantum_emulator.programs.angles import is_number
from azure_quantum_emulator.programs.ionq_gates import NATIVE, NATIVE_MEMBERS, QIS
from azure_quantum_emulator.programs.program import AllQubits, CircuitProgram

_MOST_QUBITS = 1023
_GATESETS = {"qis": QIS, "native": NATIVE}
_PARAMETERS = ("rotation", "phase", "phases", "angle")
"""The members with parameters, each of which belongs to some gates."""

_FULLY_ENTANGLING = 0.25  # turns; the angle of `ms` if none is given


def parse(source: bytes) -> CircuitProgram:
    """Read a circuit.

    Raises:
        ProgramError: it is no circuit in this format; the message says where.

    """
    try:
        given = json_text.parse(source)
    except ValueError as error:  # which includes text that is not UTF-8
        raise InvalidInputError(f"The input is not JSON: {error}") from error
    match given:
        case {"qubits": int(qubits), "circuit": list(gates)} if (
            type(qubits) is int and 0 < qubits <= _MOST_QUBITS
        ):
            return _Reader(qubits, given.get("gateset", "qis")).program(gates)
        case _:
            raise InvalidInputError("The circuit needs a number of `qubits` and a list `circuit`.")


class _Reader:
    """Builds the circuit gate by gate."""

    def __init__(self, qubits: int, gateset: object) -> None:
        if not isinstance(gateset, str) or gateset not in _GATESETS:
            raise InvalidInputError(
                f"The gateset {gateset!r} is not one of {', '.join(_GATESETS)}."
            )
        self._gateset = str(gateset)
        self._circuit = QuantumCircuit(qubits, qubits)
        self._used: set[int] = set()

    def program(self, gates: Sequence[object]) -> CircuitProgram:
        for number, gate in enumerate(gates):
            try:
                self._add(gate)
            except ProgramError as error:
                raise InvalidInputError(f"Gate {number}: {error.message}") from error
        # Qubits without gates are zero, and need not be simulated for that.
        for qubit in sorted(self._used):
            self._circuit.measure(qubit, qubit)
        return CircuitProgram(self._circuit, AllQubits())

    def _add(self, given: object) -> None:
        if not isinstance(given, dict) or not isinstance(given.get("gate"), str):
            raise InvalidInputError("it is no object with a `gate`.")
        controls = self._qubits(given, "control", "controls")
        targets = self._qubits(given, "target", "targets")
        if not targets or len({*controls, *targets}) < len(controls) + len(targets):
            raise InvalidInputError("it needs targets, and no qubit twice.")
        gate = self._gate(given, len(targets), bool(controls))
        if controls:
            gate = gate.control(len(controls), annotated=False)
        self._circuit.append(gate, [*controls, *targets])
        self._used.update(controls, targets)

    def _qubits(self, given: Mapping[str, Any], one: str, several: str) -> list[int]:
        if one in given and several in given:
            raise InvalidInputError(f"it has both `{one}` and `{several}`; write one of them.")
        found = given.get(several, [given[one]] if one in given else [])
        if isinstance(found, int):
            found = [found]
        qubits = range(self._circuit.num_qubits)
        if not isinstance(found, list) or any(type(q) is not int or q not in qubits for q in found):
            raise InvalidInputError(f"`{several}` are no qubits from 0 to {qubits[-1]}.")
        return found

    def _gate(self, given: Mapping[str, Any], targets: int, controlled: bool) -> Gate:  # noqa: FBT001 - named by its callers
        name = given["gate"]
        native = self._gateset == "native"
        if native and controlled:
            raise InvalidInputError("native gates have no controls.")
        if name == "pauliexp" and not native and not controlled:
            _parameters(given, ())
            return _pauli_exponential(given, targets)
        if not native and name == "cnot" and controlled:
            name = "x"
        known = _GATESETS[self._gateset].get(name)
        if known is None:
            raise InvalidInputError(f"there is no {self._gateset} gate {name!r}.")
        parameters = _parameters(given, NATIVE_MEMBERS[name] if native else ("rotation",))
        if not native and name == "z" and parameters:
            return PhaseGate(*parameters)  # how the SDK sends p and cp
        if native and name == "ms" and "angle" not in given:
            parameters.append(_FULLY_ENTANGLING)
        if targets != known.qubits or len(parameters) != known.parameters:
            raise InvalidInputError(
                f"{name} takes {known.qubits} targets and {known.parameters} parameters, "
                f"not {targets} and {len(parameters)}."
            )
        return known.gate(*parameters)


def _parameters(given: Mapping[str, Any], members: Sequence[str]) -> list[float]:
    """Return the parameters in the members that a gate has, in this order; refuse any other."""
    for name in _PARAMETERS:
        if name in given and name not in members:
            raise InvalidInputError(f"{given['gate']} has no `{name}`.")
    found: list[float] = []
    for name in members:
        values = given.get(name, [])
        if name == "phases":
            if not isinstance(values, list) or len(values) != 2:  # noqa: PLR2004 - of two qubits
                raise InvalidInputError("`phases` are no list of two numbers.")
        elif name in given:
            values = [values]
        if not all(map(is_number, values)):
            raise InvalidInputError(f"`{name}` is no number.")
        found += map(float, values)
    return found


def _pauli_exponential(given: Mapping[str, Any], targets: int) -> Gate:
    """Return exp(-i time H), where H is the sum of all terms times their coefficients.

    The last letter of a term is the first target's, as in Qiskit, whose terms the SDK sends.
    """
    match given:
        case {"terms": list(terms), "coefficients": list(coefficients), "time": _}:
            pass
        case _:
            raise InvalidInputError("pauliexp takes `terms`, `coefficients` and a `time`.")
    if len(terms) != len(coefficients) or any(len(str(term)) != targets for term in terms):
        raise InvalidInputError("every term needs a coefficient, and a letter for each target.")
    if not all(map(is_number, [*coefficients, given["time"]])):
        raise InvalidInputError("`coefficients` and `time` are no numbers.")
    if not all(is_number(2.0 * float(given["time"]) * one) for one in coefficients):
        raise InvalidInputError("a rotation by two times `time` and a coefficient is no number.")
    try:
        operator = SparsePauliOp([str(term) for term in terms], coefficients)
        return PauliEvolutionGate(operator, float(given["time"]))
    except (QiskitError, TypeError, ValueError) as error:
        raise InvalidInputError(f"pauliexp: {error}") from error
