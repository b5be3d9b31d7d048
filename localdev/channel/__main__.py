"""`python -m localdev.channel`."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

from azure_quantum_emulator.serving.certificates import Certificate
from azure_quantum_emulator.serving.http_server import (
    add_server_arguments,
    listening,
    run_server,
)
from azure_quantum_emulator.serving.ready_file import announce
from azure_quantum_emulator.serving.token_validation import TokenValidator
from localdev.channel.connections import Connections
from localdev.channel.server import Services, application, serve
from localdev.channel.tokens import AUDIENCE, AccessKey, ServiceIdentity, ServiceKey

KEY_VARIABLE = "LOCALDEV_CHANNEL_KEY"
"""The environment variable with the access key."""


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    return run_server("The channel", _run(_parser().parse_args()), ValueError)


async def _run(arguments: argparse.Namespace) -> None:
    services: Services
    if arguments.issuer is None:
        key = AccessKey(_given_key())
        services = ServiceKey(key)
    else:
        key = AccessKey(secrets.token_urlsafe(32))
        validator = TokenValidator([arguments.issuer], [AUDIENCE])
        services = ServiceIdentity(validator, arguments.owner)
    certificate = Certificate(*arguments.tls_certificate) if arguments.tls_certificate else None
    with listening(arguments.port, certificate) as listener:
        facts, text = {"url": listener.url}, f"The channel is at {listener.url}"
        await serve(
            application(services, key, Connections()),
            listener,
            ready=lambda: announce(arguments.ready_file, facts, text),
        )


def _given_key() -> str:
    """Return the access key in the environment.

    Raises:
        ValueError: it is missing, or too short to sign with.

    """
    key = os.environ.get(KEY_VARIABLE, "")
    if len(key) < 32:  # noqa: PLR2004 - bytes of an HMAC-SHA256 key
        raise ValueError(f"{KEY_VARIABLE} has fewer than 32 characters.")
    return key


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.channel",
        description="What Azure Web PubSub is on Azure, for messages to the clients of a user. "
        f"The access key is in the variable {KEY_VARIABLE}, unless there is an issuer of tokens.",
        epilog="exit codes: 0 stopped by a signal; 1 it cannot run; 2 wrong command line",
    )
    add = parser.add_argument
    add(
        "--issuer",
        metavar="URL",
        help="of the OpenID configuration of who signs the tokens of services, in place of a key",
    )
    add(
        "--owner",
        action="append",
        default=[],
        metavar="OBJECT_ID",
        help="of an identity that may send messages; repeatable",
    )
    add("--tls-certificate", type=Path, nargs=2, metavar=("CHAIN", "KEY"), help="PEM files")
    add_server_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
