"""The input formats of a job, and their parsers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from azure_quantum_emulator.programs import ionq, openqasm, pulser_sequence, qir
from azure_quantum_emulator.programs.program import Program
from azure_quantum_emulator.programs.quil import reader as quil

type Parser = Callable[[bytes, Mapping[str, Any]], Sequence[Program]]
"""Takes the content of the input blob, and the `inputParams`."""


def _one_program(parse: Callable[[bytes], Program]) -> Parser:
    """Return the parser of a format in which a job is one program without parameters."""
    return lambda source, _: [parse(source)]


INPUT_FORMATS: dict[str, Parser] = {
    "qir.v1": qir.parse_job,
    "ionq.circuit.v1": _one_program(ionq.parse),
    "honeywell.openqasm.v1": _one_program(openqasm.parse),
    "rigetti.quil.v1": quil.parse_job,
    "pasqal.pulser.v1": _one_program(pulser_sequence.parse),
}
"""Parsers of the input formats of a job, by the names of the formats."""
