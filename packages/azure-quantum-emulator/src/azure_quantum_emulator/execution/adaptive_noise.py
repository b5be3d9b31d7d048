"""Running adaptive QIR programs with noise, on the QDK's simulator.

It has a state vector of all qubits and starts from nothing for every shot: 100 shots on 16 qubits
take it seconds, on 20 qubits minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyqir

# `run_qir` gives outcomes the one shape that it reads off the text of a program, and shows what
# branches, loops and functions record in a wrong one; these are the parts that it is made of.
from qdk import Result
from qdk._adaptive_pass import AdaptiveProfilePass, Bytecode
from qdk._native import run_cpu_adaptive
from qdk.simulation import NoiseConfig
from qdk.simulation._simulation import DecomposeCcxPass

from azure_quantum_emulator.errors import ProgramError, SimulationError
from azure_quantum_emulator.execution import adaptive_guard
from azure_quantum_emulator.execution.outcomes import AdaptiveShots
from azure_quantum_emulator.execution.parameters import Run
from azure_quantum_emulator.programs import qir_module, records
from azure_quantum_emulator.programs.program import AdaptiveProgram
from azure_quantum_emulator.programs.qir_gates import MEASUREMENTS
from azure_quantum_emulator.programs.qir_operands import Declared, Signature
from azure_quantum_emulator.programs.records import Container, Leaf
from azure_quantum_emulator.targets.devices import all_devices

LARGEST = 20
"""Qubits that the QDK's simulator has time for."""

# Not z, s, t and rz: devices only change the frame of later gates for these.
_ONE_QUBIT = ("h", "x", "y", "sx", "sx_adj", "rx", "ry")
_TWO_QUBITS = ("cx", "cy", "cz", "rxx", "ryy", "rzz", "swap")
_MOVE = "move__body"

type _Value = int | bool | float


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
    module = qir_module.module(program.source)
    _check_alone(module, program.entry_point)
    tagged = _Tagged(module)
    tagged.rewrite()
    text = str(module)
    if program.is_computed:
        declared = Declared(program.num_qubits, program.results)
        text = adaptive_guard.guarded(text, declared, {_MOVE: Signature(qubits=1)}, "null")
    noise = _noise_config(str(run.device))
    simulated = pyqir.Module.from_ir(pyqir.Context(), text)
    DecomposeCcxPass().run(simulated)
    bytecode = AdaptiveProfilePass(Bytecode.Bit64).run(simulated, noise)
    shots = run_cpu_adaptive(bytecode.as_dict(), run.shots, noise, run.seed_below(32))
    return AdaptiveShots.of([tuple(map(_plain, shot)) for shot in shots], tagged.calls)


def _check_alone(module: pyqir.Module, entry_point: str) -> None:
    entry_points = [found for found in module.functions if pyqir.is_entry_point(found)]
    if [found.name for found in entry_points] != [entry_point]:
        raise ProgramError(
            "With noise, a module of adaptive programs can have a single entry point."
        )


def _plain(value: Any) -> _Value:  # noqa: ANN401 - the QDK's native classes are not typed
    return int(value) if isinstance(value, Result) else value


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A module each record of which is told by a number that is recorded before it.

    The simulator gives the values of a shot in a row, without the containers: with these numbers
    the row says of each value from which call it is.
    """

    module: pyqir.Module
    sites: list[tuple[str, str]] = field(default_factory=list)
    """By that number the kind of a record, and its label."""

    def rewrite(self) -> None:
        """Put the numbers in; also the errors of measurement.

        The simulator has none of these, but errors of moving a qubit, which stand for them: every
        qubit is moved before it is measured.
        """
        move: Callable[[], pyqir.Function] = cache(
            lambda: self._function(f"{qir_module.QIS}{_MOVE}", [self._pointer()])
        )
        builder = pyqir.Builder(self.module.context)
        for call in [*self._calls()]:
            name = call.callee.name
            builder.insert_before(call)
            if name in qir_module.RECORD_CALLS:
                self._tag(builder, call, qir_module.RECORD_CALLS[name])
            elif name.removeprefix(qir_module.QIS) in MEASUREMENTS:
                builder.call(move(), [call.args[0]])

    def calls(self, shot: Sequence[_Value]) -> list[Container | Leaf]:
        """Return the records of a shot.

        Raises:
            ProgramError: an operand was refused.

        """
        remaining, found = iter(shot), list[Container | Leaf]()
        for site in remaining:
            if site == adaptive_guard.REFUSAL:
                raise adaptive_guard.refuse()
            kind, label = self.sites[int(site)]
            value = next(remaining)
            if kind == "result" and value == adaptive_guard.REFUSAL:  # in the place of a result
                raise adaptive_guard.refuse()
            match kind:
                case "array" | "tuple":
                    found.append(Container(kind, int(value)))
                case "bool":
                    found.append(records.ValueRecord(bool(value), label))
                case _:
                    found.append(records.ValueRecord(value, label))
        return found

    def _tag(self, builder: pyqir.Builder, call: pyqir.Call, kind: str) -> None:
        integer = pyqir.IntType(self.module.context, 64)
        null = pyqir.Constant.null(self._pointer())
        record = self._function(adaptive_guard.RECORD_INT, [integer, self._pointer()])
        builder.call(record, [pyqir.const(integer, len(self.sites)), null])
        self.sites.append((kind, qir_module.label(call.args)))
        # The simulator has no containers, and reads labels wherever they lead.
        recorder = record if kind in {"array", "tuple"} else call.callee
        builder.call(recorder, [call.args[0], null])
        call.erase()

    def _calls(self) -> Iterator[pyqir.Call]:
        for function in self.module.functions:
            for block in function.basic_blocks:
                for instruction in block.instructions:
                    if isinstance(instruction, pyqir.Call):
                        yield instruction

    def _function(self, name: str, parameters: list[pyqir.Type]) -> pyqir.Function:
        for function in self.module.functions:
            if function.name == name:
                return function
        kind = pyqir.FunctionType(pyqir.Type.void(self.module.context), parameters)
        return pyqir.Function(kind, pyqir.Linkage.EXTERNAL, name, self.module)

    def _pointer(self) -> pyqir.Type:
        return pyqir.PointerType(pyqir.Type.void(self.module.context))


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
