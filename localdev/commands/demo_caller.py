"""HTTP client of the job API that prints every request and response."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

HEADERS_SHOWN = ("location", "operation-location", "retry-after")
LONGEST_BODY = 150  # characters of a body that are shown
LONGEST_WAIT = 120.0  # seconds after which no result is expected any more


class NoResultError(Exception):
    """The job has no result: it was refused, failed, was canceled or took too long."""


class Caller:
    """Client of the job API: submits one job and polls it until it has a result."""

    def __init__(self, base: str, headers: Mapping[str, str], console: Console) -> None:
        self._console = console
        # Environment variables for proxies must not catch a call to this machine.
        self._client = httpx.Client(base_url=base, headers=headers, timeout=60, trust_env=False)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def submit(self, algorithm: str, body: dict[str, Any]) -> httpx.Response:
        """Submit a job; the header Location of the response is the URL of its result.

        Raises:
            NoResultError: it was refused.

        """
        response = self._exchange("POST", f"/algorithms/{algorithm}/jobs", body)
        if response.status_code != httpx.codes.ACCEPTED:
            raise NoResultError(f"the job was refused with {response.status_code}")
        return response

    def follow(self, submitted: httpx.Response) -> dict[str, Any]:
        """Poll for the result as often as the service asks for.

        Raises:
            NoResultError: the job failed, was canceled or takes too long.

        """
        deadline = time.monotonic() + LONGEST_WAIT
        location = submitted.headers["location"]
        response = submitted
        while time.monotonic() < deadline:
            self._wait(float(response.headers.get("retry-after", 1)))
            response = self._exchange("GET", location)
            if response.is_error:
                raise NoResultError(f"the service responded {response.status_code}")
            if response.status_code == httpx.codes.OK:
                document: dict[str, Any] = response.json()
                return document
        raise NoResultError(f"there is no result after {LONGEST_WAIT:g} s")

    def _exchange(
        self, method: str, url: str, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        response = self._client.request(method, url, json=body)
        self._console.print()
        self._line("-->", f"{method} {response.request.url.raw_path.decode()}", "bold cyan")
        if body is not None:
            self._line("", json.dumps(body), "dim")
        style = "bold red" if response.is_error else "bold green"
        self._line("<--", f"{response.status_code} {response.reason_phrase}", style)
        for name in HEADERS_SHOWN:
            if name in response.headers:
                self._line("", f"{name.title()}: {response.headers[name]}", "yellow")
        if response.content:
            text = " ".join(response.text.split())
            ellipsis = "..." if len(text) > LONGEST_BODY else ""
            self._line("", text[:LONGEST_BODY] + ellipsis, "dim")
        return response

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
