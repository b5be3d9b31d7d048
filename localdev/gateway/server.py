"""The gateway as a process: a socket, a lifetime, a file that says where it is."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from azure_quantum_emulator.serving.http_server import listening, serve
from azure_quantum_emulator.serving.ready_file import announce
from azure_quantum_emulator.serving.token_validation import TokenValidator
from localdev.gateway.backends import Connections
from localdev.gateway.configuration import Files, backends, compile_policies
from localdev.gateway.context import Api
from localdev.gateway.http import Gateway
from localdev.gateway.services import Identities, ManagedIdentities, Services

API = Api("qjobs", "Quantum jobs", "quantum")
"""What API Management is told of the API besides the files; its address ends with the path."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the gateway's process."""

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


async def run(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        ConfigurationError: something is missing or does not fit.
        PolicyError: something in a policy document is not understood.
        OSError: the port is taken, or the ready file cannot be written.

    """
    connections, tokens = Connections(), ManagedIdentities()
    gateway = load(options, connections, tokens)
    with listening(options.port) as listener:
        url = f"{listener.url}{API.path}"
        facts, text = {"url": url}, f"The gateway is at {url}"
        async with contextlib.aclosing(connections), contextlib.aclosing(tokens):
            await serve(
                gateway,
                listener,
                ready=lambda: announce(options.ready_file, facts, text),
                http="h11",  # Java's client asks for HTTP/2 first: httptools trips over that
            )


def _validator(login: str, tenant: str, audiences: Sequence[str]) -> TokenValidator:
    documents = [
        f"{login}/{tenant}/{version}.well-known/openid-configuration" for version in ("v2.0/", "")
    ]
    return TokenValidator(documents, audiences)
