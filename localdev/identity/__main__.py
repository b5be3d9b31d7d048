"""`python -m localdev.identity`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from azure_quantum_emulator.serving.http_server import (
    add_server_arguments,
    listening,
    run_server,
    serve,
)
from azure_quantum_emulator.serving.ready_file import announce
from localdev.identity.directory import SECRETS_VARIABLE, TENANT, ManagedIdentity
from localdev.identity.page_client import PageClient
from localdev.identity.server import Host, application
from localdev.identity.tokens import Issuer, new_key


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    return run_server("The issuer", _run(_parser().parse_args()), ValueError)


async def _run(arguments: argparse.Namespace) -> None:
    hosts = _hosts(arguments.identity)
    issuer = Issuer(arguments.tenant, new_key())
    key_file = _write_key(arguments.directory, issuer)
    with listening(arguments.port) as listener:
        facts = {"url": listener.url, "tenant": issuer.tenant, "signingKeyFile": str(key_file)}
        text = f"The issuer is at {listener.url}"
        await serve(
            application(issuer, hosts, arguments.page),
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


def _hosts(identities: list[ManagedIdentity]) -> list[Host]:
    """Return the hosts of managed identities, each opened by its secret in the environment.

    Raises:
        ValueError: a secret is missing, or the variable is no JSON object.

    """
    secrets = json.loads(os.environ.get(SECRETS_VARIABLE) or "{}")
    if not isinstance(secrets, dict):
        raise ValueError(f"{SECRETS_VARIABLE} is no JSON object.")  # noqa: TRY004 - what it is told
    missing = [each.client_id for each in identities if not secrets.get(each.client_id)]
    if missing:
        raise ValueError(f"{SECRETS_VARIABLE} has no secret of {', '.join(missing)}.")
    return [Host(secrets[each.client_id], {each.client_id: each}) for each in identities]


def _identity(text: str) -> ManagedIdentity:
    parts = text.split(":")
    if len(parts) != 2 or not all(parts):  # noqa: PLR2004 - the two that the help names
        raise argparse.ArgumentTypeError("give it as CLIENT_ID:OBJECT_ID")
    return ManagedIdentity(*parts)


def _page(text: str) -> PageClient:
    try:
        return PageClient.at(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


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
        type=_identity,
        action="append",
        default=[],
        metavar="CLIENT_ID:OBJECT_ID",
        help="a managed identity; repeatable. What opens it in X-IDENTITY-HEADER is in the "
        f"variable {SECRETS_VARIABLE}, a JSON object by client id",
    )
    add(
        "--page",
        type=_page,
        metavar="URL",
        help="where the web page is, such as http://127.0.0.1:7077/; without it no user signs in",
    )
    add_server_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
