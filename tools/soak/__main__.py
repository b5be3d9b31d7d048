"""`python -m tools.soak`: runs jobs under faults, audits everything that is left, reports it.

Before that, one caller submits thousands of jobs at once and another one a single job: how long
that takes depends on the machine too, so a missed target is shown, and is no failure. The exit code
is 0 if every rule of the audit was kept, 1 if not, 130 after Ctrl-C.

With --outage nothing else is done: storage goes under load, and comes back so many seconds later.
The exit code is 1 then if a caller saw what none may see, or a job did not come to its end.
"""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aiohttp import ClientError

from localdev.stack.stack import NoSpaceError, ProcessError, StoppedError
from localdev.terminal.command_scope import directory, failure, interrupt, signals_call
from localdev.terminal.console import notes, output
from tools.figures import Figure
from tools.soak.burst import LostJobsError, measure
from tools.soak.outage import measure as measure_outages
from tools.soak.outage_report import Outcome as OutageOutcome
from tools.soak.outage_report import Trouble
from tools.soak.plot import svg
from tools.soak.report import lines, marks, points
from tools.soak.run import DRAIN, Outcome, Plan, run

JOBS, BURST = 3000, 2000
PATIENCE = 180.0
_INTERRUPTED = 130


def main() -> int:
    """Run the command; return the exit code."""
    arguments = _parser().parse_args()
    seed = secrets.randbelow(2**31) if arguments.seed is None else arguments.seed
    say = partial(notes().print, markup=False, soft_wrap=True)
    logging.basicConfig(
        filename=_made(arguments.report) / "harness.log",
        filemode="w",
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("azure").setLevel(logging.ERROR)
    slowness = arguments.slowness
    plan = Plan(
        seed,
        arguments.jobs,
        arguments.rate / slowness,
        arguments.patience * slowness,
        slowness,
        DRAIN * slowness,
    )
    try:
        with signals_call(interrupt), directory(arguments.data) as state:
            if arguments.outage is not None:
                after = measure_outages([(arguments.trouble, arguments.outage)], state, say)
                return _report_outage(after, arguments.report)
            figures = measure(state / "burst", arguments.burst, say) if arguments.burst else []
            outcome = run(plan, state, say)
    except KeyboardInterrupt as error:
        return failure(error, _INTERRUPTED)
    except (
        ClientError,
        FileNotFoundError,
        LostJobsError,
        NoSpaceError,
        ProcessError,
        StoppedError,
    ) as error:
        return failure(error)
    _write(outcome, figures, arguments.report)
    return 1 if outcome.findings else 0


def _report_outage(after: OutageOutcome, folder: Path) -> int:
    wrong = list(after.wrong())
    text = "\n".join([*map(_line, after.figures()), *after.counts(), *wrong])
    (folder / "outage.txt").write_text(text + "\n", encoding="utf-8")
    output().print(text, markup=False, soft_wrap=True)
    return 1 if wrong else 0


def _write(outcome: Outcome, figures: Sequence[Figure], folder: Path) -> None:
    text = "\n".join([*map(_line, figures), *lines(outcome)])
    (folder / "report.txt").write_text(text + "\n", encoding="utf-8")
    plan = outcome.plan
    image = svg(f"{plan.jobs} jobs, seed {plan.seed}", points(outcome), marks(outcome))
    (folder / "latency.svg").write_text(image, encoding="utf-8")
    output().print(text, markup=False, soft_wrap=True)
    output().print(f"{folder}/report.txt and {folder}/latency.svg have it too", soft_wrap=True)


def _line(figure: Figure) -> str:
    verdict = "met" if figure.met else "MISSED"
    target = f" ({figure.target}: {verdict})" if figure.target else ""
    return f"{figure.name}: {figure.value:.1f} {figure.unit}".rstrip() + target


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    add = parser.add_argument
    add("--jobs", type=_positive, default=JOBS, metavar="N", help=f"to submit; {JOBS}")
    add("--seed", type=int, metavar="N", help="of jobs and faults; without it, a new one")
    add(
        "--burst",
        type=int,
        default=BURST,
        metavar="N",
        help=f"jobs of one caller at once, before the others and without faults; {BURST}",
    )
    add(
        "--outage",
        type=float,
        metavar="SECONDS",
        help="take storage away under load for so long, and do nothing else",
    )
    add(
        "--trouble",
        type=Trouble,
        choices=list(Trouble),
        default=Trouble.STOPPED,
        help="in which way; stopped",
    )
    add("--rate", type=float, default=6.0, metavar="N", help="submissions per second; 6")
    add(
        "--patience",
        type=float,
        default=PATIENCE,
        metavar="SECONDS",
        help="after the last fault in which no job ends, until the rest counts as stuck; "
        f"{PATIENCE:.0f}",
    )
    add(
        "--slowness",
        type=float,
        default=1.0,
        metavar="N",
        help="on a machine N times slower, or as busy: submissions and disturbances come as much "
        "more rarely, and patience lasts as much longer; 1",
    )
    add(
        "--report",
        type=Path,
        default=Path(".localdev/soak"),
        metavar="DIR",
        help="where to write the report; .localdev/soak",
    )
    add(
        "--data",
        type=Path,
        metavar="DIR",
        help="an empty folder for the logs and the stored data, to be kept; without it they go",
    )
    return parser


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
