"""Quil programs, read into circuits: one for each run with parameters of its own.

Read is the part of Quil that describes circuits: declarations, standard gates and DEFGATE with a
matrix of numbers, CONTROLLED and DAGGER, MEASURE, RESET and HALT. Branches, classical instructions,
circuits and pulses are refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree, UnexpectedInput
from qiskit import QuantumCircuit

from azure_quantum_emulator.errors import InvalidInputError, ProgramError
from azure_quantum_emulator.programs.program import CircuitProgram
from azure_quantum_emulator.programs.quil.builder import Builder
from azure_quantum_emulator.programs.quil.expressions import Memory
from azure_quantum_emulator.programs.quil.memory import LARGEST, Declared, runs

GRAMMAR = Path(__file__).with_name("quil.lark")


def parse_job(source: bytes, params: Mapping[str, Any]) -> list[CircuitProgram]:
    """Read the programs of a job: one for each set of `substitutions` in its parameters.

    Raises:
        ProgramError: it is no Quil, more than circuits, or the parameters do not fit its memory.

    """
    program = _Quil(source)
    declared = program.declared()
    found = runs(declared, params.get("substitutions"))
    return [program.circuit(declared, memory) for memory in found]


class _Quil:
    """The text of a program and the instructions in it."""

    def __init__(self, source: bytes) -> None:
        try:
            text = source.decode().replace("\r\n", "\n") + "\n"
        except UnicodeDecodeError as error:
            raise InvalidInputError(f"The input is not text: {error}") from error
        self._lines = text.splitlines()
        try:
            tree = _parser().parse(text)
        except UnexpectedInput as error:
            raise self._refused(error.line, f"of what is at column {error.column}") from error
        parts = [part for part in tree.children if isinstance(part, Tree)]
        self._instructions = list(takewhile(lambda part: part.data != "halt", parts))

    def declared(self) -> Declared:
        """Return the memory of the program."""
        declared = Declared()
        for instruction in self._instructions:
            if instruction.data == "declaration":
                name, kind, size = instruction.children
                with self._located(instruction):
                    declared.add(str(name), str(kind), int(str(size or 1)))
        return declared

    def circuit(self, declared: Declared, memory: Memory) -> CircuitProgram:
        """Return the program with its parameters in place."""
        qubits = 1 + _last_qubit(self._instructions)
        if max(qubits, declared.num_bits) > LARGEST:
            raise InvalidInputError(f"The program has more than {LARGEST} qubits or bits.")
        circuit = QuantumCircuit(qubits, declared.num_bits)
        builder = Builder(circuit, declared, memory)
        for instruction in self._instructions:
            with self._located(instruction):
                builder.visit(instruction)
        return CircuitProgram(circuit, declared.registers)

    @contextmanager
    def _located(self, instruction: Tree[Token]) -> Iterator[None]:
        """Say of an error in which instruction it is."""
        try:
            yield
        except ProgramError as error:
            raise self._refused(instruction.meta.line, error.message) from error

    def _refused(self, line: int, why: str) -> ProgramError:
        """Return the error in the words of Rigetti's simulator."""
        instruction = self._lines[line - 1].strip() if 0 < line <= len(self._lines) else ""
        return InvalidInputError(
            "QVM reported a problem running your program: error when calling QVM: failed to "
            f"perform multishot: Encountered the invalid instruction\n\n    {instruction}\n\n"
            f"which could not be executed because {why}"
        )


def _last_qubit(instructions: Sequence[Tree[Token]]) -> int:
    """Return the greatest number of a qubit; 0 if there is none."""
    named = [
        int(part)
        for instruction in instructions
        if instruction.data in {"gate", "measurement", "reset"}
        for part in instruction.children
        if isinstance(part, Token) and part.type == "INT"
    ]
    return max(named, default=0)


@cache
def _parser() -> Lark:
    return Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=True,
    )
