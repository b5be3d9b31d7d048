"""The commands of the local stack.

Exit codes: 0 for success and for a stop by Ctrl-C or SIGTERM, 1 when a part failed or the answer
did not come, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import sys

from localdev.commands import demo, token, up
from localdev.stack.stack import NoSpaceError, ProcessError
from localdev.terminal.command_scope import failure


def main(arguments: list[str] | None = None) -> int:
    """Run the command that *arguments* name; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m localdev",
        description="qjobs on this machine: gateway, functions, storage and the quantum workspace.",
        epilog="exit codes: 0 success, or stopped by Ctrl-C or SIGTERM; 1 a part failed or the "
        "answer did not come; 2 wrong command line",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    start = commands.add_parser("up", help="start it and keep it running", description=up.__doc__)
    up.add_arguments(start)
    start.set_defaults(run=up.run)
    show = commands.add_parser("demo", help="run one job and show it", description=demo.__doc__)
    demo.add_arguments(show)
    show.set_defaults(run=demo.run)
    give = commands.add_parser("token", help="print an access token", description=token.__doc__)
    token.add_arguments(give)
    give.set_defaults(run=token.run)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except (NoSpaceError, ProcessError, OSError) as error:
        return failure(error)
    return status


if __name__ == "__main__":
    sys.exit(main())
