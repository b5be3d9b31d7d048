"""Pulser's sequences of pulses on neutral atoms, `pasqal.pulser.v1`."""

from __future__ import annotations

from azure_quantum_emulator import json_text
from azure_quantum_emulator.errors import InvalidInputError, SimulationError
from azure_quantum_emulator.programs.program import PulseProgram


def parse(source: bytes) -> PulseProgram:
    """Read a sequence: a JSON object with Pulser's abstract representation as a string in it.

    Raises:
        ProgramError: it is no such sequence, its pulses are not all known, or Pulser is missing.

    """
    try:
        # A second to import, and only for those who use it.
        from pulser import Sequence  # noqa: PLC0415 - see above
    except ImportError as error:
        raise SimulationError(
            "Sequences of pulses need Pulser: pip install pulser-simulation"
        ) from error
    try:
        given = json_text.parse(source)
        sequence = Sequence.from_abstract_repr(given["sequence_builder"])
    except Exception as error:  # Pulser documents no errors; whatever it is, the sequence is wrong
        raise InvalidInputError(f"The input is no sequence of pulses: {error}") from error
    if sequence.is_parametrized() or sequence.is_register_mappable():
        raise InvalidInputError("The sequence has variables without values.")
    return PulseProgram(sequence, len(sequence.register.qubit_ids))
