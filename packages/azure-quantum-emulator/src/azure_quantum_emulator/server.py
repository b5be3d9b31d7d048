"""The emulator as a process: sockets, a lifetime, a file that says where it is."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import uvicorn
import uvloop

from azure_quantum_emulator.api import urls
from azure_quantum_emulator.api.authorization import AUDIENCES
from azure_quantum_emulator.api.connections import DroppableProtocol
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.runner import Runner
from azure_quantum_emulator.serving.certificates import Authority, Certificate
from azure_quantum_emulator.serving.ready_file import write_ready_file
from azure_quantum_emulator.serving.token_validation import TokenValidator
from azure_quantum_emulator.storage import BlobStorage
from azure_quantum_emulator.store import Store
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.workspace import Coordinates, Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

HOST = "127.0.0.1"  # keys are known to everybody on this machine, so nobody else's may ask


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the emulator's process."""

    coordinates: Coordinates
    storage: str
    """Connection string of the linked storage account, or the address of its blob service."""
    storage_client_id: str | None = None
    """Of the user-assigned identity that goes there, if it is an address."""
    issuer: str | None = None
    """Address of the OpenID configuration of who signs tokens; None believes every signature."""
    state: Path | None = None
    """The file that jobs and sessions are kept in; None keeps them in memory."""
    scenario: Mapping[str, Any] = field(default_factory=dict)
    """The settings of the scenario."""
    port: int = 0
    """0 takes a free one."""
    tls_port: int | None = None
    """Of a second listener, with TLS; None has none."""
    certificate: Certificate | None = None
    """Of that listener; None makes one up."""
    authority_file: Path = Path("emulator-ca.pem")
    """Where to write what clients have to trust then."""
    workers: int = 1
    ready_file: Path | None = None
    quiet: bool = False


def serve(options: Options) -> None:
    """Run until SIGINT or SIGTERM.

    Raises:
        OSError: a port is taken.
        StoreError: the state cannot be opened.
        ValueError: the connection string or the configuration of the scenario is wrong.

    """
    with contextlib.ExitStack() as stack:
        scenario = Scenario.from_json(options.scenario, all_targets())
        storage = BlobStorage.connect(
            options.storage, lambda: scenario.sas_lifetime, options.storage_client_id
        )
        store = stack.enter_context(Store.open(options.state))
        runner = Runner(store, storage, options.workers, scenario)
        workspace = Workspace(options.coordinates, store, storage, runner, scenario)
        listener = stack.enter_context(_listener(options.port))
        facts = {"url": f"http://{HOST}:{listener.getsockname()[1]}/"}
        certificate, secure = None, None
        if options.tls_port is not None:
            secure = stack.enter_context(_listener(options.tls_port))
            facts["tlsUrl"] = f"https://localhost:{secure.getsockname()[1]}/"
            certificate = options.certificate
            if certificate is None:
                directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="emulator-"))
                authority = Authority(options.authority_file)
                certificate = authority.issue(Path(directory), "emulator")
                facts["authorityFile"] = str(authority.file)

        @contextlib.asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            app.state.workspace, app.state.scenario = workspace, scenario
            async with contextlib.aclosing(storage), runner:
                _announce(options, facts)
                yield

        validator = TokenValidator([options.issuer], AUDIENCES) if options.issuer else None
        app = urls.application(options.coordinates, lifespan, validator)
        plain = uvicorn.Server(_config(app, options))
        followers = []
        if secure is not None and certificate is not None:
            followers.append((_Follower(_config(app, options, certificate)), secure))
        # After a clean stop uvicorn raises the signal again, for which the process would die.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            loop.run(_serve(plain, listener, followers))


class _Follower(uvicorn.Server):
    """A server on another socket of the same application, which stops when the first one does."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(
    leader: uvicorn.Server,
    listener: socket.socket,
    followers: list[tuple[_Follower, socket.socket]],
) -> None:
    serving = asyncio.create_task(leader.serve([listener]))
    # The application is the same for all, and started once. Uvicorn has no event for that.
    while not (leader.started or serving.done()):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    tasks = [asyncio.create_task(server.serve([where])) for server, where in followers]
    try:
        await serving
    finally:
        for server, _ in followers:
            server.should_exit = True
        await asyncio.gather(*tasks)


def _config(
    app: Starlette, options: Options, certificate: Certificate | None = None
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=DroppableProtocol,
        lifespan="on" if certificate is None else "off",
        ws="none",
        log_level="warning" if options.quiet else "info",
        access_log=not options.quiet,
        server_header=False,
        timeout_keep_alive=120,  # longer than clients keep a connection they do not use
        timeout_graceful_shutdown=3,
        ssl_certfile=None if certificate is None else certificate.chain,
        ssl_keyfile=None if certificate is None else certificate.key,
    )


def _listener(port: int) -> socket.socket:
    return socket.create_server((HOST, port), backlog=2048)


def _announce(options: Options, facts: Mapping[str, str]) -> None:
    coordinates = options.coordinates
    if options.ready_file is None or not options.quiet:
        where = f"the resource group {coordinates.resource_group} of {coordinates.subscription_id}"
        lines = [
            f"Workspace {coordinates.name} is at {facts['url']}",
            f"  in {where}, location {coordinates.location}",
        ]
        if "tlsUrl" in facts:
            trust = f" for those who trust {facts['authorityFile']}" * ("authorityFile" in facts)
            lines.append(f"  and at {facts['tlsUrl']}{trust}")
        print("\n".join(lines), flush=True)  # noqa: T201 - a command
    if options.ready_file is None:
        return
    workspace = {
        **({"apiKey": coordinates.api_key} if coordinates.api_key else {}),
        "subscriptionId": coordinates.subscription_id,
        "resourceGroup": coordinates.resource_group,
        "name": coordinates.name,
        "location": coordinates.location,
    }
    write_ready_file(options.ready_file, dict(facts) | workspace)
