"""Azure Storage on this machine: Azurite, the npm package, as one supervised process."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from azure_quantum_emulator.serving.certificates import Certificate
from azure_quantum_emulator.supervision.azurite_program import find_azurite
from azure_quantum_emulator.supervision.process import Process, ProcessError

WATCH_PERIOD = 0.5  # seconds between two looks whether it still runs
START_TIMEOUT = 60.0  # seconds; it takes 1.3 on an idle machine

# Azurite's documented account; the same for everybody, so no secret.
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

FREE_PORTS = (0, 0, 0)
FIXED_PORTS = (10000, 10001, 10002)

FIXES = Path(__file__).with_name("azurite_fixes.cjs")
"""What Azurite has to load first, or it loses contents and slows down with the number of jobs."""

_SERVICES = ("blob", "queue", "table")
_LISTENING = re.compile(
    r"^Azurite (Blob|Queue|Table) service is successfully listening at (\S+)$", re.MULTILINE
)


@contextlib.contextmanager
def running(
    log: Path,
    *,
    ports: Sequence[int] = FREE_PORTS,
    data: Path | None = None,
    died: Callable[[ProcessError], None] | None = None,
    program: Path | None = None,
) -> Iterator[str]:
    """Run Azurite for the length of a `with` block, whose value is the connection string.

    Args:
        log: file for its output, which is its access log too
        ports: as for `command`
        data: as for `command`
        died: called from another thread if it ends before the block does
        program: as for `command`

    Raises:
        FileNotFoundError: Azurite is missing; the message says how to get it.
        ProcessError: it did not start.

    """
    process = Process("azurite", command(ports, data, program=program), log=log, cwd=log.parent)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(WATCH_PERIOD):
            if process.exit_status is not None:
                if died is not None:
                    died(process.death_error())
                return

    watcher = threading.Thread(target=watch, name="azurite-watcher", daemon=True)
    try:
        found = process.wait_until(lambda: listening(process.output()), START_TIMEOUT)
        if died is not None:
            watcher.start()
        yield connection_string(found)
    finally:
        over.set()
        if watcher.ident is not None:
            watcher.join()
        process.stop()


def command(
    ports: Sequence[int],
    data: Path | None,
    certificate: Certificate | None = None,
    *,
    program: Path | None = None,
) -> list[str]:
    """Return the command line.

    Args:
        ports: of the blob, queue and table service; 0 lets the system choose
        data: directory to keep the state in, every few seconds and when it is stopped, so that
            a SIGKILL loses the latest; None keeps it in memory
        certificate: speak TLS with it and take access tokens
        program: the path of Azurite; None looks for it, and fetches it if need be

    Raises:
        FileNotFoundError: Azurite is missing; the message says how to get it.

    """
    line = ["env", f"NODE_OPTIONS={_node_options()}", str(find_azurite(program))]
    line += ["--disableTelemetry"]
    # The SDKs ask for newer API versions than Azurite knows; it answers them all the same.
    line += ["--skipApiVersionCheck"]
    line += ["--inMemoryPersistence"] if data is None else ["--location", str(data)]
    for service, port in zip(_SERVICES, ports, strict=True):
        line += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
        # After Azurite's own 5 s a client may pick a connection that is just being closed.
        line += [f"--{service}KeepAliveTimeout", "120"]
    if certificate is not None:
        # Audience, issuer and times of a token are checked, its signature is not.
        line += ["--oauth", "basic", "--cert", str(certificate.chain)]
        line += ["--key", str(certificate.key)]
    return line


def _node_options() -> str:
    """Return the options of Node.js: those that are inherited, and to load `FIXES`.

    They reach Azurite through any wrapper that a package manager may have made of its program.
    """
    escaped = re.sub(r'(["\\])', r"\\\1", str(FIXES))
    return f'{os.environ.get("NODE_OPTIONS", "")} --require "{escaped}"'.strip()


def listening(output: str, authority: Path | None = None) -> tuple[int, int, int] | None:
    """Return the ports of the services once all listen and the two in use answer.

    Args:
        output: what Azurite has printed so far
        authority: file with the authority's certificate, if they speak TLS

    """
    found = {name.lower(): urlsplit(url).port for name, url in _LISTENING.findall(output)}
    tls = ssl.create_default_context(cafile=authority) if authority else None
    match [found.get(service) for service in _SERVICES]:
        case [int(blob), int(queue), int(table)] if _answers(blob, tls) and _answers(queue, tls):
            return blob, queue, table
    return None


def connection_string(ports: Sequence[int]) -> str:
    """Return the connection string, as storage SDKs and `AzureWebJobsStorage` take it."""
    endpoints = "".join(
        f"{service.title()}Endpoint=http://127.0.0.1:{port}/{ACCOUNT};"
        for service, port in zip(_SERVICES, ports, strict=True)
    )
    account = f"AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
    return f"DefaultEndpointsProtocol=http;{account}{endpoints}"


def _answers(port: int, tls: ssl.SSLContext | None) -> bool:
    connection = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=tls)
        if tls
        else http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    )
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", f"/{ACCOUNT}?comp=list")
        return connection.getresponse().status > 0
    return False
