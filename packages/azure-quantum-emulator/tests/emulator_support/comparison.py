"""How an answer differs from the recorded answer to the same request."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from emulator_support.recordings import Step, scenarios
from emulator_support.shapes import Kind, enumerated, shape

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
    "jobType",
    "jobPriority",
    "jobFailurePolicy",
    "itemType",
    "error",
)
"""Members of an answer that are equal to the recorded ones, not only alike."""

ADDED_LATER = frozenset({"jobPriority", "lastModifiedTime"})
"""Members that the answers of one scenario lack, because it was recorded before there were any."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")
_MOMENT = "<Job Waiting>.quantumComputingData"
"""The provider gets a job some time after it was created."""


def at_another_moment(step: Step, answer: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether a job or a session was found in another status than when it was recorded."""
    return _status(step.answer) != _status(answer)


def differences(step: Step, answer: Any, created: Collection[str]) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield how an answer differs from the recorded one.

    Args:
        step: the recorded request, and its answer
        answer: of the emulator
        created: the ids of the jobs and sessions that the scenario creates

    """
    recorded = step.answer
    if isinstance(recorded, dict) and "value" in recorded:
        yield from _list_differences(recorded, answer, created)
    elif at_another_moment(step, answer):
        yield from _echo_differences(recorded, answer)
        yield from _shape_differences(_recorded_in_status(step, answer), answer)
    else:
        yield from _item_differences(recorded, answer)


def _list_differences(
    recorded: dict[str, Any], answer: dict[str, Any], created: Collection[str]
) -> Iterator[str]:
    """Compare lists: what is in them item by item, what is offered only by its shape."""
    if not any("itemType" in item for item in recorded["value"]):
        yield from _offer_differences(recorded, answer)
        return
    expected = len(recorded["value"]) + recorded.get("omitted", 0)
    if len(answer["value"]) != expected:
        yield f"{len(answer['value'])} items instead of {expected}"
    if type(answer["nextLink"]) is not type(recorded["nextLink"]):
        yield f"nextLink is {answer['nextLink']} instead of {recorded['nextLink']}"
    for place, (one, other) in enumerate(zip(recorded["value"], answer["value"], strict=False)):
        if one["id"] in created:
            found = list(_item_differences(one, other))
        else:  # it was seeded
            found = [] if one == other else [f"it is {other} instead of {one}"]
        yield from (f"value[{place}]: {difference}" for difference in found)


def _offer_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    """Compare what is offered: targets or quotas. It has changed since, but not its shape."""
    if bool(recorded["value"]) != bool(answer["value"]):
        yield f"it has {len(answer['value'])} items instead of {len(recorded['value'])}"
    expected = _kinds({name: value for name, value in recorded.items() if name != "omitted"})
    for path, kinds in _kinds(answer).items():
        if not kinds <= expected.get(path, set()):
            yield f"{path or 'the answer'} is {kinds} instead of {expected.get(path)}"
    targets = _targets(recorded)
    for name, target in _targets(answer).items():
        if name in targets and _kinds(target) != _kinds(targets[name]):
            yield f"{name} is {target} instead of {targets[name]}"


def _targets(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    providers = (provider for provider in answer["value"] if "targets" in provider)
    return {target["id"]: target for provider in providers for target in provider["targets"]}


def _item_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    yield from _echo_differences(recorded, answer)
    yield from _shape_differences([recorded], answer)
    if set(enumerated(recorded)) != set(enumerated(_like(recorded, answer))):
        yield f"has {set(enumerated(answer))} instead of {set(enumerated(recorded))}"
    for name in ("containerUri", "inputDataUri", "outputDataUri", "sasUri"):
        paths = [
            urlsplit(str(item.get(name))).path.rpartition("/job-")[2] for item in (recorded, answer)
        ]
        if paths[0] != paths[1]:
            yield f"{name} is of {paths[1]} instead of {paths[0]}"


def _echo_differences(recorded: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    for name in ECHOED:
        if name not in recorded and name in ADDED_LATER:
            continue
        if recorded.get(name) != answer.get(name):
            yield f"{name} is {answer.get(name)} instead of {recorded.get(name)}"


def _shape_differences(recorded: list[dict[str, Any]], answer: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Compare with the shapes of recorded answers, of which one has to be the same."""
    found: list[list[str]] = []
    for one in recorded:
        expected, got = _kinds(one), _kinds(_like(one, answer))
        found.append(
            [
                f"{path or 'the answer'} is {sorted(map(str, got.get(path, ())))}"
                f" instead of {sorted(map(str, expected.get(path, ())))}"
                for path in {**expected, **got}
                if expected.get(path) != got.get(path)
            ]
        )
    yield from min(found, key=len, default=["no answer in this status was recorded"])


def _kinds(answer: Any) -> dict[str, set[Kind]]:  # noqa: ANN401 - any JSON
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for path, kind in shape(answer):
        if not path.startswith(_MOMENT):
            kinds[path].add(kind)
    for path, time in _times(answer):
        kinds[path].add(time)
    return kinds


def _times(answer: Any) -> Iterator[tuple[str, Kind]]:  # noqa: ANN401 - any JSON
    """Yield the form of each time: its zone, and whether there are parts of seconds."""
    for name, value in answer.items() if isinstance(answer, dict) else ():
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is not None:
            yield f".{name}", ("time", found[2], "fraction" if found[1] else "seconds")


def _like(recorded: dict[str, Any], answer: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return an answer without what was not there yet when the other one was recorded."""
    if not isinstance(answer, dict) or "itemType" not in answer:
        return answer
    missing = ADDED_LATER - set(recorded)
    return {name: value for name, value in answer.items() if name not in missing}


def _status(answer: Any) -> object:  # noqa: ANN401 - any JSON
    return answer.get("status") if isinstance(answer, dict) else None


@cache
def _recorded_items() -> list[tuple[str, dict[str, Any]]]:
    """Return every recorded answer that is a job or a session, with its operation."""
    return [
        (step.operation, step.answer)
        for steps in scenarios().values()
        for step in steps
        if isinstance(step.answer, dict) and "itemType" in step.answer
    ]


def _recorded_in_status(step: Step, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the same operation answered of items in the answer's status.

    They are of its provider, if any of those were recorded.
    """
    found = [
        item
        for operation, item in _recorded_items()
        if operation == step.operation and item["status"] == answer["status"]
    ]
    return [item for item in found if item["providerId"] == answer["providerId"]] or found
