"""`python -m localdev.identity`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from azure_quantum_emulator.serving.http_server import (
    add_server_arguments,
    listening,
    run_server,
    serve,
)
from azure_quantum_emulator.serving.ready_file import announce
from localdev.identity.directory import TENANT, ManagedIdentity
from localdev.identity.server import Host, application
from localdev.identity.tokens import Issuer, new_key


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    return run_server("The issuer", _run(_parser().parse_args()))


async def _run(arguments: argparse.Namespace) -> None:
    issuer = Issuer(arguments.tenant, new_key())
    key_file = _write_key(arguments.directory, issuer)
    with listening(arguments.port) as listener:
        facts = {"url": listener.url, "tenant": issuer.tenant, "signingKeyFile": str(key_file)}
        text = f"The issuer is at {listener.url}"
        await serve(
            application(issuer, arguments.identity),
            listener,
            ready=lambda: announce(arguments.ready_file, facts, text),
        )


def _write_key(directory: Path, issuer: Issuer) -> Path:
    """Write the private key to a file that its owner alone can read, since it signs any token."""
    directory.mkdir(parents=True, exist_ok=True)
    file = (directory / "signing-key.pem").absolute()
    file.unlink(missing_ok=True)  # its permissions would stay those of who made it
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(issuer.pem)
    return file


def _host(text: str) -> Host:
    parts = text.split(":", 2)
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - the three that the help names
        raise argparse.ArgumentTypeError("give it as CLIENT_ID:OBJECT_ID:SECRET")
    client_id, holder, secret = parts
    return Host(secret, {client_id: ManagedIdentity(client_id, holder)})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.identity",
        description="What Entra ID and the managed identities' endpoint are on Azure.",
        epilog="exit codes: 0 stopped by a signal; 1 it cannot run; 2 wrong command line",
    )
    add = parser.add_argument
    add("--tenant", default=TENANT, metavar="ID", help="whose tokens it issues")
    add("--directory", type=Path, required=True, metavar="DIR", help="where to put the signing key")
    add(
        "--identity",
        type=_host,
        action="append",
        default=[],
        metavar="CLIENT_ID:OBJECT_ID:SECRET",
        help="a managed identity, and what opens it in X-IDENTITY-HEADER; repeatable",
    )
    add_server_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
