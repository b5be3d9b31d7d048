"""The judge of replayed recordings: what it takes for the same, and what for another answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator_support.comparison import at_another_moment, differences
from emulator_support.recordings import Step, scenarios

pytestmark = pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")

ANSWERS = [
    step
    for steps in scenarios().values()
    for step in steps
    if step.service == "quantum" and isinstance(step.answer, dict)
]
ITEMS = [step for step in ANSWERS if "itemType" in step.answer]
JOBS = [step for step in ITEMS if step.answer["itemType"] == "Job"]
LISTS = [step for step in ANSWERS if any("itemType" in i for i in step.answer.get("value", ()))]
OFFERS = [step for step in ANSWERS if step.operation == "GET providerStatus"]


def judged(step: Step, answer: dict[str, Any]) -> list[str]:
    """Return the differences that the judge finds; nothing was created by the scenario."""
    return list(differences(step, answer, ()))


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what leaves a member out."""
    return lambda answer: {key: value for key, value in answer.items() if key != name}


def having(**members: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:  # noqa: ANN401 - JSON
    """Return what gives members another value."""
    return lambda answer: answer | members


@pytest.mark.parametrize("steps", [ITEMS, OFFERS, [s for s in ANSWERS if "sasUri" in s.answer]])
def test_a_recorded_answer_is_the_same_as_itself(steps: list[Step]) -> None:
    """Nothing is found where nothing differs."""
    cut = without("omitted")  # of the recording: how many items it leaves out
    assert [found for step in steps for found in judged(step, cut(step.answer))] == []


@pytest.mark.parametrize(
    "distort",
    [
        without("isCancelling"),
        without("creationTime"),
        having(createdBy="somebody"),
        having(creationTime="2025-10-09T00:11:16Z"),
        having(creationTime=None),
        having(jobType="QuantumChemistry"),
        having(jobPriority="High"),
        having(tags=None),
        having(id="another"),
        having(outputDataUri="https://mystorage.blob.core.windows.net/job-x/elsewhere"),
        having(containerUri=None),
        having(errorData={"code": "InvalidInputData"}),
    ],
)
def test_no_distortion_of_a_job_is_the_same(
    distort: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """Each is found in every recorded answer, whatever other answers looked like."""
    older = [step for step in JOBS if "jobPriority" not in step.answer]
    for step in JOBS:
        distorted = distort(step.answer)
        if step not in older:
            assert judged(step, distorted), distorted


def test_a_time_in_the_form_of_another_provider_is_found() -> None:
    """A zone, or parts of seconds, that this provider's times do not have is another answer."""
    ended = [step for step in JOBS if step.answer["endExecutionTime"]]
    forms = {"ionq": "+00:00", "quantinuum": "Z", "rigetti": "+00:00", "pasqal": "Z"}
    for step in ended:
        zone = forms.get(step.answer["providerId"], "+00:00")
        assert judged(step, step.answer | {"endExecutionTime": f"2025-10-09T00:11:16.123{zone}"})


def test_an_item_of_a_list_is_compared_with_itself_alone() -> None:
    """An item that was seeded is shown exactly as it was recorded, and in its place."""
    for step in LISTS:
        answer = {name: value for name, value in step.answer.items() if name != "omitted"}
        first, *others = step.answer["value"]
        for wrong in ([first | {"name": "x"}, *others], others, [*others, first]):
            if wrong != step.answer["value"]:
                assert judged(step, answer | {"value": wrong})


def test_an_offer_is_compared_target_by_target() -> None:
    """A target that was recorded has the members that it had."""
    step = OFFERS[0]
    provider = step.answer["value"][0]
    target = provider["targets"][0]
    for wrong in (without("statusPage")(target), target | {"averageQueueTime": "soon"}):
        assert judged(step, {"value": [provider | {"targets": [wrong]}], "nextLink": None})
    assert judged(step, {"value": [], "nextLink": None})


def test_a_job_in_another_status_is_compared_with_those_of_its_provider() -> None:
    """What no job of the provider showed in that status is found."""
    waiting = next(step for step in JOBS if step.answer["status"] == "Waiting")
    ended = waiting.answer | {"status": "Succeeded"}
    assert at_another_moment(waiting, ended)
    assert judged(waiting, ended)
