"""`python -m localdev demo`: runs one quantum job from end to end and prints every HTTP exchange.

It starts the local stack on free ports, superposes two emoticons, shows every HTTP exchange,
prints the result and stops everything.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

import httpx
from rich.console import Console

from localdev.commands.demo_caller import Caller, NoResultError
from localdev.commands.demo_result import save, show
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to
from localdev.stack.part import Options
from localdev.stack.stack import Stack
from localdev.terminal.command_scope import directory, failure, interrupt, signals_call
from localdev.terminal.console import output

BODY = {"input": {"first": ":)", "second": ";)"}, "shots": 1000}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--svg",
        type=Path,
        metavar="FILE",
        default=ROOT / ".localdev" / "emoticons.svg",
        help="where to put the drawing (default: .localdev/emoticons.svg in the repository)",
    )


def run(arguments: Namespace) -> int:
    """Run the demonstration; return 0 only if the job succeeded."""
    console = output()
    console.print("[bold]Two emoticons in one quantum state[/]\n")
    try:
        with signals_call(interrupt), directory(None) as state:
            _demonstrate(console, state, arguments.svg)
    except (NoResultError, httpx.HTTPError, KeyboardInterrupt) as error:
        return failure(error)
    console.print("\nEverything that was started is stopped.", style="dim")
    return 0


def _demonstrate(console: Console, state: Path, svg: Path) -> None:
    def started(name: str, _log: Path) -> None:
        console.print(f"  starting {name}")

    began = time.monotonic()
    with Stack(Options(state), on_start=started) as stack:
        console.print(f"  everything is ready after {time.monotonic() - began:.1f} s")
        try:
            _one_job(console, stack, svg)
        except (NoResultError, httpx.HTTPError):
            stack.check()  # a part that died explains more
            raise


def _one_job(console: Console, stack: Stack, svg: Path) -> None:
    access = access_to(stack.facts)
    with closing(Caller(access.url, access.headers, console)) as caller:
        started = time.monotonic()
        document = caller.follow(caller.submit("emoticons", BODY))
        seconds = time.monotonic() - started
    console.print(f"\n[bold green]The result came {seconds:.1f} s after the submit.[/]\n")
    show(console, document)
    save(document, svg)
    console.print(f"\n  As a picture it is in [bold]{svg}[/]", soft_wrap=True)
