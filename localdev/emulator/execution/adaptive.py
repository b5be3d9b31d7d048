"""Running QIR programs that compute with what they measured, shot by shot.

Without noise qirrunner does it, which keeps only those amplitudes that are not zero: a shot of a
hundred instructions on a few qubits takes it 15 microseconds. With noise the QDK's simulator does,
whose state vector takes memory for all qubits, and which starts from nothing for every shot: 100
shots on 16 qubits take it seconds, on 20 qubits minutes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pyqir
import qirrunner
from qdk import Result
from qdk.simulation import NoiseConfig, run_qir

from localdev.emulator.errors import ProgramError
from localdev.emulator.execution import noise
from localdev.emulator.execution.outcomes import AdaptiveShots
from localdev.emulator.programs import qir_module, records

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from localdev.emulator.execution.parameters import Run
    from localdev.emulator.programs.program import AdaptiveProgram
    from localdev.emulator.programs.records import Container, Leaf

LARGEST = 22
"""Qubits in superposition that qirrunner has memory and time for."""

LARGEST_NOISY = 20
"""Qubits that the QDK's simulator has time for."""

_KINDS: dict[str, Callable[[str], int | bool | float]] = {
    "RESULT": int,
    "INT": int,
    "BOOL": lambda text: text == "true",
    "DOUBLE": float,
}
"""How qirrunner writes the values it records."""

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
    """Run an adaptive program shot by shot.

    Raises:
        ProgramError: it has too many qubits, or the simulator does not understand it.

    """
    simulate = _noiseless if run.device is None else _noisy
    try:
        return simulate(program, run)
    except (RuntimeError, ValueError, TypeError, KeyError, NotImplementedError) as error:
        raise ProgramError(f"The simulator reported: {error}", "SimulationFailed") from error


def zeros(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    """Return what a syntax checker does: every value is zero."""
    return AdaptiveShots([program.zeros], [0] * run.shots)


def _noiseless(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    if program.superposed > LARGEST:
        raise _too_large(program.superposed, "in superposition", LARGEST)
    shots: list[list[str]] = []

    def keep(output: object) -> None:
        text = str(output)
        if text.startswith("START"):
            shots.append([])
        elif text.startswith("OUTPUT"):  # one line or more
            shots[-1].append(text)

    qirrunner.run_bytes(program.source, program.entry_point, run.shots, run.seed, keep)
    recorded = ["".join(texts) for texts in shots]
    return _shots(recorded, lambda text: [_call(line) for line in text.splitlines()])


def _call(line: str) -> Container | Leaf:
    """Read one line of output: OUTPUT, what it is, its value, and its label if it has one."""
    _, kind, value, *labels = line.split("\t")
    match kind:
        case "ARRAY":
            return records.Container("array", int(value))
        case "TUPLE":
            return records.Container("tuple", int(value))
        case _:
            return records.ValueRecord(_KINDS[kind](value), labels[0] if labels else "")


def _noisy(program: AdaptiveProgram, run: Run) -> AdaptiveShots:
    if program.num_qubits > LARGEST_NOISY:
        raise _too_large(program.num_qubits, "with noise", LARGEST_NOISY)
    source = _for_noise(qir_module.module(program.source), program.entry_point)
    shots = run_qir(source, run.shots, _noise_config(str(run.device)), run.seed, "cpu")
    labels = [leaf.label for leaf in records.leaves(program.zeros)]
    return _shots([tuple(_flatten(shot)) for shot in shots], lambda shot: _label(shot, labels))


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
    rates = noise.rates(device)
    config = NoiseConfig()
    for gate in _ONE_QUBIT:
        getattr(config, gate).set_depolarizing(rates.pauli(1))
    for gate in _TWO_QUBITS:
        getattr(config, gate).set_depolarizing(rates.pauli(2))
    config.mov.set_bitflip((rates.read_1_given_0 + rates.read_0_given_1) / 2)
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
    """Yield what the QDK nests in lists and tuples as the calls that recorded it."""
    match value:
        case list() | tuple():
            yield records.Container("array" if isinstance(value, list) else "tuple", len(value))
            for item in value:
                yield from _flatten(item)
        case Result():
            yield int(value)
        case _:
            yield value


def _shots[T: Hashable](
    shots: Sequence[T], calls: Callable[[T], Sequence[Container | Leaf]]
) -> AdaptiveShots:
    """Return *shots*, building the tree of each different one once."""
    places = {shot: place for place, shot in enumerate(dict.fromkeys(shots))}
    different = [records.build(calls(shot)) for shot in places]
    return AdaptiveShots(different, [places[shot] for shot in shots])


def _too_large(qubits: int, how: str, limit: int) -> ProgramError:
    return ProgramError(
        f"The adaptive program has {qubits} qubits {how}; {limit} can be simulated here.",
        "SimulationFailed",
    )
