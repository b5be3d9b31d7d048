"""Replays a recorded scenario against the emulator and says where the answers differ."""

from __future__ import annotations

import json
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx

from azure_quantum_emulator.testing import RunningEmulator
from emulator_support.patience import PATIENCE
from emulator_support.recordings import ACCOUNT, WORKSPACE, Step, scenarios
from emulator_support.shapes import Kind, enumerated, shape

QUEUE = "30s"  # that every job waits for until the clock is advanced; sessions do not time out

ECHOED = (
    "id",
    "name",
    "providerId",
    "target",
    "sessionId",
    "inputDataFormat",
    "outputDataFormat",
    "inputParams",
    "metadata",
    "tags",
    "jobFailurePolicy",
    "error",
)
"""Members of an answer that are equal to the recorded ones, not only alike."""

DEVIATIONS = {
    "GET container": "the container exists: since 2026 the service creates it with its address",
    "PUT container": "likewise, so it cannot be created again",
}
"""What differs on purpose, by operation, with the reason."""


class Replay:
    """One scenario."""

    def __init__(self, emulator: RunningEmulator, account: str, blobs: httpx.Client) -> None:
        """Prepare a replay.

        Args:
            emulator: to ask
            account: the address of its storage account
            blobs: sends requests with a signature that may do everything there

        """
        self._emulator = emulator
        self._account = account.rstrip("/")
        self._blobs = blobs

    def run(self, steps: list[Step]) -> Iterator[tuple[Step, list[str]]]:
        """Yield each step with how its answer differs from the recorded one."""
        self._emulator.reset()
        self._emulator.configure(queueDelay=QUEUE)
        if listed := _listed(steps):
            self._emulator.control.post("/emulator/seed", json=listed).raise_for_status()
        for step in steps:
            if step.service == "blob":
                yield step, self._blob(step)
            else:
                yield step, self._quantum(step)

    def _quantum(self, step: Step) -> list[str]:
        expected = step.answer.get("status") if isinstance(step.answer, dict) else None
        if step.operation.endswith(":close") and expected != "Executing":
            self._finish_jobs()  # as the recorded ones were by then
        answer = self._ask(step)
        if step.method == "GET" and expected is not None and expected != "Waiting":
            if _status(answer) != expected:
                self._emulator.advance(QUEUE)
            deadline = time.monotonic() + PATIENCE
            while _is_before(_status(answer), expected) and time.monotonic() < deadline:
                time.sleep(0.01)
                answer = self._ask(step)
        if answer.status_code != step.status:
            return [f"status {answer.status_code} instead of {step.status}: {answer.text[:300]}"]
        if not answer.content:
            return [] if step.answer in ("", None) else ["no body"]
        return list(_differences(step, answer.json()))

    def _finish_jobs(self) -> None:
        self._emulator.advance(QUEUE)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            jobs = self._emulator.control.get("/emulator/jobs").json()
            if all(job["status"] in ("Succeeded", "Failed") for job in jobs):
                return
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

    def _blob(self, step: Step) -> list[str]:
        content = step.body
        if isinstance(content, dict | list):
            content = json.dumps(content)
        ranged = {"x-ms-range": "bytes=0-33554431"} if "utputData" in step.path else {}
        answer = self._blobs.request(
            step.method,
            self._account + step.path,
            params=step.query,
            content=content,
            headers=step.headers | ranged,
        )
        if answer.status_code == step.status:
            return []
        return [f"status {answer.status_code} instead of {step.status}: {answer.text[:300]}"]


def _differences(step: Step, answer: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    for path, kind in shape(answer):
        if kind not in _recorded_shapes()[step.operation, path]:
            yield f"{path or 'the answer'} is {kind}"
    for key, value in enumerated(answer):
        if value not in _recorded_values()[key]:
            yield f"{key} is {value}, which was never recorded"
    if "value" in step.answer:
        yield from _list_differences(step.answer, answer)
        return
    for key in ECHOED:
        if step.answer.get(key) != answer.get(key):
            yield f"{key} is {answer.get(key)} instead of {step.answer.get(key)}"
    if step.answer.get("status") == answer.get("status"):
        yield from _same_status_differences(step.answer, answer)


def _same_status_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    if _dimensions(recorded) != _dimensions(answer):
        yield f"costs have {_dimensions(answer)} instead of {_dimensions(recorded)}"
    if _error_code(recorded) != _error_code(answer):
        yield f"errorData has {_error_code(answer)} instead of {_error_code(recorded)}"
    names = [
        str(job.get("outputDataUri")).partition("?")[0].rpartition("/")[2]
        for job in (recorded, answer)
    ]
    if names[0] != names[1]:
        yield f"the output is in {names[1]} instead of {names[0]}"


def _list_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    expected = len(recorded["value"]) + recorded.get("omitted", 0)
    if "targets" in (recorded["value"] or [{}])[0]:
        return  # what is offered has changed since
    if len(answer["value"]) != expected:
        yield f"{len(answer['value'])} items instead of {expected}"
    ids = [[item["id"] for item in listing["value"]] for listing in (recorded, answer)]
    if ids[0] != ids[1][: len(ids[0])]:
        yield f"the first items are {ids[1][:5]} instead of {ids[0][:5]}"


def _status(answer: httpx.Response) -> str | None:
    status = answer.json().get("status") if answer.content else None
    return None if status is None else str(status)


def _is_before(status: str | None, expected: str) -> bool:
    """Tell whether a job or a session has yet to get to a status, or to what comes after it."""
    order = ("Waiting", "Executing", "Finishing", "Failure(s)", "Succeeded", "Failed")
    return status is not None and order.index(status) < order.index(expected)


def _dimensions(item: dict[str, Any]) -> list[str] | None:
    cost = item.get("costEstimate")
    return None if cost is None else [event["dimensionId"] for event in cost["events"]]


def _error_code(item: dict[str, Any]) -> str | None:
    error = item.get("errorData")
    return None if error is None else error["code"]


@cache
def _recorded_shapes() -> dict[tuple[str, str], set[Kind]]:
    """Return for each operation and path what kinds of value were recorded."""
    recorded: dict[tuple[str, str], set[Kind]] = defaultdict(set)
    for steps in scenarios().values():
        for step in steps:
            answer = step.answer
            if isinstance(answer, dict):
                answer = {key: value for key, value in answer.items() if key != "omitted"}
            for path, kind in shape(answer):
                recorded[step.operation, path].add(kind)
    return recorded


@cache
def _recorded_values() -> dict[str, set[str]]:
    """Return for each enumerated member which values were recorded."""
    recorded: dict[str, set[str]] = defaultdict(set)
    for steps in scenarios().values():
        for step in steps:
            for key, value in enumerated(step.answer):
                recorded[key].add(value)
    return recorded


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
            copies = [_copy(shown[-1], number) for number in range(page.get("omitted", 0))]
            items |= {item["id"]: item for item in [*shown, *copies]}
            missing = asked - created - set(items)
            if copies and shown[-1]["itemType"] == "Session" and missing:
                del items[copies[-1]["id"]]
                items |= {session: copies[-1] | {"id": session} for session in missing}
    return {"value": [item for item in items.values() if item["id"] not in created]}


def _copy(item: dict[str, Any], number: int) -> dict[str, Any]:
    return item | {"id": str(uuid.uuid5(uuid.UUID(item["id"]), str(number)))}
