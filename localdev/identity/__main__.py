"""`python -m localdev.identity`."""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvloop

from azure_quantum_emulator.serving.ready_file import write_ready_file
from localdev.identity.directory import TENANT, ManagedIdentity
from localdev.identity.server import Host, application
from localdev.identity.tokens import Issuer, new_key
from localdev.serving.http_server import HOST, Server, configuration


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    arguments = _parser().parse_args()
    issuer = Issuer(arguments.tenant, new_key())
    try:
        key_file = _write_key(arguments.directory, issuer)
        with socket.create_server((HOST, arguments.port), backlog=512) as listener:
            facts = {
                "url": f"http://{HOST}:{listener.getsockname()[1]}/",
                "tenant": issuer.tenant,
                "signingKeyFile": str(key_file),
            }
            config = configuration(application(issuer, arguments.identity))
            server = Server(config, ready=lambda: _announce(arguments.ready_file, facts))
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
                loop.run(server.serve([listener]))
    except OSError as error:
        print(f"The issuer cannot run: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


def _announce(ready_file: Path | None, facts: Mapping[str, Any]) -> None:
    if ready_file is None:
        print(f"The issuer is at {facts['url']}", flush=True)  # noqa: T201 - a command
    else:
        write_ready_file(ready_file, facts)


def _write_key(directory: Path, issuer: Issuer) -> Path:
    """Keep the private key where its owner alone can read it: whoever has it is anybody."""
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
    add("--port", type=int, default=0, help="to listen on at 127.0.0.1; 0, a free one, by default")
    add("--ready-file", type=Path, metavar="FILE", help="written when it answers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
