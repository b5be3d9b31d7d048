"""`python -m localdev.host`."""

from __future__ import annotations

import argparse
import logging
import secrets
import sys
from pathlib import Path

import uvloop

from localdev.host.configuration import ConfigurationError
from localdev.host.keys import Keys
from localdev.host.server import Options, serve
from localdev.host.worker import IndexingError


def main() -> int:
    """Run the host as the command line says; return the exit code."""
    arguments = _parser().parse_args()
    logging.basicConfig(
        level=arguments.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # One line per request to Azure would bury everything else.
    logging.getLogger("azure.core").setLevel(logging.WARNING)
    keys = Keys(
        arguments.host_key or secrets.token_urlsafe(32),
        arguments.master_key or secrets.token_urlsafe(32),
    )
    if not arguments.host_key and not arguments.ready_file:
        print(f"The key is {keys.host}", file=sys.stderr)  # noqa: T201 - nobody else knows it
    options = Options(
        app=arguments.app_dir.resolve(),
        keys=keys,
        settings=arguments.settings,
        port=arguments.port,
        ready_file=arguments.ready_file,
        quiet=arguments.quiet,
    )
    try:
        uvloop.run(serve(options))
    except (ConfigurationError, IndexingError, OSError) as error:
        print(f"The host cannot run the app: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.host",
        description="Runs an Azure Functions app (Python, v2 model) on this machine.",
        epilog="exit codes: 0 stopped by a signal; 1 the app cannot run; 2 wrong command line",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--app-dir", type=Path, default=Path(), metavar="DIR", help="of function_app.py")
    add("--settings", type=Path, metavar="FILE", help="local settings; the environment wins")
    add("--port", type=int, default=0, help="to listen on at 127.0.0.1; 0 takes a free one")
    add("--host-key", metavar="KEY", help="opens every function; if not given, one is made up")
    add("--master-key", metavar="KEY", help="opens the administration too; likewise")
    add("--ready-file", type=Path, metavar="FILE", help="written when the host is ready")
    add("--log-level", default="info", choices=["debug", "info", "warning", "error"], help="logs")
    add("--quiet", action="store_true", help="do not list the functions")
    return parser


if __name__ == "__main__":
    sys.exit(main())
