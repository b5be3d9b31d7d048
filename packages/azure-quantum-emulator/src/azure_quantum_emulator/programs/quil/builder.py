"""Builds a circuit from the instructions of a Quil program."""

from __future__ import annotations

import numpy as np
from lark import Token, Tree
from lark.visitors import Interpreter
from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, Gate
from qiskit.exceptions import QiskitError

from azure_quantum_emulator.errors import InvalidInputError
from azure_quantum_emulator.programs.angles import is_number
from azure_quantum_emulator.programs.gate_spec import GateSpec
from azure_quantum_emulator.programs.quil.expressions import Memory, value
from azure_quantum_emulator.programs.quil.gates import GATES, from_matrix
from azure_quantum_emulator.programs.quil.memory import Declared

type Instruction = Tree[Token]

_ROUNDING = 1e-9
"""Imaginary parts up to this come from rounding."""

_UNSUPPORTED = {"DEFGATE": " of anything but a matrix of numbers", "DECLARE": " with SHARING"}
"""What of an instruction is not supported, where others of its name are."""


class Builder(Interpreter[Token, None]):
    """Adds instructions to a circuit: `visit` calls the method that is named like the rule.

    It raises InvalidInputError for what cannot be executed; the message is the end of a sentence.
    """

    def __init__(self, circuit: QuantumCircuit, declared: Declared, memory: Memory) -> None:
        super().__init__()
        self._circuit = circuit
        self._declared = declared
        self._memory = memory
        self._gates = dict(GATES)

    def gate(self, instruction: Instruction) -> None:
        """Append a gate, with its modifiers."""
        kinds = [str(part) for part in _tokens(instruction.children[0])]
        if "FORKED" in kinds:
            raise InvalidInputError("FORKED is not supported here")
        name, *qubits = _tokens(instruction)
        places = [int(qubit) for qubit in qubits]
        numbers = [self._real(part) for part in _trees(instruction.children[2])]
        controls = kinds.count("CONTROLLED")
        gate = self._named(str(name), numbers, len(places) - controls)
        for kind in reversed(kinds):  # the one next to the gate is applied first
            gate = gate.inverse() if kind == "DAGGER" else gate.control(1, annotated=False)
        # Every CONTROLLED puts its qubit in front; Qiskit puts the controls in front likewise.
        if len(set(places)) < len(places):
            raise InvalidInputError("it names a qubit twice")
        self._circuit.append(gate, places)

    def _named(self, name: str, parameters: list[float], qubits: int) -> Gate:
        known = self._gates.get(name)
        if known is None:
            raise InvalidInputError(f"the operator {name} is not known")
        if known.qubits != qubits or known.parameters != len(parameters):
            raise InvalidInputError(
                f"the operator {name} takes {known.parameters} parameters and {known.qubits} qubits"
            )
        return known.gate(*parameters)

    def measurement(self, instruction: Instruction) -> None:
        """Append a measurement."""
        qubit, reference = instruction.children
        if isinstance(reference, Tree):
            name, index = reference.children
            bit = self._declared.bit(str(name), int(str(index or 0)))
            self._circuit.measure(int(str(qubit)), bit)
        else:  # its result is not kept, but the qubit is not the same afterwards
            self._circuit.add_bits([Clbit()])
            self._circuit.measure(int(str(qubit)), self._circuit.num_clbits - 1)

    def reset(self, instruction: Instruction) -> None:
        """Append a reset of one qubit, or of all."""
        (qubit,) = instruction.children
        every = range(self._circuit.num_qubits)
        for place in [int(str(qubit))] if qubit else every:
            self._circuit.reset(place)

    def definition(self, instruction: Instruction) -> None:
        """Define a gate by its matrix."""
        name, *rows = instruction.children
        matrix = np.array(
            [[value(entry, self._memory) for entry in _trees(row)] for row in rows], dtype=object
        )
        size = len(rows)
        if matrix.shape != (size, size) or size < 2 or size & (size - 1):  # noqa: PLR2004 - the smallest gate is of one qubit
            raise InvalidInputError("its matrix does not fit any number of qubits")
        try:
            gate = from_matrix(matrix.astype(complex))
        except (QiskitError, ValueError) as error:
            raise InvalidInputError("its matrix is not unitary") from error
        self._gates[str(name)] = GateSpec(lambda: gate, size.bit_length() - 1)

    def unsupported(self, instruction: Instruction) -> None:
        """Refuse an instruction that Quil has, and the emulator does not."""
        name = str(instruction.children[0])
        raise InvalidInputError(f"{name}{_UNSUPPORTED.get(name, '')} is not supported here")

    def pragma(self, _: Instruction) -> None:
        """Do nothing."""

    nop = declaration = pragma  # declarations have been read before

    def _real(self, expression: Instruction) -> float:
        number = complex(value(expression, self._memory))
        if not (abs(number.imag) <= _ROUNDING and is_number(number.real)):
            raise InvalidInputError("a parameter is not a real number")
        return number.real


def _trees(part: Token | Instruction | None) -> list[Instruction]:
    return [] if not isinstance(part, Tree) else [p for p in part.children if isinstance(p, Tree)]


def _tokens(part: Token | Instruction) -> list[Token]:
    return [] if not isinstance(part, Tree) else [p for p in part.children if isinstance(p, Token)]
