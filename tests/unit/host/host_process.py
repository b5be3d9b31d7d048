"""The host as a subprocess with an app written for a test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from emulator_support.patience import PATIENCE
from localdev.repository import ROOT


@dataclass(frozen=True)
class Host:
    """A running host."""

    process: subprocess.Popen[bytes]
    facts: Mapping[str, str]
    """What its ready file says."""
    log: Path
    http: httpx.Client
    """A client at its address, without a key."""

    def request(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes them
        """Send a request without a key."""
        return self.http.request(method, path, **options)

    def stop(self) -> int:
        """Ask it to stop and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def write_app(folder: Path, code: str, host: Mapping[str, Any] | None = None) -> Path:
    """Write an app into a new folder and return it."""
    app = folder / f"app-{uuid.uuid4().hex[:8]}"
    app.mkdir()
    (app / "function_app.py").write_text(code, encoding="utf-8")
    (app / "host.json").write_text(json.dumps({"version": "2.0", **(host or {})}), encoding="utf-8")
    return app


def command(app: Path, *arguments: str) -> list[str]:
    """Return the command line of a host for an app."""
    return [sys.executable, "-m", "localdev.host", "--app-dir", str(app), *arguments]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with nothing of Azure in it but these settings."""
    mine = ("AZURE_", "QJOBS_", "AzureWebJobs")
    return {name: at for name, at in os.environ.items() if not name.startswith(mine)} | dict(
        settings
    )


@contextlib.contextmanager
def running(app: Path, *arguments: str, **settings: str) -> Iterator[Host]:
    """Run a host for the length of a `with` block."""
    run = uuid.uuid4().hex[:8]
    ready_file, log = app / f"{run}.json", app / f"{run}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(app, "--ready-file", str(ready_file), *arguments),
            cwd=ROOT,
            env=environment(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        eventually(lambda: ready_file.exists() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        facts = json.loads(ready_file.read_text())
        with httpx.Client(base_url=facts["url"], timeout=PATIENCE) as http:
            yield Host(process, facts, log, http)
    finally:
        process.kill()
        process.wait()


def refused(app: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Run a host that is expected not to start; return its exit status and what it printed."""
    done = subprocess.run(
        command(app, *arguments),
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def eventually[T](look: Callable[[], T]) -> T:
    """Return what *look* returns once it is true."""
    deadline = time.monotonic() + PATIENCE
    while not (seen := look()):
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(0.02)
    return seen
