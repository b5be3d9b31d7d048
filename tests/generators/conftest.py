"""The served document in a file, a service to call, and what every generated client is held to.

A client is generated, compiled, and run with two programs of its own in `programs/`, each of which
prints one JSON object. All print the same: one reads a job in each state, and submits three bodies;
the other opens the channel, and does with a webhook all that can be done with one.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from functions.openapi_document import openapi_document
from tests.generators.service import FAILED, Service, serving

PROGRAMS = Path(__file__).with_name("programs")
PRINTED = {
    "pending": "Queued, ask again after 7 s, result null",
    "succeeded": "Succeeded, fidelity Classical 0.9798 of 3 qubits by Populations, 480 of 111",
    "failed": "Failed, provider-rejected: The device is calibrated anew.",
    "canceled": "Canceled, job-canceled: The caller canceled the job.",
    "problem": f"424 provider-rejected of {FAILED}: The device is calibrated anew.",
    "listed": "Queued Succeeded Failed Canceled",
}
MEANT = [
    {"input": {"qubits": 3}},
    {"input": {"method": "Parity"}, "target": {"mode": "Hardware"}},
    {"input": {}, "target": {"id": "ionq.simulator"}, "shots": 100},
]
"""What the programs set, each in a body of its own."""
PRINTED_OF_WEBHOOKS = {
    "channel": "json.reliable.webpubsub.azure.v1 at wss://",
    "made": "Unverified for Failed Canceled, secret whsec_",
    "found": "Active, secret null, reason null",
    "ping": "qjobs.webhook.ping Pending, job null",
    "failed": "1 qjobs.job.failed after 502",
    "again": "Pending, then 1 more and false",
    "rotated": "another secret",
    "listed": "1 Active",
    "deleted": "https://receiver.example/hook, then 404 unknown-webhook",
}


@pytest.fixture
def service() -> Iterator[Service]:
    """Run the service."""
    with serving() as running:
        yield running


@pytest.fixture
def document(service: Service, tmp_path: Path) -> Path:
    """Return the file of the document that the service would serve."""
    file = tmp_path / "qjobs.json"
    file.write_text(json.dumps(openapi_document(service.url)), encoding="utf-8")
    return file


@pytest.fixture
def npm() -> Path:
    """Return the folder of the packages in package.json, which are programs of Node.js."""
    folder = Path(__file__).with_name("node_modules")
    if not (folder / ".bin" / "tsc").exists():
        pytest.skip("the generators of TypeScript are not installed: make setup")
    return folder


@pytest.fixture
def generator() -> Path:
    """Return openapi-generator, a program of Java."""
    package = find_spec("openapi_generator_cli")
    if package is None or package.origin is None:
        pytest.skip("openapi-generator is not installed: make setup")
    return Path(package.origin).with_name("openapi-generator.jar")


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> str:
    """Run a command; return what it printed.

    Raises:
        AssertionError: it failed; the message is what it printed.

    """
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def check_client(printed: str, service: Service) -> None:
    """Hold what a program printed, and what it sent, against what was there and meant.

    Raises:
        AssertionError: it read another thing, or sent what nobody set.

    """
    assert json.loads(printed.strip().splitlines()[-1]) == PRINTED
    document = openapi_document(service.url)
    schema = {"$ref": "#/components/schemas/GhzSubmission", "components": document["components"]}
    for body in service.submitted:
        assert [error.message for error in OAS30Validator(schema).iter_errors(body)] == []
    assert [without_nulls(body) for body in service.submitted] == MEANT


def check_webhooks(printed: str) -> None:
    """Hold what a program of webhooks printed against what was there.

    Raises:
        AssertionError: it read another thing.

    """
    assert json.loads(printed.strip().splitlines()[-1]) == PRINTED_OF_WEBHOOKS


def check_shortest(printed: str, service: Service) -> None:
    """Hold what a program of docs/clients.md printed and sent against what it is there for.

    Raises:
        AssertionError: it printed no result, or sent no token, key or preference.

    """
    assert printed.strip() == "0.9798"
    assert [without_nulls(body) for body in service.submitted[-1:]] == [{"input": {"qubits": 3}}]
    sent = service.headers[-1]
    assert sent["authorization"] == "Bearer token"
    assert (sent["idempotency-key"], sent["prefer"]) == ("key", "wait=30")


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - it is JSON
    """Return JSON without members that are null, which are as good as absent."""
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(one) for name, one in value.items() if one is not None}
