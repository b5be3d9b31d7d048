"""Running adaptive QIR programs with noise, on the QDK's simulator.

It has a state vector of all qubits and starts from nothing for every shot: 100 shots on 16 qubits
take it seconds, on 20 qubits minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import pyqir
from qdk import Result
from qdk.simulation import NoiseConfig, run_qir

from azure_quantum_emulator.errors import ProgramError, SimulationError
from azure_quantum_emulator.execution.outcomes import AdaptiveShots
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs import qir_module, records
from azure_quantum_emulator.programs.program import AdaptiveProgram
from azure_quantum_emulator.programs.records import Container, Leaf
from azure_quantum_emulator.targets.devices import all_devices

LARGEST = 20
"""Qubits that the QDK's simulator has time for."""

# Not z, s, t and rz: devices only change the frame of later gates for these.
_ONE_QUBIT = ("h", "x", "y", "sx", "sx_adj", "rx", "ry")
_TWO_QUBITS = ("cx", "cy", "cz", "rxx", "ryy", "rzz", "swap")

_MOVE = "__quantum__qis__move__body"
_MEASUREMENT = re.compile(
    r"^(\s*)((?:tail )?call void @__quantum__qis__(?:m|mz|mresetz)__body\(([^,]*), .*)$",
    re.MULTILINE,
)
"""A measurement in LLVM's text: its indent, the call, and the qubit."""


def sample(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    """Run an adaptive program shot by shot, with the noise of the device that *run* names.

    Raises:
        ProgramError: it has too many qubits, or is not alone in its module.
        Exception: whatever the QDK's simulator raises for a program it does not understand.

    """
    if program.num_qubits > LARGEST:
        raise SimulationError(
            f"The adaptive program has {program.num_qubits} qubits; {LARGEST} can be simulated "
            "with noise here."
        )
    source = _for_noise(qir_module.module(program.source), program.entry_point)
    shots = run_qir(source, run.shots, _noise_config(str(run.device)), run.seed, "cpu")
    labels = [leaf.label for leaf in records.leaves(program.zeros)]
    return AdaptiveShots.of(
        [tuple(_flatten(shot)) for shot in shots], lambda shot: _label(shot, labels)
    )


def _for_noise(module: pyqir.Module, entry_point: str) -> str:
    """Return *module* as the text that the QDK's simulator has to be given.

    It tells adaptive programs by an attribute that not every compiler writes. It has no errors of
    measurement, but errors of moving a qubit; these stand for the former here, so every qubit is
    moved before it is measured.
    """
    entry_points = [found for found in module.functions if pyqir.is_entry_point(found)]
    if [found.name for found in entry_points] != [entry_point]:
        raise ProgramError(
            "With noise, a module of adaptive programs can have a single entry point."
        )
    pyqir.add_string_attribute(entry_points[0], "qir_profiles", "adaptive_profile")
    moved = _MEASUREMENT.sub(rf"\1call void @{_MOVE}(\3)\n\1\2", str(module))
    return f"{moved}\ndeclare void @{_MOVE}(ptr)\n"


@cache
def _noise_config(device: str) -> Any:  # noqa: ANN401 - the QDK's native classes are not typed
    """Return the noise of *device* for the QDK's simulator.

    Its gates are those of the program and not the device's own, so a gate that the device makes of
    several counts as one. A misread 0 is as frequent as a misread 1: the mean of both.
    """
    rates = all_devices()[device].rates
    config = NoiseConfig()
    for gate in _ONE_QUBIT:
        getattr(config, gate).set_depolarizing(rates.pauli(1))
    for gate in _TWO_QUBITS:
        getattr(config, gate).set_depolarizing(rates.pauli(2))
    config.mov.set_bitflip((rates.read_1_given_0.value + rates.read_0_given_1.value) / 2)
    return config


def _label(
    recorded: Iterable[Container | int | bool | float], labels: Sequence[str]
) -> list[Container | Leaf]:
    remaining = iter(labels)
    return [
        call
        if isinstance(call, records.Container)
        else records.ValueRecord(call, next(remaining, ""))
        for call in recorded
    ]


def _flatten(value: Any) -> Iterator[Container | int | bool | float]:  # noqa: ANN401 - see above
    """Yield the output records that the QDK nests in lists and tuples, in their order."""
    match value:
        case list() | tuple():
            yield records.Container("array" if isinstance(value, list) else "tuple", len(value))
            for item in value:
                yield from _flatten(item)
        case Result():
            yield int(value)
        case _:
            yield value
