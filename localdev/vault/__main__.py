"""`python -m localdev.vault`."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
from pathlib import Path

import uvloop

from azure_quantum_emulator.serving.ready_file import write_ready_file
from azure_quantum_emulator.serving.token_validation import TokenValidator
from localdev.identity.directory import TENANT
from localdev.serving.http_server import HOST, Server, configuration
from localdev.vault.server import AUDIENCE, application


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    arguments = _parser().parse_args()
    try:
        secrets = json.loads(arguments.secrets.read_text(encoding="utf-8"))
        validator = TokenValidator([arguments.issuer], [AUDIENCE])
        app = application(secrets, arguments.reader, validator, arguments.tenant)
        chain, key = arguments.tls_certificate
        config = configuration(app, ssl_certfile=chain, ssl_keyfile=key)
        with socket.create_server((HOST, arguments.port), backlog=128) as listener:
            facts = {"url": f"https://{HOST}:{listener.getsockname()[1]}/"}
            server = Server(config, ready=lambda: write_ready_file(arguments.ready_file, facts))
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
                loop.run(server.serve([listener]))
    except (OSError, ValueError) as error:
        print(f"The vault cannot run: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


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
    add("--port", type=int, default=0, help="to listen on at 127.0.0.1; 0, a free one, by default")
    add("--ready-file", type=Path, required=True, metavar="FILE", help="written when it answers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
