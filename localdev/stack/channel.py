"""The channel to clients as a part of the local stack: with its access key, or for identities."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import cast, override

from azure_quantum_emulator.serving.certificates import Authority
from azure_quantum_emulator.supervision.process import Process
from localdev.channel.__main__ import KEY_VARIABLE
from localdev.identity.directory import FUNCTIONS
from localdev.stack.facts import ChannelFacts, StackFacts
from localdev.stack.part import ModulePart, Options

CHANNEL_PORT = 7076


class Channel(ModulePart):
    """The channel with an access key."""

    name = "channel"
    module = "localdev.channel"

    def __init__(self, options: Options) -> None:
        super().__init__(options, CHANNEL_PORT)
        self._key = secrets.token_urlsafe(32)

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return []

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        return {KEY_VARIABLE: self._key}

    @override
    def ready(self, process: Process) -> ChannelFacts | None:
        facts = super().ready(process)
        if facts is None:
            return None
        connection = f"Endpoint={facts['url'].rstrip('/')};AccessKey={self._key};Version=1.0;"
        return cast("ChannelFacts", {**facts, "connectionString": connection})


class KeylessChannel(ModulePart):
    """The channel with TLS, for the identity of the functions alone."""

    name = "channel"
    module = "localdev.channel"

    def __init__(self, options: Options, authority: Authority) -> None:
        super().__init__(options, CHANNEL_PORT)
        self._certificate = authority.issue(options.directory / "tls", self.name)

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return [
            f"--issuer={facts['identity']['metadata']}",
            f"--owner={FUNCTIONS.object_id}",
            "--tls-certificate",
            str(self._certificate.chain),
            str(self._certificate.key),
        ]
