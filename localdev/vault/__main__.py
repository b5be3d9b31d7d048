"""`python -m localdev.vault`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from azure_quantum_emulator.serving.certificates import Certificate
from azure_quantum_emulator.serving.http_server import (
    add_server_arguments,
    listening,
    run_server,
    serve,
)
from azure_quantum_emulator.serving.ready_file import announce
from azure_quantum_emulator.serving.token_validation import TokenValidator
from localdev.identity.directory import TENANT
from localdev.vault.server import AUDIENCE, application


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    return run_server("The vault", _run(_parser().parse_args()), ValueError)


async def _run(arguments: argparse.Namespace) -> None:
    secrets = json.loads(arguments.secrets.read_text(encoding="utf-8"))
    validator = TokenValidator([arguments.issuer], [AUDIENCE])
    app = application(secrets, arguments.reader, validator, arguments.tenant)
    with listening(arguments.port, Certificate(*arguments.tls_certificate)) as listener:
        facts, text = {"url": listener.url}, f"The vault is at {listener.url}"
        await serve(app, listener, ready=lambda: announce(arguments.ready_file, facts, text))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.vault",
        description="What Azure Key Vault is on Azure, for those who read secrets.",
        epilog="exit codes: 0 stopped by a signal; 1 it cannot run; 2 wrong command line",
    )
    add = parser.add_argument
    add("--secrets", type=Path, required=True, metavar="FILE", help="names and values, as JSON")
    add(
        "--reader",
        action="append",
        default=[],
        metavar="OBJECT_ID",
        help="of an identity that may read secrets; repeatable",
    )
    add(
        "--issuer",
        required=True,
        metavar="URL",
        help="of the OpenID configuration of who signs the tokens",
    )
    add("--tenant", default=TENANT, metavar="ID", help="where callers get their tokens")
    add(
        "--tls-certificate",
        type=Path,
        nargs=2,
        required=True,
        metavar=("CHAIN", "KEY"),
        help="PEM files",
    )
    add_server_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
