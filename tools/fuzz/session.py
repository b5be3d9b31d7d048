"""Runs cases in the emulator's own worker processes, and a job after each that must not notice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.workers import Workers
from tools.fuzz import circuits, ionq, mutants, openqasm, qir, quil
from tools.fuzz.case import Case, Judgement, Verdict
from tools.fuzz.reference import Reference

PROGRAMS: dict[str, Callable[[Random], Case]] = {
    "circuits": circuits.case,
    "ionq": ionq.case,
    "openqasm": openqasm.case,
    "quil": quil.case,
    "qir": qir.case,
    "adaptive": qir.adaptive_case,
}
KINDS = (*PROGRAMS, "mutants")

SECONDS = 20.0
MEBIBYTES = 1024
_GRACE = 30.0
"""Seconds beyond its limit after which a program hangs: its process was to be ended."""


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one case."""

    kind: str
    number: int
    verdict: Verdict
    reason: str
    show: Callable[[], str]
    """Returns the program as people read it."""


@dataclass(slots=True)
class Session:
    """Worker processes, and the cases that are to run in them."""

    seed: int
    lanes: int
    seconds: float = SECONDS
    _canary: bytes | None = field(default=None, init=False)
    """The output of the job that must not notice anything."""

    async def run(self, cases: Iterator[tuple[str, int]], tell: Callable[[Result], None]) -> None:
        """Run cases by their kind and number, and tell the verdict on each.

        Every case depends on the seed, its kind and its number alone, so each can be repeated.
        """
        async with AsyncExitStack() as stack:
            lanes = []
            for _ in range(self.lanes):
                workers = Workers(1)
                await workers.start()
                stack.push_async_callback(workers.stop)
                lanes.append(self._lane(workers, stack.enter_context(Reference()), cases, tell))
            await asyncio.gather(*lanes)

    async def _lane(
        self,
        workers: Workers,
        reference: Reference,
        cases: Iterator[tuple[str, int]],
        tell: Callable[[Result], None],
    ) -> None:
        for kind, number in cases:
            random = Random(f"{self.seed}:{kind}:{number}")  # noqa: S311 - it has to repeat itself
            if kind == "mutants":
                task = mutants.mutant(random)
                judgement = await self.mutant_judgement(workers, task, reference)
                tell(Result(kind, number, *judgement, partial(_shown, task)))
            else:
                case = PROGRAMS[kind](random)
                tell(Result(kind, number, *await self._program_judgement(workers, case), case.show))

    async def mutant_judgement(
        self, workers: Workers, task: Task, reference: Reference
    ) -> Judgement:
        """Run a mutant, and then a job that must not notice; return the verdict."""
        done = await self._done(workers, task)
        if isinstance(done, tuple):
            return done
        judgement = await mutants.judged(task, done, reference)
        return await self._harm(workers) or judgement

    async def _program_judgement(self, workers: Workers, case: Case) -> Judgement:
        if case.task is None:
            return case.judge(JobError("", ""))
        done = await self._done(workers, case.task)
        return done if isinstance(done, tuple) else case.judge(done)

    async def _harm(self, workers: Workers) -> Judgement | None:
        """Return the verdict if a job that has nothing to do with the last one does not run."""
        done = await self._done(workers, qir.task(_CANARY, 7, "local.sim.aer"))
        if not isinstance(done, Completed):
            return Verdict.HARMED, str(done)
        if self._canary is None:
            self._canary = done.output
        return None if done.output == self._canary else (Verdict.HARMED, "it has other shots")

    async def _done(self, workers: Workers, task: Task) -> Completed | JobError | Judgement:
        """Return the result of a task, or the verdict if there is none."""
        limited = replace(task, memory=MEBIBYTES)
        try:
            async with asyncio.timeout(self.seconds + _GRACE), workers.idle() as worker:
                return await workers.run(worker, "job", limited, self.seconds)
        except TimeoutError:
            return Verdict.HUNG, f"nothing after {self.seconds + _GRACE:g} s"
        except Exception as error:  # noqa: BLE001 - the emulator would have called it its own fault
            return Verdict.INTERNAL, f"{type(error).__name__}: {error}"


def _shown(task: Task) -> str:
    return f"{task.target} {dict(task.input_params)}\n{task.source!r}"


def totals(results: Counter[tuple[str, Verdict]]) -> str:
    """Return the figures of a session, a line for each kind."""
    lines = []
    for kind in KINDS:
        found = {verdict: n for (of, verdict), n in results.items() if of == kind}
        if found:
            parts = ", ".join(f"{found[each]} {each}" for each in Verdict if each in found)
            lines.append(f"{sum(found.values()):6d} {kind:9s} {parts}")
    failed = sum(n for (_, verdict), n in results.items() if verdict.is_failure)
    return "\n".join([*lines, f"{failed} failures"])


_CANARY = b"""
define void @main() #0 {
call void @__quantum__qis__h__body(ptr null)
call void @__quantum__qis__cx__body(ptr null, ptr inttoptr (i64 1 to ptr))
call void @__quantum__qis__rx__body(double 1.0, ptr inttoptr (i64 1 to ptr))
call void @__quantum__qis__mz__body(ptr null, ptr null)
call void @__quantum__qis__mz__body(ptr inttoptr (i64 1 to ptr), ptr inttoptr (i64 1 to ptr))
call void @__quantum__rt__array_record_output(i64 2, ptr null)
call void @__quantum__rt__result_record_output(ptr null, ptr null)
call void @__quantum__rt__result_record_output(ptr inttoptr (i64 1 to ptr), ptr null)
ret void
}
declare void @__quantum__qis__h__body(ptr)
declare void @__quantum__qis__cx__body(ptr, ptr)
declare void @__quantum__qis__rx__body(double, ptr)
declare void @__quantum__qis__mz__body(ptr, ptr)
declare void @__quantum__rt__array_record_output(i64, ptr)
declare void @__quantum__rt__result_record_output(ptr, ptr)
attributes #0 = { "entry_point" "required_num_qubits"="2" "required_num_results"="2" }
"""
