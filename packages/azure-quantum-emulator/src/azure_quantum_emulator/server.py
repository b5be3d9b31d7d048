"""The emulator as a process: sockets, a lifetime, a file that says where it is."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from azure_quantum_emulator.api import urls
from azure_quantum_emulator.api.authorization import AUDIENCES
from azure_quantum_emulator.api.connections import DroppableProtocol
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.output_events import OutputEvents
from azure_quantum_emulator.runner import Runner
from azure_quantum_emulator.serving.certificates import Authority, Certificate
from azure_quantum_emulator.serving.http_server import Listener, serve
from azure_quantum_emulator.serving.ready_file import announce
from azure_quantum_emulator.serving.token_validation import TokenValidator
from azure_quantum_emulator.storage import BlobStorage
from azure_quantum_emulator.store import Store
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.workspace import Coordinates, Workspace


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the emulator's process."""

    coordinates: Coordinates
    listener: Listener
    """Open already: whoever cannot have the port has not begun anything."""
    storage: str
    """Connection string of the linked storage account, or the address of its blob service."""
    storage_client_id: str | None = None
    """Of the user-assigned identity that goes there, if it is an address."""
    output_events: tuple[str, str] | None = None
    """The queue in which outputs are announced, by name in the storage account or by address; and
    the beginning of the names of their containers."""
    issuer: str | None = None
    """Address of the OpenID configuration of who signs tokens; None believes every signature."""
    state: Path | None = None
    """The file that jobs and sessions are kept in; None keeps them in memory."""
    scenario: Mapping[str, Any] = field(default_factory=dict)
    """The settings of the scenario."""
    tls_listener: Listener | None = None
    """A second listener, which is to have TLS."""
    certificate: Certificate | None = None
    """Of that listener; None makes one up."""
    authority_file: Path = Path("emulator-ca.pem")
    """Where to write what clients have to trust then."""
    workers: int = 1
    ready_file: Path | None = None
    quiet: bool = False


async def run(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        OSError: a certificate cannot be read.
        StoreError: the state cannot be opened.
        ValueError: the connection string or the configuration of the scenario is wrong.

    """
    async with contextlib.AsyncExitStack() as stack:
        scenario = Scenario.from_json(options.scenario, all_targets())
        storage = BlobStorage.connect(
            options.storage, lambda: scenario.sas_lifetime, options.storage_client_id
        )
        store = stack.enter_context(Store.open(options.state))
        events = None
        if options.output_events is not None:
            events = OutputEvents.connect(
                options.storage, *options.output_events, options.storage_client_id
            )
            await stack.enter_async_context(contextlib.aclosing(events))
        runner = Runner(store, storage, options.workers, scenario, events)
        workspace = Workspace(options.coordinates, store, storage, runner, scenario)
        validator = TokenValidator([options.issuer], AUDIENCES) if options.issuer else None
        app = urls.application(options.coordinates, validator)
        app.state.workspace, app.state.scenario = workspace, scenario
        listeners = [options.listener]
        facts = {"url": listeners[0].url, **_described(options.coordinates)}
        if options.tls_listener is not None:
            certificate = options.certificate
            if certificate is None:
                directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="emulator-"))
                authority = Authority(options.authority_file)
                certificate = authority.issue(Path(directory), "emulator")
                facts["authorityFile"] = str(authority.file)
            listeners.append(replace(options.tls_listener, certificate=certificate))
            facts["tlsUrl"] = f"https://localhost:{listeners[-1].port}/"
        text = "" if options.quiet and options.ready_file else _summary(facts)
        await stack.enter_async_context(contextlib.aclosing(storage))
        await serve(
            app,
            *listeners,
            ready=lambda: announce(options.ready_file, facts, text),
            lifespan=runner,
            http=DroppableProtocol,
            access_log=not options.quiet,
        )


def _described(coordinates: Coordinates) -> dict[str, str]:
    return {
        **({"apiKey": coordinates.api_key} if coordinates.api_key else {}),
        "subscriptionId": coordinates.subscription_id,
        "resourceGroup": coordinates.resource_group,
        "name": coordinates.name,
        "location": coordinates.location,
    }


def _summary(facts: Mapping[str, str]) -> str:
    where = f"the resource group {facts['resourceGroup']} of {facts['subscriptionId']}"
    lines = [
        f"Workspace {facts['name']} is at {facts['url']}",
        f"  in {where}, location {facts['location']}",
    ]
    if "tlsUrl" in facts:
        trust = f" for those who trust {facts['authorityFile']}" * ("authorityFile" in facts)
        lines.append(f"  and at {facts['tlsUrl']}{trust}")
    return "\n".join(lines)
