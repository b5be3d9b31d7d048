"""The commands of the local stack.

Exit codes: 0 for success and for a stop by Ctrl-C or SIGTERM, 1 when a part failed or the answer
did not come, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import sys

from localdev import up
from localdev.process import ProcessError


def main(arguments: list[str] | None = None) -> int:
    """Run the command that *arguments* name; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m localdev",
        description="qjobs on this machine: storage, the quantum workspace and the functions.",
        epilog="exit codes: 0 success, or stopped by Ctrl-C or SIGTERM; 1 a part failed or the "
        "answer did not come; 2 wrong command line",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module, summary in (("up", up, "start everything and keep it running"),):
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    chosen = parser.parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except (ProcessError, FileNotFoundError) as error:
        return up.failure(error)
    return status


if __name__ == "__main__":
    sys.exit(main())
