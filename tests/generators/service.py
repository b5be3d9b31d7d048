"""A server on loopback for generated clients: one job in each state, webhooks, a channel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import azure.functions as func

from functions.problems import failure_response
from functions.rendering import job_document, list_document, outcome_document, result_url
from qjobs.domain.errors import ProviderRejectedError
from qjobs.domain.job import Job, Status
from qjobs.domain.target import Mode, TargetRequest
from tests.generators.webhook_service import webhook_service

RESULT = Path(__file__).parents[2] / "algorithms" / "ghz" / "result.schema.json"
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
PENDING, SUCCEEDED, FAILED, CANCELED = (
    f"{number}0000000-0000-8000-8000-00000000000a" for number in "1234"
)

type Json = dict[str, Any]


def _jobs() -> dict[str, Job]:
    queued = Job(
        id=PENDING,
        owner="alice",
        algorithm="ghz",
        status=Status.QUEUED,
        created_at=NOW,
        updated_at=NOW,
        retention=timedelta(days=30),
        due=None,
        placed_at=NOW - timedelta(seconds=14),
        estimated_completion=NOW + timedelta(seconds=7),
        requested_target=TargetRequest(mode=Mode.SIMULATOR),
        shots=1000,
    )
    end = NOW + timedelta(seconds=2)
    error = ProviderRejectedError("The device is calibrated anew.")
    return {
        PENDING: queued,
        SUCCEEDED: replace(queued, id=SUCCEEDED).succeeded(end),
        FAILED: replace(queued, id=FAILED).failed(end, error),
        CANCELED: replace(queued, id=CANCELED).canceled(end),
    }


def _result() -> Json:
    """Return what is stored of a job that succeeded."""
    schema = json.loads(RESULT.read_text(encoding="utf-8"))
    times = {"createdAt": "2026-11-28T09:00:00Z", "finishedAt": "2026-11-28T09:00:02Z"}
    return {
        "result": schema["examples"][0],
        "counts": [{"000": 500, "111": 480, "110": 20}],
        "provenance": {
            **times,
            "shots": 1000,
            "seed": None,
            "target": {
                "id": "ionq.simulator",
                "provider": "ionq",
                "mode": "Simulator",
                "device": None,
            },
            "steps": 1,
            "circuits": [{"qubits": 3, "depth": 4, "gates": {"h": 1, "cx": 2}}],
            "totals": {"circuits": 1, "shots": 1000, "gates": {"h": 1, "cx": 2}},
            "executionBeganAt": None,
            "executionEndedAt": None,
            "cost": None,
            "endedEarly": None,
        },
    }


@dataclass
class Service:
    """The server, and the bodies that were sent to it."""

    url: str
    submitted: list[Json] = field(default_factory=list)
    headers: list[Json] = field(default_factory=list)
    """Of the submissions, their names in lower case."""
    in_time: bool = False
    """Whether a submission is answered with a job that is over."""
    jobs: dict[str, Job] = field(default_factory=_jobs)

    def answer(self, method: str, path: str, body: bytes) -> func.HttpResponse:
        """Return what the functions would answer."""
        if method == "POST":
            self.submitted.append(json.loads(body))
            if self.in_time:
                return self._outcome(self.jobs[SUCCEEDED], HTTPStatus.OK)
            return self._outcome(self.jobs[PENDING], HTTPStatus.ACCEPTED)
        if path == "/jobs":
            documents = [job_document(self.url, job, NOW) for job in self.jobs.values()]
            return _json(list_document(documents))
        _, _, job_id, *rest = path.split("/")
        job = self.jobs[job_id]
        if not rest:
            return _json(job_document(self.url, job, NOW))
        if job.error is not None:
            request = func.HttpRequest(method=method, url=f"{self.url}{path}", body=b"")
            return failure_response(request, job.error, job.id, {})
        return self._outcome(job, HTTPStatus.OK if job.final else HTTPStatus.ACCEPTED)

    def _outcome(self, job: Job, status: HTTPStatus) -> func.HttpResponse:
        result = _result() if job.final else None
        location = {"Location": result_url(self.url, job)}
        return _json(outcome_document(self.url, job, result, NOW), status, location)


def _json(
    document: Json, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(document),
        status_code=status.value,
        headers=headers or {},
        mimetype="application/json",
    )


@contextmanager
def serving() -> Iterator[Service]:
    """Serve while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    service = Service(f"http://127.0.0.1:{server.server_port}/quantum")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            url, headers = self.path.removeprefix("/quantum"), dict(self.headers.items())
            if webhooks.serves(self.command, url):
                answer = webhooks.answer(self.command, service.url, url, headers, body)
            else:
                if self.command == "POST":
                    service.headers.append({one.lower(): text for one, text in headers.items()})
                answer = service.answer(self.command, url.partition("?")[0], body)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.mimetype)
            self.send_header("Content-Length", str(len(answer.get_body())))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.get_body())

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names are the library's

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server.RequestHandlerClass = Handler
    thread = Thread(target=server.serve_forever)
    with webhook_service() as webhooks:
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
