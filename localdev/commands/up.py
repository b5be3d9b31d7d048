"""`python -m localdev up`: runs the local stack until Ctrl-C or SIGTERM."""

from __future__ import annotations

import contextlib
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from azure_quantum_emulator.serving.ready_file import write_ready_file
from azure_quantum_emulator.supervision.free_space import MEGABYTE, shortage
from localdev.algorithm_folder import check_folder, folders
from localdev.commands.overrides import add_named_value_argument, add_settings_argument
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to
from localdev.stack.page import PAGE, PAGE_PORT, free_low_port
from localdev.stack.part import BuiltPage, Options, Part, Profile
from localdev.stack.stack import Stack, StoppedError
from localdev.terminal.command_scope import directory, failure, signals_call
from localdev.terminal.console import LogFollower, notes, output
from localdev.terminal.log_entries import LogEntries
from localdev.terminal.run_lock import RunningError, hold

ALGORITHMS = ROOT / "algorithms"
READY_FILE = ROOT / ".localdev" / "up.json"
WRONG_COMMAND = 2
_SECOND = """\
a stack runs already: process {pid}, whose addresses and keys are in {file}
stop it with Ctrl-C in its terminal, or run a second one beside it, with a file of its own:
  make up ARGS="--ready-file .localdev/second.json"
  .venv/bin/python -m localdev token --ready-file .localdev/second.json"""
ALGORITHMS_LOGGER = "qjobs.adapters.algorithm_pool"
CHECK_PERIOD = 0.2  # seconds between two looks at the parts


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--ports",
        choices=("free", "fixed"),
        default="free",
        help="free ports (the default, any number of stacks at a time) or the documented ones: "
        "storage 10000-10002, gateway 7070, functions 7071, workspace 7072, identity 7073, "
        "vault 7074, proxy 7075, channel 7076, page 7077",
    )
    parser.add_argument(
        "--ready-file",
        type=Path,
        metavar="FILE",
        default=READY_FILE,
        help="written once everything answers, as JSON: where the parts are and their keys; "
        "removed when the stack stops (default: .localdev/up.json in the repository, where "
        "`token` looks)",
    )
    profile = parser.add_mutually_exclusive_group()
    profile.add_argument(
        "--direct",
        dest="profile",
        action="store_const",
        const=Profile.DIRECT,
        default=Profile.KEYS,
        help="no gateway and no tokens: the functions alone, with a function key",
    )
    profile.add_argument(
        "--keyless",
        dest="profile",
        action="store_const",
        const=Profile.KEYLESS,
        help="no key and no connection string anywhere: managed identities, a key vault and TLS, "
        "with the app settings of a deployment",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="keep stored data and logs here (the default is memory and a temporary directory)",
    )
    parser.add_argument("--verbose", action="store_true", help="show what the parts print")
    add_settings_argument(parser)
    add_named_value_argument(parser)


def run(arguments: Namespace, parts: Callable[[Options], Sequence[Part]] | None = None) -> int:
    """Run the stack until a signal stops it; return the exit code."""
    if arguments.named_values and arguments.profile is Profile.DIRECT:
        return failure("--direct has no gateway, which alone reads --named-value", WRONG_COMMAND)
    # Deployed, a broken algorithm is left out; its author wants to know why.
    faults = [fault for folder in folders(ALGORITHMS) for fault in check_folder(folder)]
    if faults:
        return failure("\n".join(["an algorithm is broken", *faults]))
    ready_file: Path = arguments.ready_file
    with contextlib.ExitStack() as locks:
        try:
            locks.enter_context(hold(lock_of(ready_file)))
        except RunningError as error:
            return failure(_SECOND.format(pid=error.pid, file=ready_file))
        if arguments.data is not None:
            arguments.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                locks.enter_context(hold(arguments.data / "up.lock"))
            except RunningError as error:
                return failure(f"process {error.pid} keeps its data in {arguments.data}")
        return _run(arguments, ready_file, {} if parts is None else {"parts": parts})


def lock_of(ready_file: Path) -> Path:
    """Return the lock that `up` holds for as long as a ready file is its own."""
    return ready_file.with_name(f"{ready_file.name}.lock")


def _run(arguments: Namespace, ready_file: Path, more: Mapping[str, Any]) -> int:
    console = output()
    ready_file.unlink(missing_ok=True)  # of one that was killed
    with directory(arguments.data) as state:
        options = Options(
            directory=state,
            fixed_ports=arguments.ports == "fixed",
            keep=arguments.data is not None,
            profile=arguments.profile,
            settings=dict(arguments.settings),
            named_values=dict(arguments.named_values),
            page=None if arguments.profile is Profile.DIRECT else _page(arguments.ports),
        )
        follower = LogFollower(console) if arguments.verbose else None
        stack = Stack(options, on_start=follower or _announce, **more)
        with signals_call(stack.stopping.set):
            try:
                started = time.monotonic()
                with stack:
                    ready_file.parent.mkdir(parents=True, exist_ok=True)
                    write_ready_file(ready_file, stack.facts)
                    _introduce(console, stack, state, time.monotonic() - started)
                    _watch(stack, state)
                    notes().print("stopping", style="dim")
            except StoppedError:
                pass  # before it was ready; it is stopped all the same
            finally:
                ready_file.unlink(missing_ok=True)
                if follower is not None:
                    follower.close()
    notes().print("stopped", style="dim")
    return 0


def _page(ports: str) -> BuiltPage | None:
    """Return the page, if it is built."""
    if not (PAGE / "index.html").is_file():
        notes().print("no page: it is not built, which `make web` does", style="dim")
        return None
    return BuiltPage(PAGE_PORT if ports == "fixed" else free_low_port(), PAGE)


def _watch(stack: Stack, state: Path) -> None:
    """Look after the parts and the disk until the stack is asked to stop.

    Raises:
        ProcessError: a part died.

    """
    told = None
    failures = LogEntries(stack.log("functions"), ALGORITHMS_LOGGER, "ERROR")
    while not stack.stopping.wait(CHECK_PERIOD):
        stack.check()
        for failure_of_algorithm in failures.ended():
            # Its author is here; who submitted the job learns less.
            notes().print(Text(failure_of_algorithm, style="red"), soft_wrap=True)
        full = shortage(state, MEGABYTE)
        if full and not told:
            message = f"{full}; jobs fail until there is room"
            notes().print(Text(message, style="red"), soft_wrap=True)
        told = full


def _announce(name: str, _log: Path) -> None:
    notes().print(f"starting {name}", style="dim")


def _introduce(console: Console, stack: Stack, state: Path, seconds: float) -> None:
    access = access_to(stack.facts)
    storage = stack.facts["storage"]
    ((header, credential),) = access.headers.items()
    rows = [
        *((("page", stack.facts["page"]["url"]),) if "page" in stack.facts else ()),
        ("API", access.url),
        ("functions", stack.facts["functions"]["url"]),
        ("workspace", stack.facts["workspace"]["url"]),
        ("storage", storage.get("connectionString") or storage["blobServiceUri"]),
        ("logs", str(state / "logs")),
    ]
    console.print(f"\n[bold green]qjobs is up[/] after {seconds:.1f} s; Ctrl-C stops it\n")
    for name, value in rows:
        console.print(Text(f"  {name:<11}", style="bold") + Text(value), soft_wrap=True)
    _show(console, "How to call it", [f"URL={access.url}", f"AUTH='{header}: {credential}'"])
    _show(
        console,
        "Submit a job and wait for its result",
        [
            'curl -sS "$URL/algorithms/ghz/jobs" -H "$AUTH" -H "prefer: wait=30" \\',
            '  -H "content-type: application/json" -d \'{"input": {"qubits": 5}, "shots": 1000}\'',
        ],
    )
    if "gateway" in stack.facts:
        another = 'AUTH="authorization: Bearer $(.venv/bin/python -m localdev token --caller bob)"'
        _show(console, "The token is alice's and lasts an hour; for another", [another])
    _show(console, "All that was done for a job", [".venv/bin/python -m localdev trace JOB_ID"])
    console.print()


def _show(console: Console, title: str, lines: Sequence[str]) -> None:
    """Print commands to copy, indented; they are never wrapped."""
    console.print(f"\n{title}:\n")
    for line in lines:
        console.print(Text(f"  {line}", style="cyan"), soft_wrap=True)
