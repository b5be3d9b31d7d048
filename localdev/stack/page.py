"""The web page as a part of the local stack, which starts after all the servers it names."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Sequence
from typing import Any, override
from urllib.parse import urlsplit

from azure_quantum_emulator.serving.http_server import HOST
from localdev.identity.directory import API_AUDIENCE, PAGE_CLIENT_ID, SCOPES
from localdev.identity.metadata import openid_configuration
from localdev.identity.tokens import ISSUERS
from localdev.repository import ROOT
from localdev.stack.facts import StackFacts
from localdev.stack.part import BuiltPage, ModulePart, Options

PAGE = ROOT / "web" / "dist"
"""Where `make web` builds the page."""
PAGE_PORT = 7077
_FREE_PORTS = range(20_000, 32_000)
"""Below those that a system gives out, so that nobody else gets one before it is listened on."""


class Page(ModulePart):
    """The server of the built page."""

    name = "page"
    module = "localdev.page"

    def __init__(self, options: Options, page: BuiltPage) -> None:
        super().__init__(options, PAGE_PORT)
        self._port = page.port
        self._folder = page.folder
        self._config = options.directory / "page-config.json"

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        self._config.write_text(json.dumps(page_config(facts)), encoding="utf-8")
        return [
            f"--folder={self._folder}",
            f"--config={self._config}",
            f"--origin=API_ORIGIN={_origin(facts['gateway']['url'])}",
            f"--origin=LOGIN_ORIGIN={_origin(facts['identity']['url'])}",
            f"--origin=CHANNEL_ORIGIN={_origin(facts['channel']['url'], 'ws')}",
        ]


def page_config(facts: StackFacts) -> dict[str, Any]:
    """Return the content of `/config.json` for a stack."""
    identity = facts["identity"]
    tenant = identity["tenant"]
    issuer = ISSUERS["2.0"].format(tenant=tenant)
    return {
        "api": facts["gateway"]["url"],
        "clientId": PAGE_CLIENT_ID,
        "tenant": tenant,
        "scopes": [f"{API_AUDIENCE}/{scope}" for scope in SCOPES],
        # MSAL takes no authority over http, but whatever endpoints its metadata has.
        "authority": f"https://login.microsoftonline.com/{tenant}",
        "emulated": True,
        "authorityMetadata": openid_configuration(issuer, f"{identity['url']}{tenant}"),
    }


def free_low_port() -> int:
    """Return a free port for a server that starts later."""
    while True:
        port = secrets.choice(_FREE_PORTS)
        with socket.socket() as tried:
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return port


def _origin(url: str, scheme: str = "http") -> str:
    """Return the origin of an address, with its scheme or that of WebSockets."""
    parts = urlsplit(url)
    return f"{scheme}{parts.scheme.removeprefix('http')}://{parts.netloc}"
