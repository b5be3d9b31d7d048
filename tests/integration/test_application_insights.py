"""Microsoft's exporter of Application Insights, against a server in its place."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from azure_quantum_emulator.serving.certificates import Authority
from emulator_support.patience import PATIENCE, async_tries
from qjobs.adapters.open_telemetry import OpenTelemetry
from qjobs.adapters.telemetry_setup import set_up
from qjobs.settings import InsightsSettings
from qjobs.telemetry import ENDED_JOBS, JOBS, Kind

ROOT = Path(__file__).parents[2]
KEY = "00000000-0000-0000-0000-000000000001"
CALLER = f"00-{'a' * 32}-{'b' * 16}-01"


@dataclass
class Ingestion:
    """What was sent, and what is answered."""

    url: str = ""
    status: int = 200
    paths: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    authorizations: set[str] = field(default_factory=set)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    """What the endpoint of managed identities was asked for."""

    async def token(self, request: web.Request) -> web.Response:
        """Give a token, as the platform does."""
        self.asked.append({**request.query, "header": request.headers["X-IDENTITY-HEADER"]})
        token = {"access_token": "TOKEN", "expires_on": "4102444800", "token_type": "Bearer"}
        return web.json_response({**token, "resource": request.query["resource"]})

    async def handle(self, request: web.Request) -> web.Response:
        """Take a batch."""
        self.paths.append(request.path)
        self.authorizations.add(request.headers.get("authorization", ""))
        body = await request.read()
        text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        taken = json.loads(text)
        if self.status != 200:
            return web.Response(status=self.status)
        self.items += taken
        counts = {"itemsReceived": len(taken), "itemsAccepted": len(taken), "errors": []}
        return web.json_response(counts)

    @property
    def settings(self) -> InsightsSettings:
        """How to get here."""
        return InsightsSettings(f"InstrumentationKey={KEY};IngestionEndpoint={self.url}")


@pytest.fixture
async def ingestion() -> AsyncIterator[Ingestion]:
    """Serve."""
    made = Ingestion()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


def record(telemetry: OpenTelemetry) -> None:
    """Record a job that a queue's function has processed."""
    with telemetry.span("dispatch", {"qjobs.job.id": "x"}, parent=CALLER):
        about = {"rpc.system": "azure-quantum", "rpc.method": "submit"}
        with telemetry.span("provider submit", about, kind=Kind.CLIENT):
            pass
    telemetry.record(ENDED_JOBS, 1, {"qjobs.job.status": "Succeeded"})
    telemetry.record(JOBS, 3, {"qjobs.job.status": "Queued"})


async def test_spans_and_metrics_arrive(ingestion: Ingestion) -> None:
    """Spans as dependencies of one operation, the id of the trace; metrics with dimensions."""
    telemetry = set_up("My-App", ingestion.settings)
    record(telemetry)
    await asyncio.to_thread(telemetry.close, PATIENCE)

    of_type: dict[str, list[dict[str, Any]]] = {}
    for item in ingestion.items:
        of_type.setdefault(item["data"]["baseType"], []).append(item)
    calls = {item["data"]["baseData"]["name"]: item for item in of_type["RemoteDependencyData"]}
    outer, inner = calls["dispatch"], calls["provider submit"]
    assert {item["tags"]["ai.operation.id"] for item in (outer, inner)} == {"a" * 32}
    assert outer["tags"]["ai.operation.parentId"] == "b" * 16
    assert inner["tags"]["ai.operation.parentId"] == outer["data"]["baseData"]["id"]
    assert outer["data"]["baseData"]["properties"] == {"qjobs.job.id": "x"}
    assert outer["tags"]["ai.cloud.role"] == "My-App"
    metrics = {
        item["data"]["baseData"]["metrics"][0]["name"]: item["data"]["baseData"]
        for item in of_type["MetricData"]
    }
    assert metrics.keys() == {"qjobs.jobs.ended", "qjobs.jobs"}
    assert metrics["qjobs.jobs"]["metrics"][0]["value"] == 3
    assert metrics["qjobs.jobs"]["properties"] == {"qjobs.job.status": "Queued"}
    assert set(ingestion.paths) == {"/v2.1/track"}
    assert {item["iKey"] for item in ingestion.items} == {KEY}


async def test_a_managed_identity_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where keys are not accepted, its token is sent, which is for Azure Monitor."""
    authority = Authority(tmp_path / "ca.pem")
    certificate = authority.issue(tmp_path, "ingestion")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate.chain, certificate.key)
    made = Ingestion()
    app = web.Application()
    app.router.add_get("/token", made.token)
    app.router.add_post("/{path:.*}", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    (_, open_port), (_, tls_port) = runner.addresses
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{open_port}/token")
    monkeypatch.setenv("IDENTITY_HEADER", "SECRET")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    made.url = f"https://127.0.0.1:{tls_port}"
    settings = replace(made.settings, identity=True, identity_client_id="client")
    try:
        telemetry = set_up("app", settings)
        record(telemetry)
        await asyncio.to_thread(telemetry.close, PATIENCE)
    finally:
        await runner.cleanup()

    assert made.authorizations == {"Bearer TOKEN"}
    assert len(made.items) == 4
    assert made.asked[0]["resource"].rstrip("/") == "https://monitor.azure.com"
    assert (made.asked[0]["client_id"], made.asked[0]["header"]) == ("client", "SECRET")


@pytest.mark.parametrize("status", [None, 500, 401, 400])
async def test_a_service_in_trouble_costs_a_warning(
    ingestion: Ingestion, status: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    """The work does not wait for it, the log does not fill, and the end is in time."""
    settings = ingestion.settings
    if status is None:
        settings = InsightsSettings(
            f"InstrumentationKey={KEY};IngestionEndpoint=http://127.0.0.1:9/"
        )
    else:
        ingestion.status = status
    telemetry = set_up("app", settings)
    batches = 0
    async for _ in async_tries(1.2):
        record(telemetry)
        batches += 1
        if batches == 3:
            break
    await asyncio.to_thread(telemetry.close, PATIENCE)

    warned = [one for one in caplog.records if one.levelno >= logging.WARNING]
    lost = [one for one in warned if "Telemetry is lost" in one.getMessage()]
    assert 1 <= len(lost) <= 2  # spans, and metrics
    assert warned == lost


def test_a_service_that_does_not_respond_does_not_hold_the_end(tmp_path: Path) -> None:
    """A process that ends waits for two seconds, and says what is lost."""
    program = tmp_path / "program.py"
    program.write_text(
        "import logging, socket\n"
        "from qjobs.adapters.telemetry_setup import set_up\n"
        "from qjobs.settings import InsightsSettings\n"
        "logging.basicConfig()\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "url = f'http://127.0.0.1:{server.getsockname()[1]}'\n"
        f"key = 'InstrumentationKey={KEY};IngestionEndpoint=' + url\n"
        "telemetry = set_up('app', InsightsSettings(key))\n"
        "with telemetry.span('work'):\n"
        "    pass\n"
        "connection = server.accept()\n",  # the first request is there, and gets no response
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Telemetry is lost: it was not sent within 2 s." in done.stderr


def test_the_exporter_does_nothing_besides() -> None:
    """No reports about itself, to its makers or to us, and no requests for settings of it."""
    code = (
        "import threading\n"
        "from qjobs.adapters.telemetry_setup import set_up\n"
        "from qjobs.settings import InsightsSettings\n"
        "where = 'IngestionEndpoint=http://127.0.0.1:9'\n"
        f"telemetry = set_up('app', InsightsSettings('InstrumentationKey={KEY};' + where))\n"
        "before = threading.active_count()\n"
        "with telemetry.span('work'):\n"
        "    pass\n"
        "telemetry._tracers.force_flush()\n"
        "telemetry._meters.force_flush()\n"
        "print(before, threading.active_count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert done.stdout.split() == ["3", "3"]  # main, spans, metrics


def test_the_end_of_a_process_sends_what_is_left(tmp_path: Path) -> None:
    """Its last spans have not waited for their batch."""
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from qjobs.adapters.telemetry_setup import set_up\n"
        "from qjobs.telemetry import ENDED_JOBS\n"
        "set_up('app', Path(sys.argv[1])).record(ENDED_JOBS, 1)\n",
        encoding="utf-8",
    )
    subprocess.run(
        [sys.executable, program, tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )

    (line,) = (tmp_path / "metrics.jsonl").read_text(encoding="ascii").splitlines()
    assert json.loads(line)["value"] == 1


def test_the_exporter_is_made_by_the_thread_that_sends() -> None:
    """Neither the import nor the first request pays for it."""
    code = (
        "import sys\n"
        "from qjobs.adapters.telemetry_setup import set_up\n"
        "from qjobs.settings import InsightsSettings\n"
        f"set_up('app', InsightsSettings('InstrumentationKey={KEY}'))\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded = done.stdout.split()

    assert "opentelemetry.sdk.trace" in loaded
    assert not [name for name in loaded if name.startswith(("azure.monitor", "msrest"))]
