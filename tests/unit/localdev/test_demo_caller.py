from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from rich.console import Console

from localdev.commands.demo_caller import Caller, NoResultError

type Answer = tuple[int, dict[str, str], dict[str, Any]]

JOB = "/jobs/1/result"
ACCEPTED: Answer = (202, {"Location": JOB, "Retry-After": "0"}, {"id": "1", "status": "Queued"})
RUNNING: Answer = (202, {"Retry-After": "0"}, {"id": "1", "status": "Running"})
RESULT: Answer = (200, {}, {"id": "1", "status": "Succeeded", "result": {"answer": 42}})


@contextmanager
def caller(answers: dict[str, list[Answer]], printed: io.StringIO) -> Iterator[Caller]:
    """Yield a caller of a service that gives the *answers* of a path one after the other."""

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, document = answers[self.path].pop(0)
            body = json.dumps(document).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name is the base class's

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            console = Console(file=printed, width=100)
            url = f"http://127.0.0.1:{server.server_port}"
            with closing(Caller(url, {"key": "k"}, console)) as made:
                yield made
        finally:
            server.shutdown()
            thread.join()


SUBMIT = "/algorithms/emoticons/jobs"


def test_every_exchange_is_shown() -> None:
    """Whoever watches sees requests, statuses and the headers that lead on."""
    printed = io.StringIO()
    answers = {SUBMIT: [ACCEPTED], JOB: [RUNNING, RESULT]}
    with caller(answers, printed) as made:
        document = made.follow(made.submit("emoticons", {"shots": 1}))
    assert document["result"] == {"answer": 42}
    shown = [line.strip() for line in printed.getvalue().splitlines() if line.strip()]
    assert shown == [
        "--> POST /algorithms/emoticons/jobs",
        '{"shots": 1}',
        "<-- 202 Accepted",
        "Location: /jobs/1/result",
        "Retry-After: 0",
        '{"id": "1", "status": "Queued"}',
        "waiting 0 s, as Retry-After asks",
        "--> GET /jobs/1/result",
        "<-- 202 Accepted",
        "Retry-After: 0",
        '{"id": "1", "status": "Running"}',
        "waiting 0 s, as Retry-After asks",
        "--> GET /jobs/1/result",
        "<-- 200 OK",
        '{"id": "1", "status": "Succeeded", "result": {"answer": 42}}',
    ]


def test_a_refused_job_has_no_answer() -> None:
    """A problem document is shown and ends the demonstration."""
    printed = io.StringIO()
    problem: Answer = (400, {}, {"code": "invalid-input"})
    with (
        caller({SUBMIT: [problem]}, printed) as made,
        pytest.raises(NoResultError, match="refused with 400"),
    ):
        made.submit("emoticons", {})
    assert "invalid-input" in printed.getvalue()


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ((424, {}, {"status": 424}), "responded 424"),
        ((500, {}, {"status": 500}), "responded 500"),
    ],
)
def test_a_job_that_fails_has_no_answer(last: Answer, reason: str) -> None:
    """The end of a job that did not succeed is named."""
    with (
        caller({SUBMIT: [ACCEPTED], JOB: [last]}, io.StringIO()) as made,
        pytest.raises(NoResultError, match=reason),
    ):
        made.follow(made.submit("emoticons", {}))
