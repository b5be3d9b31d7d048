"""Mutants of random programs, and the judgement on each: refused, right, or within its limits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed, Task
from tools.fuzz import ionq, openqasm, qir, quil, quil_reader
from tools.fuzz.case import Case, Judgement, Verdict, flat_counts, verdict_of
from tools.fuzz.comparison import differ, differs
from tools.fuzz.mutation import mutated
from tools.fuzz.reference import Reference

SHOTS = 300
SOURCES: Mapping[str, Callable[[Random], Case]] = {
    "ionq": ionq.case,
    "openqasm": openqasm.case,
    "quil": quil.case,
    "qir": qir.case,
    "adaptive": qir.adaptive_case,
}
_LIMITS = {"ProgramLimitExceeded": Verdict.LIMITED, "WorkerDied": Verdict.CRASHED}


def mutant(random: Random) -> Task:
    """Return a task whose program is a mutant of a random program in a random format."""
    task = None
    while task is None:
        task = SOURCES[random.choice([*SOURCES])](random).task
    params = {**task.input_params, "shots": SHOTS}
    return replace(task, source=mutated(random, task.source), input_params=params)


async def judged(task: Task, done: Completed | JobError, reference: Reference) -> Judgement:
    """Return the verdict on what the emulator made of a mutant."""
    if isinstance(done, JobError):
        if done.code == "InternalError":
            return Verdict.INTERNAL, done.message
        return _LIMITS.get(done.code, Verdict.REFUSED), f"{done.code}: {done.message}"
    try:
        if task.input_format == "ionq.circuit.v1":
            return verdict_of(ionq.mutant_difference(task.source, done.output))
        found = _counts(task, json.loads(done.output))
        if task.input_format == "rigetti.quil.v1":
            theta = task.input_params["substitutions"]["theta"][0][0]
            return verdict_of(differs(found, quil_reader.read(task.source.decode(), theta)))
        return await _compared(task, found, reference)
    except (ValueError, LookupError, TypeError, ArithmeticError, SyntaxError, RecursionError):
        return Verdict.UNJUDGED, ""


async def _compared(task: Task, found: Counter[tuple[int, ...]], reference: Reference) -> Judgement:
    # A target that rounds gives fewer shots, and noise is not what others simulate.
    if task.target == "ionq.simulator" or _is_noisy(task):
        return Verdict.UNJUDGED, ""
    if found.total() != SHOTS:
        return Verdict.WRONG, f"{found.total()} shots, not {SHOTS}"
    expected = await reference.counts(task.input_format, task.source, SHOTS)
    return (Verdict.UNJUDGED, "") if expected is None else verdict_of(differ(found, expected))


def _is_noisy(task: Task) -> bool:
    return task.target.startswith("quantinuum.") and "error-model" not in task.input_params


def _counts(task: Task, output: Any) -> Counter[tuple[int, ...]]:  # noqa: ANN401 - JSON
    if task.input_format == "qir.v1":
        return flat_counts(output)
    if task.input_format == "rigetti.quil.v1":
        return quil.counts(output, dict.fromkeys(output, 0))
    # JSON keeps the order in which registers are declared.
    return openqasm.counts(output, dict.fromkeys(output, 0))
