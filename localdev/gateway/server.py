"""The gateway as a process: a socket, a lifetime, a file that says where it is."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import uvicorn

from azure_quantum_emulator.serving.ready_file import write_ready_file
from azure_quantum_emulator.serving.token_validation import TokenValidator
from localdev.gateway.backends import Connections
from localdev.gateway.configuration import Files, backends, compile_policies
from localdev.gateway.context import Api
from localdev.gateway.http import Gateway
from localdev.gateway.services import Identities, ManagedIdentities, Services
from localdev.serving.http_server import HOST, Server

API = Api("qjobs", "Quantum jobs", "quantum")
"""What API Management is told of the API besides the files; its address ends with the path."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the gateway is to run."""

    files: Files
    login: str
    """Where tokens' issuer publishes its metadata, as login.microsoftonline.com does."""
    backends: Mapping[str, str]
    named_values: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    ready_file: Path | None = None


def load(options: Options, connections: Connections, tokens: Identities) -> Gateway:
    """Read everything and compile it.

    Raises:
        ConfigurationError: something is missing or does not fit.
        PolicyError: something in a policy document is not understood.

    """
    files = options.files
    services = Services(
        backends=backends(files, options.backends, connections),
        validator=partial(_validator, options.login.rstrip("/")),
        tokens=tokens,
    )
    values = files.named_values(options.named_values)
    return Gateway(API, compile_policies(files, values, services))


async def serve(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        ConfigurationError: something is missing or does not fit.
        PolicyError: something in a policy document is not understood.
        OSError: the port is taken, or the ready file cannot be written.

    """
    connections, tokens = Connections(), ManagedIdentities()
    gateway = load(options, connections, tokens)
    with socket.create_server((HOST, options.port), backlog=2048) as listener:
        config = uvicorn.Config(
            gateway,
            # Java's client asks every server for HTTP/2 first; h11 ignores that, httptools trips.
            http="h11",
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_keep_alive=120,  # longer than clients keep a connection they do not use
            timeout_graceful_shutdown=3,
        )
        server = Server(config, ready=lambda: _announce(options, listener))
        async with contextlib.aclosing(connections), contextlib.aclosing(tokens):
            await server.serve(sockets=[listener])


def _announce(options: Options, listener: socket.socket) -> None:
    url = f"http://{HOST}:{listener.getsockname()[1]}/{API.path}"
    if options.ready_file is None:
        print(f"The gateway is at {url}", flush=True)  # noqa: T201 - a command
    else:
        write_ready_file(options.ready_file, {"url": url})


def _validator(login: str, tenant: str, audiences: Sequence[str]) -> TokenValidator:
    documents = [
        f"{login}/{tenant}/{version}.well-known/openid-configuration" for version in ("v2.0/", "")
    ]
    return TokenValidator(documents, audiences)
