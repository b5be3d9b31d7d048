"""Runs the program of one job: bytes in, bytes out; no storage, no status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localdev.emulator.errors import JobError, ProgramError
from localdev.emulator.execution.results import FORMATS
from localdev.emulator.execution.simulators import SIMULATORS
from localdev.emulator.execution.task import Completed, Usage
from localdev.emulator.programs import qir
from localdev.emulator.targets.catalogue import Target, all_targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localdev.emulator.execution.simulators import Shots
    from localdev.emulator.execution.task import Task
    from localdev.emulator.programs.records import Record


def execute(task: Task) -> Completed | JobError:
    """Return what came of a program, or why nothing did."""
    target = all_targets()[task.target]
    try:
        items = _items(task.input_params)
        shots = _shots(target, task.input_params)
        seed = _integer(task.input_params, "seed")
        done = []
        for index, entry_point in enumerate(items):
            # Items of one job are independent of each other, so their seeds differ.
            item_seed = None if seed is None else seed + index
            done.append(_run(target, task.source, entry_point, shots, item_seed))
        return Completed(FORMATS[task.output_format](done), Usage())
    except ProgramError as error:
        return error.as_job_error()


def _run(
    target: Target, source: bytes, entry_point: str | None, shots: int, seed: int | None
) -> tuple[Record, Shots]:
    program = qir.parse(source, entry_point)
    needed = program.circuit.num_qubits
    if needed > target.num_qubits:
        raise ProgramError(
            f"The program needs {needed} qubits; {target.id} has {target.num_qubits}.",
            "InvalidInputData",
        )
    return program.output, SIMULATORS[target.simulator](program, shots, seed)


def _items(params: Mapping[str, Any]) -> list[str | None]:
    """Return the entry points to run, one for each item; None is the module's only one."""
    items = params.get("items", [params])
    if not isinstance(items, list) or not items:
        raise ProgramError("inputParams.items is not a list of entry points.", "InvalidInputData")
    entry_points: list[str | None] = []
    for item in items:
        name = item.get("entryPoint") if isinstance(item, dict) else item
        if not isinstance(item, dict) or not isinstance(name, str | None):
            raise ProgramError("An item of inputParams names no entry point.", "InvalidInputData")
        if item.get("arguments"):
            raise ProgramError("Entry points take no arguments here.", "InvalidInputData")
        entry_points.append(name)
    return entry_points


def _shots(target: Target, params: Mapping[str, Any]) -> int:
    shots = _integer(params, "shots")
    if shots is None:
        shots = _integer(params, "count")  # what older clients call it
    if shots is None:
        return target.default_shots
    if not 1 <= shots <= target.max_shots:
        raise ProgramError(
            f"{target.id} takes 1 to {target.max_shots} shots, not {shots}.", "InvalidInputData"
        )
    return shots


def _integer(params: Mapping[str, Any], name: str) -> int | None:
    value = params.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ProgramError(f"inputParams.{name} is not a whole number.", "InvalidInputData")
