"""`python -m localdev.vault`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import uvloop
from starlette.types import ASGIApp

from azure_quantum_emulator.serving.certificates import Certificate
from azure_quantum_emulator.serving.http_server import add_server_arguments, listening, serve
from azure_quantum_emulator.serving.ready_file import announce
from azure_quantum_emulator.serving.token_validation import TokenValidator
from localdev.identity.directory import TENANT
from localdev.vault.server import AUDIENCE, application


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    arguments = _parser().parse_args()
    try:
        secrets = json.loads(arguments.secrets.read_text(encoding="utf-8"))
        validator = TokenValidator([arguments.issuer], [AUDIENCE])
        app = application(secrets, arguments.reader, validator, arguments.tenant)
        uvloop.run(_run(app, arguments))
    except (OSError, ValueError) as error:
        print(f"The vault cannot run: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


async def _run(app: ASGIApp, arguments: argparse.Namespace) -> None:
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
