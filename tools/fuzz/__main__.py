"""`python -m tools.fuzz`: random circuits and programs against exact states, and mutants of them.

Circuits of Qiskit go through the lowering and the emulator and are compared with bare Aer; programs
in every format of the emulator are compared with their exact outcomes; mutants have to be right, or
refused with a reason, or ended at their limits, without harm to other jobs. The exit code is 1 if
anything is wrong, hangs, is an internal error or harms another job. A line tells each failure, with
the command that repeats it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from localdev.terminal.command_scope import failure, interrupt, signals_call
from localdev.terminal.console import notes
from tools.fuzz.case import Verdict
from tools.fuzz.session import KINDS, Result, Session, totals

NUMBER = 200
_TOLD_EVERY = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; all of them if none is named"
    )
    parser.add_argument("--number", type=int, default=NUMBER, help=f"of cases of each; {NUMBER}")
    parser.add_argument("--seed", type=int, default=1, help="of all cases; 1")
    parser.add_argument("--case", type=int, help="the only case to run, and to show")
    parser.add_argument("--seconds", type=float, default=20, help="that a program may run; 20")
    options = parser.parse_args(arguments)
    if unknown := [kind for kind in options.kinds if kind not in KINDS]:
        parser.error(f"there is no kind {unknown[0]}; there are {', '.join(KINDS)}")
    kinds = options.kinds or KINDS
    numbers = range(options.number) if options.case is None else [options.case]
    tally: Counter[tuple[str, Verdict]] = Counter()
    notes().print(f"seed {options.seed}: {len(numbers)} cases each of {', '.join(kinds)}")

    def tell(result: Result) -> None:
        tally[result.kind, result.verdict] += 1
        if options.case is not None:
            print(f"{result.verdict}: {result.reason}\n{result.show()}")  # noqa: T201 - as it is
        elif result.verdict.is_failure:
            repeat = f"make fuzz ARGS='{result.kind} --seed {options.seed} --case {result.number}'"
            print(f"{result.verdict}: {result.reason[:300]}\n  {repeat}", flush=True)  # noqa: T201 - its output
        if tally.total() % _TOLD_EVERY == 0:
            notes().print(f"{tally.total()} of {len(numbers) * len(kinds)}")

    session = Session(options.seed, os.cpu_count() or 1, options.seconds)
    cases: Iterator[tuple[str, int]] = ((kind, number) for kind in kinds for number in numbers)
    try:
        with signals_call(interrupt):
            asyncio.run(session.run(cases, tell))
    except KeyboardInterrupt as error:
        return failure(error)
    print(totals(tally))  # noqa: T201 - figures
    return int(any(verdict.is_failure for _, verdict in tally))


if __name__ == "__main__":
    sys.exit(main())
