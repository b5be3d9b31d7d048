"""The parts of the local stack without a single key: identities, tokens and TLS, as on Azure.

The functions have the app settings that a deployment gives them, and nothing else; every service
has the name that it has on Azure, except the storage account and the channel, whose addresses are
settings. What only the platform provides (who signs tokens, which authority is trusted, where names
lead) is in environment variables of Microsoft's libraries and Python.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, override
from urllib.parse import urlsplit

from azure_quantum_emulator.serving.certificates import LOCAL_NAMES, Authority
from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.supervision.process import Process
from localdev.identity.directory import FUNCTIONS, GATEWAY, IDENTITIES
from localdev.repository import AZURITE
from localdev.stack.channel import KeylessChannel
from localdev.stack.facts import FunctionsFacts, StackFacts, StorageFacts
from localdev.stack.part import ModulePart, Options, Part
from localdev.stack.parts import (
    Functions,
    Gateway,
    Identity,
    Storage,
    Workspace,
    identity_environment,
    webhook_master,
)
from qjobs.adapters.key_vault import REQUIRED, SECRET
from qjobs.adapters.webhook_master import SECRET as MASTER
from qjobs.domain.messages import Queue
from qjobs.domain.output_event import CONTAINER_PREFIX

MANAGEMENT_HOST = "management.azure.com"
WORKSPACE_HOST = "eastus-v2.quantum.azure.com"
VAULT_HOST = "qjobs-local.vault.azure.net"
VAULT_PORT = 7074
PROXY_PORT = 7075


class KeylessStorage(Storage):
    """Azurite with TLS, for tokens; its account key is random and not passed on."""

    def __init__(self, options: Options, authority: Authority) -> None:
        super().__init__(options)
        self._authority = authority.file
        self._certificate = authority.issue(options.directory / "tls", self.name)

    @override
    def command(self, facts: StackFacts) -> Sequence[str]:
        return azurite.command(self._ports, self._data, self._certificate, program=AZURITE)

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        key = base64.b64encode(secrets.token_bytes(64)).decode()
        return {"AZURITE_ACCOUNTS": f"{azurite.ACCOUNT}:{key}"}

    @override
    def ready(self, process: Process) -> StorageFacts | None:
        ports = azurite.listening(process.output(), self._authority)
        if ports is None:
            return None
        self._ports = ports
        blob, queue, _ = (f"https://127.0.0.1:{port}/{azurite.ACCOUNT}" for port in ports)
        return {"blobServiceUri": blob, "queueServiceUri": queue}


class KeylessWorkspace(Workspace):
    """The emulator for tokens alone; it signs addresses of blobs with a delegated key."""

    def __init__(self, options: Options, authority: Authority) -> None:
        super().__init__(options)
        self._authority = authority.file
        hosts = (*LOCAL_NAMES, MANAGEMENT_HOST, WORKSPACE_HOST)
        self._certificate = authority.issue(options.directory / "tls", self.name, hosts)
        self._tls_port = 0

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return [
            "--quiet",
            "--no-api-key",
            f"--issuer={facts['identity']['metadata']}",
            f"--tls-port={self._tls_port}",
            "--tls-certificate",
            str(self._certificate.chain),
            str(self._certificate.key),
            f"--endpoint=https://{WORKSPACE_HOST}/",
            f"--storage={facts['storage']['blobServiceUri']}",
            f"--storage-client-id={IDENTITIES[self.name].client_id}",
            "--output-events",
            f"{facts['storage']['queueServiceUri']}/{Queue.OUTPUTS}",
            CONTAINER_PREFIX,
            *self._state,
        ]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        trust = {"SSL_CERT_FILE": str(self._authority)}
        return trust | identity_environment(self.name, facts)

    @override
    def ready(self, process: Process) -> Mapping[str, Any] | None:
        facts = super().ready(process)
        if facts is not None:
            self._tls_port = urlsplit(facts["tlsUrl"]).port or 0
        return facts


class Vault(ModulePart):
    """The key vault, which knows where the workspace is."""

    name = "vault"
    module = "localdev.vault"

    def __init__(self, options: Options, authority: Authority) -> None:
        super().__init__(options, VAULT_PORT)
        self._directory = options.directory
        self._secrets = options.directory / "secrets.json"
        self._certificate = authority.issue(options.directory / "tls", self.name, [VAULT_HOST])

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        workspace = facts["workspace"]
        # Without its endpoint, so that the resource manager is asked too.
        coordinates = json.dumps({k: v for k, v in workspace.items() if k in REQUIRED})
        self._secrets.unlink(missing_ok=True)  # its permissions would stay those of who made it
        self._secrets.touch(mode=0o600)
        values = {SECRET: coordinates, MASTER: webhook_master(self._directory)}
        self._secrets.write_text(json.dumps(values), encoding="utf-8")
        return [
            f"--secrets={self._secrets}",
            f"--reader={FUNCTIONS.object_id}",
            f"--issuer={facts['identity']['metadata']}",
            "--tls-certificate",
            str(self._certificate.chain),
            str(self._certificate.key),
        ]


class Proxy(ModulePart):
    """The proxy that leads names of Azure to the servers of the stack."""

    name = "proxy"
    module = "localdev.stack.connect_proxy"

    def __init__(self, options: Options) -> None:
        super().__init__(options, PROXY_PORT)

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        urls = {
            MANAGEMENT_HOST: facts["workspace"]["tlsUrl"],
            WORKSPACE_HOST: facts["workspace"]["tlsUrl"],
            VAULT_HOST: facts["vault"]["url"],
        }
        return [f"--name={name}={urlsplit(url).port}" for name, url in urls.items()]


class KeylessFunctions(Functions):
    """The Functions host with this repository's app, as a deployment configures it."""

    def __init__(self, options: Options, authority: Authority) -> None:
        super().__init__(options)
        self.authority = authority

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        return ["--app-dir", str(self._app), *self.authentication(facts)]

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        storage = facts["storage"]
        return {
            "AzureWebJobsStorage__credential": "managedidentity",
            "AzureWebJobsStorage__clientId": FUNCTIONS.client_id,
            "AzureWebJobsStorage__accountName": azurite.ACCOUNT,
            "AzureWebJobsStorage__blobServiceUri": storage["blobServiceUri"],
            "AzureWebJobsStorage__queueServiceUri": storage["queueServiceUri"],
            "QJOBS_CHANNEL_ENDPOINT": facts["channel"]["url"].rstrip("/"),
            "QJOBS_KEY_VAULT_URI": f"https://{VAULT_HOST}/",
            "QJOBS_GATEWAY_PRINCIPAL_ID": GATEWAY.object_id,
            "QJOBS_REGION": "local",
            "QJOBS_RECONCILE_SCHEDULE": "0 * * * * *",
            "QJOBS_RETENTION_DAYS": "30",
            "QJOBS_COST_OF_JOB": "",
            "QJOBS_COST_OF_DAY": "",
            "QJOBS_OUTPUT_EVENTS": "true",
            **self._settings,
            **identity_environment(self.name, facts),
            "HTTPS_PROXY": facts["proxy"]["url"],
            "NO_PROXY": "127.0.0.1",
            # Of requests, and of Python's own TLS.
            "REQUESTS_CA_BUNDLE": str(self.authority.file),
            "SSL_CERT_FILE": str(self.authority.file),
        }

    @override
    def ready(self, process: Process) -> FunctionsFacts | None:
        facts = super().ready(process)
        # The host has made up keys that it tells nobody; here they would open nothing.
        return facts and FunctionsFacts(url=facts["url"], telemetry=facts["telemetry"])


def keyless_parts(options: Options) -> list[Part]:
    """Return the parts of a stack without keys, each after those it needs."""
    authority = Authority(options.directory / "tls" / "ca.pem")
    return [
        Identity(options),
        KeylessStorage(options, authority),
        KeylessWorkspace(options, authority),
        Vault(options, authority),
        Proxy(options),
        KeylessChannel(options, authority),
        KeylessFunctions(options, authority),
        Gateway(options),
    ]
