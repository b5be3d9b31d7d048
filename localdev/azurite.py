"""Azure Storage on this machine: Azurite, the npm package, as one supervised process."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from localdev.process import Process

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
START_TIMEOUT = 60.0  # seconds; it takes 1.3 on an idle machine

# Azurite's documented account; the same for everybody, so no secret.
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

FREE_PORTS = (0, 0, 0)
FIXED_PORTS = (10000, 10001, 10002)

_SERVICES = ("blob", "queue", "table")
_LISTENING = re.compile(
    r"^Azurite (Blob|Queue|Table) service is successfully listening at (\S+)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Azurite:
    """A running Azurite."""

    process: Process
    ports: tuple[int, int, int]
    """Of the blob, queue and table service."""

    @property
    def connection_string(self) -> str:
        """What the storage SDKs and `AzureWebJobsStorage` take."""
        endpoints = "".join(
            f"{service.title()}Endpoint=http://127.0.0.1:{port}/{ACCOUNT};"
            for service, port in zip(_SERVICES, self.ports, strict=True)
        )
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
            f"{endpoints}"
        )

    @property
    def access_log(self) -> Path:
        """The file with one line per request; `localdev.transactions` reads it."""
        return self.process.log

    def stop(self) -> None:
        """Stop it; what it keeps in memory is gone."""
        self.process.stop()


def start(log: Path, *, ports: Sequence[int] = FREE_PORTS, data: Path | None = None) -> Azurite:
    """Start Azurite and return once its services answer.

    Args:
        log: file for its output, which is its access log too
        ports: of the blob, queue and table service; 0 lets the system choose
        data: directory to keep the state in; None keeps it in memory

    Raises:
        FileNotFoundError: Node.js or the npm package is missing.
        ProcessError: it did not start.

    """
    process = Process("azurite", command(ports, data), log=log, cwd=log.parent)
    try:
        listening = process.wait_until(lambda: _answering(process.output()), START_TIMEOUT)
    except BaseException:
        process.kill()
        raise
    return Azurite(process, listening)


def command(ports: Sequence[int], data: Path | None) -> list[str]:
    """Return the command line.

    Raises:
        FileNotFoundError: Node.js or the npm package is missing.

    """
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node is not on the PATH: Azurite runs on Node.js 20 or later")
    if not PROGRAM.exists():
        raise FileNotFoundError(f"{PROGRAM} is missing: `make setup` installs Azurite")
    line = [node, str(PROGRAM), "--disableTelemetry"]
    # The SDKs ask for newer API versions than Azurite knows; it answers them all the same.
    line += ["--skipApiVersionCheck"]
    line += ["--inMemoryPersistence"] if data is None else ["--location", str(data)]
    for service, port in zip(_SERVICES, ports, strict=True):
        line += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
        # After Azurite's own 5 s a client may pick a connection that is just being closed.
        line += [f"--{service}KeepAliveTimeout", "120"]
    return line


def _answering(output: str) -> tuple[int, int, int] | None:
    """Return the ports once all services listen and the two in use answer a request."""
    found = {name.lower(): urlsplit(url).port for name, url in _LISTENING.findall(output)}
    match [found.get(service) for service in _SERVICES]:
        case [int(blob), int(queue), int(table)] if _answers(blob) and _answers(queue):
            return blob, queue, table
    return None


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", f"/{ACCOUNT}?comp=list")
        return connection.getresponse().status > 0
    return False
