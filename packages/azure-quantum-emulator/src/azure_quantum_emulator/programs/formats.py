"""The input formats of a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from azure_quantum_emulator.programs import ionq, openqasm, pulser_sequence, qir
from azure_quantum_emulator.programs.program import Program
from azure_quantum_emulator.programs.quil import reader as quil

INPUT_FORMATS: dict[str, Callable[[bytes, Mapping[str, Any]], Sequence[Program]]] = {
    "qir.v1": qir.parse_job,
    "ionq.circuit.v1": ionq.parse_job,
    "honeywell.openqasm.v1": openqasm.parse_job,
    "rigetti.quil.v1": quil.parse_job,
    "pasqal.pulser.v1": pulser_sequence.parse_job,
}
"""By the name of a format what reads the content of the input blob, with the `inputParams`."""
