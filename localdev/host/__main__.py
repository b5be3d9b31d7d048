"""`python -m localdev.host`."""

from __future__ import annotations

import argparse
import atexit
import logging
import os
import secrets
import sys
from pathlib import Path
from threading import Thread

from azure_quantum_emulator.serving.http_server import add_server_arguments, run_server
from localdev.host.authentication import Authentication
from localdev.host.configuration import ConfigurationError
from localdev.host.keys import HOST_KEY_VARIABLE, MASTER_KEY_VARIABLE, Keys
from localdev.host.server import Options, run
from localdev.host.worker import IndexingError

EXIT_SECONDS = 3.0
"""The longest time for the functions that are registered for the end of the process."""


def main() -> int:
    """Run the host as the command line says; return the exit code."""
    parser = _parser()
    arguments = parser.parse_args()
    if arguments.auth and not arguments.auth_metadata:
        parser.error("--auth needs --auth-metadata")
    logging.basicConfig(
        level=arguments.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # One line per request to Azure, and the library's account of the start, would bury the rest.
    for name in ("azure.core", "azure.functions", "azure.identity"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Taken out: the app has no business with them.
    named = {name: os.environ.pop(name, None) for name in (HOST_KEY_VARIABLE, MASTER_KEY_VARIABLE)}
    host_key = arguments.host_key or named[HOST_KEY_VARIABLE]
    master_key = arguments.master_key or named[MASTER_KEY_VARIABLE]
    keys = Keys(
        host_key or secrets.token_urlsafe(32),
        master_key or secrets.token_urlsafe(32),
    )
    if not host_key and not arguments.ready_file and sys.stderr.isatty():
        # For the person at the terminal, never for a log.
        print(f"The key is {keys.host}", file=sys.stderr)  # noqa: T201 - nobody else knows it
    return run_server("The host", _run(arguments, keys), ConfigurationError, IndexingError)


async def _run(arguments: argparse.Namespace, keys: Keys) -> None:
    options = Options(
        app=arguments.app_dir.resolve(),
        keys=keys,
        settings=arguments.settings,
        authentication=arguments.auth and Authentication.from_file(arguments.auth),
        metadata_url=arguments.auth_metadata,
        port=arguments.port,
        ready_file=arguments.ready_file and arguments.ready_file.absolute(),
    )
    failed = await run(options)
    _run_exit_functions()
    # A thread of the app that still works would hold the process for minutes.
    logging.shutdown()
    sys.stdout.flush()
    os._exit(int(failed))


def _run_exit_functions() -> None:
    """Run the exit functions of the app, such as one that sends the rest of its telemetry."""
    # Python runs them after its threads have ended, which is not waited for here.
    exiting = Thread(target=atexit._run_exitfuncs, daemon=True)  # noqa: SLF001 - no public name
    exiting.start()
    exiting.join(EXIT_SECONDS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.host",
        description="Runs an Azure Functions app (Python, v2 model) on this machine.",
        epilog="exit codes: 0 stopped by a signal; 1 the app cannot run, or the host had to end; "
        "2 wrong command line. Keys of the environment, unlike those of the command line, are not "
        "seen by everybody on the machine; one that is given nowhere is made up.",
    )
    add = parser.add_argument
    add("--app-dir", type=Path, default=Path(), metavar="DIR", help="of function_app.py; .")
    add("--settings", type=Path, metavar="FILE", help="local settings; the environment wins")
    add_server_arguments(parser)
    add("--host-key", metavar="KEY", help=f"opens every function; else {HOST_KEY_VARIABLE}")
    add("--master-key", metavar="KEY", help=f"opens administration too; else {MASTER_KEY_VARIABLE}")
    add(
        "--auth",
        type=Path,
        metavar="FILE",
        help="authenticate callers as the platform does: the properties of an authsettingsV2 "
        "resource, as JSON",
    )
    add(
        "--auth-metadata",
        metavar="URL",
        help="where the issuer of the callers' tokens publishes its OpenID configuration",
    )
    add("--log-level", default="info", choices=["debug", "info", "warning", "error"], help="info")
    return parser


if __name__ == "__main__":
    sys.exit(main())
