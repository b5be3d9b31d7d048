"""`python -m localdev.emulator`."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

from localdev.emulator.server import Options, serve
from localdev.emulator.workspace import Identity

STORAGE_VARIABLE = "QJOBS_EMULATOR_STORAGE"


def main() -> None:
    """Run the emulator as the command line says."""
    parser = _parser()
    arguments = parser.parse_args()
    # Not the default of the option: `--help` would show a key.
    storage = arguments.storage or os.environ.get(STORAGE_VARIABLE)
    if not storage:
        parser.error(f"--storage or {STORAGE_VARIABLE} must give a connection string")
    identity = Identity(
        arguments.subscription_id,
        arguments.resource_group,
        arguments.workspace,
        arguments.location,
        arguments.api_key or secrets.token_urlsafe(32),
    )
    if not arguments.api_key and not arguments.ready_file:
        print(f"The key is {identity.api_key}", file=sys.stderr)  # noqa: T201 - nobody else knows it
    serve(
        Options(
            identity,
            storage,
            port=arguments.port,
            workers=arguments.workers,
            ready_file=arguments.ready_file,
            quiet=arguments.quiet,
        )
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.emulator",
        description="Emulates the data plane of an Azure Quantum workspace.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--storage",
        metavar="CONNECTION_STRING",
        help=f"of the linked storage account; without it the variable {STORAGE_VARIABLE} is read",
    )
    add("--port", type=int, default=0, help="to listen on at 127.0.0.1; 0 takes a free one")
    add("--api-key", metavar="KEY", help="to the workspace; if not given, one is made up")
    add("--subscription-id", metavar="GUID", default="00000000-0000-0000-0000-000000000001")
    add("--resource-group", metavar="NAME", default="local")
    add("--workspace", metavar="NAME", default="local-workspace")
    add("--location", default="eastus", help="must be an Azure region, or the SDK refuses it")
    add("--workers", type=_positive, default=1, metavar="N", help="processes that run programs")
    add("--ready-file", type=Path, metavar="FILE", help="written when the emulator is ready")
    add("--quiet", action="store_true", help="print warnings only")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


if __name__ == "__main__":
    main()
