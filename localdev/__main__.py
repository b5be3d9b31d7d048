"""The commands of the local stack.

Exit codes: 0 for success and for a stop by Ctrl-C or SIGTERM, 1 when a part failed or the answer
did not come, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import sys

from localdev.commands import demo, new, token, trace, up
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
    for name, command, summary in (
        ("up", up, "start it and keep it running"),
        ("demo", demo, "run one job and show it"),
        ("token", token, "print an access token"),
        ("trace", trace, "print all that was done for a job"),
        ("new", new, "make the folder of an algorithm"),
    ):
        options = commands.add_parser(name, help=summary, description=command.__doc__)
        command.add_arguments(options)
        options.set_defaults(run=command.run)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except (NoSpaceError, ProcessError, OSError) as error:
        return failure(error)
    return status


if __name__ == "__main__":
    sys.exit(main())
