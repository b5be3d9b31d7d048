"""The memory of a Quil program: bits to measure into, and parameters to run it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_quantum_emulator.errors import InvalidInputError, ProgramError
from azure_quantum_emulator.programs.angles import is_number
from azure_quantum_emulator.programs.program import Registers
from azure_quantum_emulator.programs.quil.expressions import Memory

LARGEST = 4096
"""More qubits or bits than any target has; a circuit of billions would fill the memory."""


@dataclass(slots=True)
class Declared:
    """The regions that a program declares."""

    bits: dict[str, range] = field(default_factory=dict)
    """By the name of a region its classical bits in the circuit."""
    parameters: dict[str, int] = field(default_factory=dict)
    """By the name of a region of numbers how many it holds."""

    def add(self, name: str, kind: str, size: int) -> None:
        """Declare a region.

        Raises:
            ProgramError: there is one of this name, or too many numbers in it.

        """
        if name in self.bits or name in self.parameters:
            raise InvalidInputError(f"the memory {name} is declared twice")
        if kind == "BIT":
            first = self.num_bits
            self.bits[name] = range(first, first + size)
        elif size > LARGEST:
            raise InvalidInputError(f"the memory {name} has more than {LARGEST} places")
        else:
            self.parameters[name] = size

    @property
    def num_bits(self) -> int:
        """The number of classical bits of the circuit."""
        return sum(map(len, self.bits.values()))

    @property
    def registers(self) -> Registers:
        """The output of the program: all its bits."""
        return Registers(self.bits)

    def bit(self, name: str, index: int) -> int:
        """Return a classical bit of the circuit.

        Raises:
            ProgramError: it is not declared.

        """
        if index >= len(self.bits.get(name, ())):
            raise InvalidInputError(f"there is no bit {name}[{index}]")
        return self.bits[name][index]


def runs(declared: Declared, substitutions: Any) -> list[Memory]:  # noqa: ANN401 - checked here
    """Return the parameters of every run of a program.

    Args:
        declared: the memory of the program
        substitutions: by the name of a region its values for each run, the same number of runs for
            all of them; parameters without values are zero

    Raises:
        ProgramError: they do not fit the memory.

    """
    zeros: Memory = {name: [0.0] * size for name, size in declared.parameters.items()}
    if not substitutions:
        return [zeros]
    if not isinstance(substitutions, dict):
        raise _invalid("they are no object")
    if len({_length(values) for values in substitutions.values()}) != 1:
        raise _invalid("every region needs values for the same number of runs")
    for name, values in substitutions.items():
        _check(name, values, declared.parameters)
    return [
        {**zeros, **dict(zip(substitutions, values, strict=True))}
        for values in zip(*substitutions.values(), strict=True)
    ]


def _length(values: object) -> int:
    if not isinstance(values, list) or not values:
        raise _invalid("every region needs a list of values")
    return len(values)


def _check(name: str, values: list[Any], sizes: Mapping[str, int]) -> None:
    if name not in sizes:
        raise _invalid(f"there is no memory {name} for parameters")
    for run in values:
        fits = isinstance(run, list) and len(run) == sizes[name]
        if not fits or not all(map(is_number, run)):
            raise _invalid(f"{name} takes {sizes[name]} numbers for each run")


def _invalid(why: str) -> ProgramError:
    return InvalidInputError(f"inputParams.substitutions: {why}.")
