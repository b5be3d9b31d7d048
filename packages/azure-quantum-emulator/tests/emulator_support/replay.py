"""Replays a recorded scenario against the emulator and says where the answers differ."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobServiceClient

from azure_quantum_emulator.testing import RunningEmulator
from emulator_support.comparison import at_another_moment, differences
from emulator_support.patience import PATIENCE
from emulator_support.recordings import ACCOUNT, WORKSPACE, Step

STEP = "30s"  # that every job waits, and then executes, of the emulator's time
ORDER = ("Waiting", "Executing", "Finishing", "Failure(s)", "Succeeded", "Failed")
ADDRESSES = ("sasUri", "containerUri", "inputDataUri", "outputDataUri")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a recorded request."""

    step: Step
    differences: list[str]
    another_moment: bool = False
    """Whether the job was in another status, so that its answer is compared with those that were
    recorded of other jobs of its provider in that status."""


class Replay:
    """One scenario."""

    def __init__(
        self, emulator: RunningEmulator, account: BlobServiceClient, blobs: httpx.Client
    ) -> None:
        """Prepare a replay.

        Args:
            emulator: to ask
            account: its storage account, from which what earlier scenarios left is removed
            blobs: sends requests to the account; they are signed by what the emulator hands out

        """
        self._emulator = emulator
        self._containers = account
        self._account = account.url.rstrip("/")
        self._blobs = blobs
        self._signatures: dict[str, str] = {}
        self._created: set[str] = set()
        self._pushed: set[tuple[str, str]] = set()

    def run(self, steps: list[Step]) -> Iterator[Verdict]:
        """Yield for each step how its answer differs from the recorded one."""
        self._emulator.reset()
        self._emulator.configure(queueDelay=STEP, executionTime=STEP)
        self._signatures.clear()
        self._pushed.clear()
        self._created = {step.path.rpartition("/")[2] for step in steps if step.method == "PUT"}
        if listed := _listed(steps):
            self._emulator.control.post("/emulator/seed", json=listed).raise_for_status()
        self._remove_containers(steps)
        for step in steps:
            yield self._blob(step) if step.service == "blob" else self._quantum(step)

    def _remove_containers(self, steps: list[Step]) -> None:
        """Remove the containers of a scenario, whose names others have as well."""
        names = {step.path.split("/")[1] for step in steps if step.service == "blob"}
        for name in names:
            with contextlib.suppress(ResourceNotFoundError):
                self._containers.delete_container(name)

    def _quantum(self, step: Step) -> Verdict:
        expected = step.answer.get("status") if isinstance(step.answer, dict) else None
        if step.operation.endswith(":close") and expected != "Executing":
            self._finish_jobs()  # as the recorded ones were by then
        answer = self._ask(step)
        if step.method == "GET" and expected is not None:
            answer = self._wait(step, expected, answer)
        if answer.status_code != step.status:
            wrong = f"status {answer.status_code} instead of {step.status}: {answer.text[:300]}"
            return Verdict(step, [wrong])
        found = [
            f"{header} is {answer.headers.get(header)} instead of {value}"
            for header, value in (("content-type", step.content_type),)
            if answer.headers.get(header) != value
        ]
        if not answer.content:
            return Verdict(step, found + ([] if step.answer in ("", None) else ["no body"]))
        content = answer.json()
        self._remember(content)
        found += differences(step, content, self._created)
        return Verdict(step, found, at_another_moment(step, content))

    def _wait(self, step: Step, expected: str, answer: httpx.Response) -> httpx.Response:
        """Ask again until a job or a session is in the recorded status, or beyond it."""
        kinds = ("Waiting",) if expected == "Executing" else ("Waiting", "Executing")
        deadline = time.monotonic() + PATIENCE
        while _is_before(_status(answer), expected) and time.monotonic() < deadline:
            self._push(*kinds)
            time.sleep(0.01)
            answer = self._ask(step)
        return answer

    def _push(self, *statuses: str) -> None:
        """Let time pass, once for each of *statuses* that a job is found in."""
        jobs = {(job["id"], job["status"]) for job in self._jobs() if job["status"] in statuses}
        if jobs - self._pushed:
            self._pushed |= jobs
            self._emulator.advance(STEP)

    def _jobs(self) -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = self._emulator.control.get("/emulator/jobs").json()
        return [job for job in jobs if job["putAttempts"]]

    def _finish_jobs(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if all(job["status"] in ("Succeeded", "Failed") for job in self._jobs()):
                return
            self._push("Waiting", "Executing")
            time.sleep(0.01)

    def _ask(self, step: Step) -> httpx.Response:
        body = None if step.body is None else json.dumps(step.body).replace(ACCOUNT, self._account)
        headers = (
            {"x-ms-quantum-api-key": "wrong"} if step.status == httpx.codes.UNAUTHORIZED else {}
        )
        return self._emulator.control.request(
            step.method,
            step.path.replace(WORKSPACE, self._emulator.path),
            params=step.query,
            content=body,
            headers=headers | {"content-type": "application/json"},
        )

    def _remember(self, answer: dict[str, Any]) -> None:
        """Keep the signatures that an answer hands out, as the recorded client did."""
        for address in filter(None, map(answer.get, ADDRESSES)):
            parts = urlsplit(address)
            if parts.query:
                place = parts._replace(query="").geturl().removeprefix(self._account)
                self._signatures[place] = parts.query

    def _blob(self, step: Step) -> Verdict:
        content = step.body
        if isinstance(content, dict | list):
            content = json.dumps(content)
        ranged = {"x-ms-range": "bytes=0-33554431"} if "utputData" in step.path else {}
        # That of the blob itself goes before that of its container.
        container = step.path.rpartition("/")[0]
        signature = self._signatures.get(step.path) or self._signatures.get(container, "")
        answer = self._blobs.request(
            step.method,
            self._account + step.path,
            params=[*step.query.items(), *parse_qsl(signature)],
            content=content,
            headers=step.headers | ranged,
        )
        if answer.status_code == step.status:
            return Verdict(step, [])
        wrong = f"status {answer.status_code} instead of {step.status}: {answer.text[:300]}"
        return Verdict(step, [wrong])


def _status(answer: httpx.Response) -> str | None:
    status = answer.json().get("status") if answer.content else None
    return None if status is None else str(status)


def _is_before(status: str | None, expected: str) -> bool:
    """Tell whether a job or a session has yet to get to a status, or to what comes after it."""
    return status is not None and ORDER.index(status) < ORDER.index(expected)


def _listed(steps: list[Step]) -> dict[str, Any]:
    """Return the items that the recorded lists show and the scenario does not create.

    Long lists are cut in the recordings; copies of the last item stand for what is missing, one of
    them for a session that is asked for later.
    """
    created = {step.path.rpartition("/")[2] for step in steps if step.method == "PUT"}
    asked = {
        step.path.split("/sessions/")[1].split("/")[0]
        for step in steps
        if "/sessions/" in step.path
    }
    items: dict[str, dict[str, Any]] = {}
    for step in steps:
        for page in [step.answer] if isinstance(step.answer, dict) else []:
            shown = [item for item in page.get("value", ()) if "itemType" in item]
            if not shown or shown[-1]["id"] in items:
                continue  # not a list of items, or one that was shown before
            beyond = page["nextLink"] is not None and not _is_followed(step, steps)
            copies = [_copy(shown[-1], number) for number in range(page.get("omitted", 0) + beyond)]
            items |= {item["id"]: item for item in [*shown, *copies]}
            missing = asked - created - set(items)
            if copies and shown[-1]["itemType"] == "Session" and missing:
                del items[copies[-1]["id"]]
                items |= {session: copies[-1] | {"id": session} for session in missing}
    return {"value": [item for item in items.values() if item["id"] not in created]}


def _is_followed(step: Step, steps: list[Step]) -> bool:
    """Return whether the page after the one that a step asked for was asked for as well."""
    after = str(int(step.query["skip"]) + int(step.query["top"]))
    return any(other.path == step.path and other.query.get("skip") == after for other in steps)


def _copy(item: dict[str, Any], number: int) -> dict[str, Any]:
    return item | {"id": str(uuid.uuid5(uuid.UUID(item["id"]), str(number)))}
