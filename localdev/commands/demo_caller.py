"""HTTP client of the job API that prints every request and response."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

HEADERS_SHOWN = ("location", "operation-location", "retry-after")
LONGEST_BODY = 150  # characters of a body that are shown
LONGEST_WAIT = 120.0  # seconds after which no answer is expected any more
PENDING = {"Queued", "Submitted", "Running", "Canceling"}


class NoAnswerError(Exception):
    """The job has no result: it was refused, failed, was canceled or took too long."""


class Caller:
    """Client of the job API: submits one job and polls it until it has a result."""

    def __init__(self, base: str, headers: Mapping[str, str], console: Console) -> None:
        self._console = console
        # Environment variables for proxies must not catch a call to this machine.
        self._client = httpx.Client(base_url=base, headers=headers, timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def submit(self, algorithm: str, body: dict[str, Any]) -> httpx.Response:
        """Submit a job; the header Location of the response is the URL to poll.

        Raises:
            NoAnswerError: it was refused.

        """
        answer = self._exchange("POST", f"/algorithms/{algorithm}/jobs", body)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise NoAnswerError(f"the job was refused with {answer.status_code}")
        return answer

    def follow(self, submitted: httpx.Response) -> dict[str, Any]:
        """Poll as often as the service asks for, and follow its redirect to the result.

        Raises:
            NoAnswerError: the job failed, was canceled or takes too long.

        """
        deadline = time.monotonic() + LONGEST_WAIT
        location = submitted.headers["location"]
        answer = submitted
        while time.monotonic() < deadline:
            self._wait(float(answer.headers.get("retry-after", 1)))
            answer = self._exchange("GET", location)
            if answer.has_redirect_location:
                answer = self._exchange("GET", answer.headers["location"])
            if answer.is_error:
                raise NoAnswerError(f"the service answered {answer.status_code}")
            document: dict[str, Any] = answer.json()
            if document["status"] == "Succeeded":
                return document
            if document["status"] not in PENDING:
                raise NoAnswerError(f"the job ended as {document['status']}")
        raise NoAnswerError(f"there is no answer after {LONGEST_WAIT:g} s")

    def _exchange(
        self, method: str, url: str, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        answer = self._client.request(method, url, json=body)
        self._console.print()
        self._line("-->", f"{method} {answer.request.url.raw_path.decode()}", "bold cyan")
        if body is not None:
            self._line("", json.dumps(body), "dim")
        style = "bold red" if answer.is_error else "bold green"
        self._line("<--", f"{answer.status_code} {answer.reason_phrase}", style)
        for name in HEADERS_SHOWN:
            if name in answer.headers:
                self._line("", f"{name.title()}: {answer.headers[name]}", "yellow")
        if answer.content:
            text = " ".join(answer.text.split())
            ellipsis = "..." if len(text) > LONGEST_BODY else ""
            self._line("", text[:LONGEST_BODY] + ellipsis, "dim")
        return answer

    def _line(self, arrow: str, text: str, style: str) -> None:
        self._console.print(Text(f"  {arrow:<3} {text}", style=style), soft_wrap=True)

    def _wait(self, seconds: float) -> None:
        """Wait as long as `Retry-After` asks, visibly."""
        what = f"waiting {seconds:g} s, as Retry-After asks"
        if not self._console.is_terminal:
            self._console.print(f"      {what}")
            time.sleep(seconds)
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            progress.add_task(what)
            time.sleep(seconds)
