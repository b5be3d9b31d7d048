"""The parts of the local stack; `profiles.py` says which of them a stack has."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast, override

from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.supervision.process import Process
from localdev.host.keys import HOST_KEY_VARIABLE, MASTER_KEY_VARIABLE
from localdev.identity.directory import (
    API_AUDIENCE,
    API_CLIENT_ID,
    FUNCTIONS_AUDIENCE,
    GATEWAY,
    IDENTITIES,
    SECRETS_VARIABLE,
    TENANT,
)
from localdev.repository import AZURITE, ROOT
from localdev.stack.facts import FunctionsFacts, IdentityFacts, StackFacts, StorageFacts
from localdev.stack.part import ModulePart, Options, Part, Profile
from qjobs.domain.messages import Queue
from qjobs.domain.output_event import CONTAINER_PREFIX

TELEMETRY = "telemetry"
"""Folder of a stack in which the functions write their spans and metrics."""
SETTINGS_FILE = ROOT / "local.settings.json.example"
GATEWAY_PORT = 7070
FUNCTIONS_PORT = 7071
WORKSPACE_PORT = 7072
IDENTITY_PORT = 7073


class Storage(Part):
    """Azurite."""

    name = "storage"

    def __init__(self, options: Options) -> None:
        self._ports = azurite.FIXED_PORTS if options.fixed_ports else azurite.FREE_PORTS
        self._data = options.directory / "azurite" if options.keep else None

    @override
    def command(self, facts: StackFacts) -> Sequence[str]:
        return azurite.command(self._ports, self._data, program=AZURITE)

    @override
    def ready(self, process: Process) -> StorageFacts | None:
        ports = azurite.listening(process.output())
        if ports is None:
            return None
        self._ports = ports
        return {"connectionString": azurite.connection_string(ports)}


class Identity(ModulePart):
    """The issuer of tokens: Entra ID and the endpoint of managed identities."""

    name = "identity"
    module = "localdev.identity"

    def __init__(self, options: Options) -> None:
        super().__init__(options, IDENTITY_PORT)
        self._directory = options.directory / "identity"
        self._page = [f"--page={options.page.origin}/"] if options.page else []
        self._headers = {part: secrets.token_urlsafe(32) for part in IDENTITIES}

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        identities = [
            f"--identity={identity.client_id}:{identity.object_id}"
            for identity in IDENTITIES.values()
        ]
        own = [f"--tenant={TENANT}", f"--directory={self._directory}"]
        return [*own, *self._page, *identities]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        headers = {IDENTITIES[part].client_id: header for part, header in self._headers.items()}
        return {SECRETS_VARIABLE: json.dumps(headers)}

    @override
    def ready(self, process: Process) -> IdentityFacts | None:
        facts = super().ready(process)
        if facts is None:
            return None
        metadata = f"{facts['url']}{TENANT}/.well-known/openid-configuration"
        more = {"metadata": metadata, "identityHeaders": self._headers}
        return cast("IdentityFacts", {**facts, **more})


def identity_environment(part: str, facts: StackFacts) -> dict[str, str]:
    """Return how a *part* gets tokens of its managed identity: what the platform sets on Azure."""
    identity = facts["identity"]
    return {
        "IDENTITY_ENDPOINT": f"{identity['url']}msi/token",
        "IDENTITY_HEADER": identity["identityHeaders"][part],
    }


class Workspace(ModulePart):
    """The emulator of the Azure Quantum workspace."""

    name = "workspace"
    module = "azure_quantum_emulator"

    def __init__(self, options: Options) -> None:
        super().__init__(options, WORKSPACE_PORT)
        self._key = secrets.token_urlsafe(32)
        directory = str(options.directory / "workspace")
        self._state = ["--data", directory] if options.keep else ["--in-memory"]

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return ["--quiet", "--output-events", Queue.OUTPUTS, CONTAINER_PREFIX, *self._state]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        return {
            "AZURE_QUANTUM_EMULATOR_API_KEY": self._key,
            "AZURE_QUANTUM_EMULATOR_STORAGE": facts["storage"]["connectionString"],
        }


def webhook_master(directory: Path) -> str:
    """Return the master secret of webhooks of a stack, the same as long as *directory* is kept."""
    file = directory / "webhook-master"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return file.read_text(encoding="utf-8")


class Functions(ModulePart):
    """The Functions host with this repository's app."""

    name = "functions"
    module = "localdev.host"
    restarts = True  # as the platform does: a host ends by what a process does not survive

    def __init__(self, options: Options) -> None:
        super().__init__(options, FUNCTIONS_PORT)
        self._app = options.app
        self._directory = options.directory
        telemetry = {"QJOBS_TELEMETRY_DIRECTORY": str(options.directory / TELEMETRY)}
        self._settings = telemetry | dict(options.settings)
        self._authentication = options.directory / "authentication.json"
        self._gateway = options.profile is not Profile.DIRECT
        self._keys = {role: secrets.token_urlsafe(32) for role in ("host", "master")}

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        arguments = ["--app-dir", str(self._app)]
        if SETTINGS_FILE.exists():
            arguments += ["--settings", str(SETTINGS_FILE)]
        if self._gateway:
            arguments += self.authentication(facts)
        return arguments

    @override
    def ready(self, process: Process) -> FunctionsFacts | None:
        facts = super().ready(process)
        more = {"telemetry": self._settings["QJOBS_TELEMETRY_DIRECTORY"]}
        return None if facts is None else cast("FunctionsFacts", {**facts, **more})

    def authentication(self, facts: StackFacts) -> list[str]:
        """Return the arguments for the platform's authentication."""
        self._authentication.write_text(json.dumps(AUTHENTICATION), encoding="utf-8")
        metadata = facts["identity"]["metadata"]
        return [f"--auth={self._authentication}", f"--auth-metadata={metadata}"]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        workspace = facts["workspace"]
        channel = facts["channel"]["connectionString"] if "channel" in facts else ""
        return {
            HOST_KEY_VARIABLE: self._keys["host"],
            MASTER_KEY_VARIABLE: self._keys["master"],
            "AzureWebJobsStorage": facts["storage"]["connectionString"],
            "QJOBS_WORKSPACE_SUBSCRIPTION_ID": workspace["subscriptionId"],
            "QJOBS_WORKSPACE_RESOURCE_GROUP": workspace["resourceGroup"],
            "QJOBS_WORKSPACE_NAME": workspace["name"],
            "QJOBS_WORKSPACE_LOCATION": workspace["location"],
            "QJOBS_WORKSPACE_ENDPOINT": workspace["url"],
            "QJOBS_WORKSPACE_API_KEY": workspace["apiKey"],
            "QJOBS_CHANNEL_CONNECTION_STRING": channel,
            "QJOBS_GATEWAY_PRINCIPAL_ID": GATEWAY.object_id if self._gateway else "",
            "QJOBS_OUTPUT_EVENTS": "true",
            "QJOBS_WEBHOOK_MASTER": webhook_master(self._directory),
            **self._settings,
        }


class Gateway(ModulePart):
    """The gateway, with the files of `apim/` as they are."""

    name = "gateway"
    module = "localdev.gateway"

    def __init__(self, options: Options) -> None:
        super().__init__(options, GATEWAY_PORT)
        self._named_values = {
            "entra-tenant-id": TENANT,
            "api-client-id": API_CLIENT_ID,
            "api-audience": API_AUDIENCE,
            "functions-audience": FUNCTIONS_AUDIENCE,
            "gateway-client-id": GATEWAY.client_id,
            **({"web-origin": options.page.origin} if options.page else {}),
            **options.named_values,
        }

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return [
            f"--backend=functions={facts['functions']['url']}/api",
            f"--login={facts['identity']['url']}",
            "--verbose",
            *(f"--set={name}={value}" for name, value in self._named_values.items()),
        ]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        return identity_environment(self.name, facts)


AUTHENTICATION = {
    "platform": {"enabled": True},
    "globalValidation": {
        "requireAuthentication": True,
        "unauthenticatedClientAction": "Return401",
        "excludedPaths": ["/api/health"],
    },
    "identityProviders": {
        "azureActiveDirectory": {
            "registration": {"openIdIssuer": f"https://sts.windows.net/{TENANT}/"},
            "validation": {
                "allowedAudiences": [FUNCTIONS_AUDIENCE],
                "defaultAuthorizationPolicy": {
                    "allowedApplications": [GATEWAY.client_id],
                    "allowedPrincipals": {"identities": [GATEWAY.object_id]},
                },
            },
        }
    },
}
"""Properties of the function app's authsettingsV2: only the gateway's identity may come in."""
