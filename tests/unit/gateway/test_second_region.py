"""With functions in two regions, requests go to those that answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx
import pytest

from localdev.gateway.backends import BackendError
from localdev.gateway.context import Response
from tests.unit.gateway.conftest import VALUES, Backend, Door, Seen, Time, answered, gateway

UNREACHABLE = BackendError(503, "BackendConnectionFailure", "The backend cannot be reached.")
SLOW = BackendError(504, "Timeout", "The backend did not answer in time.")
OPEN = BackendError(503, "CircuitBreakerOpen", "The backend is unavailable.")


@dataclass
class Regions:
    """The gateway before two apps."""

    door: Door
    first: Backend
    second: Backend

    async def asked(self) -> tuple[int, str]:
        """Send a request; return the status and which of the two got it."""
        before = len(self.first.seen)
        answer = await self.door.ask("GET", "/jobs")
        return answer.status_code, "first" if len(self.first.seen) > before else "second"


@pytest.fixture
async def regions() -> AsyncIterator[Regions]:
    """Return a gateway as a deployment with a second region has it."""
    first, second, time = Backend(), Backend(), Time()
    app = gateway(first, time, {**VALUES, "standby-backend": "functions-2"}, functions_2=second)
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.example.com") as client:
        yield Regions(Door(client, first, time), first, second)


def platform(status: int) -> Response:
    """Return what the platform answers in the place of functions that do not run."""
    response = Response(status, body=b"<html>The service is unavailable.</html>")
    response.headers["Content-Type"] = "text/html"
    return response


def problem(status: int) -> Response:
    """Return what the functions answer themselves."""
    response = answered(status, {"status": status, "code": "temporarily-unavailable"})
    response.headers["Content-Type"] = "application/problem+json"
    response.headers["Retry-After"] = "7"
    return response


def always(outcome: Response | BackendError) -> Callable[[Seen], Response | BackendError]:
    """Return what answers every request the same."""
    return lambda _: outcome


async def test_the_first_region_is_asked_while_it_answers(regions: Regions) -> None:
    """The second one only stands by."""
    assert [await regions.asked() for _ in range(3)] == [(204, "first")] * 3


@pytest.mark.parametrize("failure", [UNREACHABLE, SLOW, OPEN], ids=lambda one: one.reason)
async def test_a_region_that_does_not_answer_is_left_at_once(
    regions: Regions, failure: BackendError
) -> None:
    """One request without an answer is enough; it is told to come back in a second."""
    regions.first.answer = always(failure)

    refused = await regions.door.ask("GET", "/jobs")

    assert refused.status_code == failure.status
    assert refused.headers["retry-after"] == "1"
    assert [await regions.asked() for _ in range(3)] == [(204, "second")] * 3


@pytest.mark.parametrize("status", [401, 403, 502, 503, 504])
async def test_a_region_whose_platform_answers_is_left_too(regions: Regions, status: int) -> None:
    """Functions that are stopped, or that admit nobody, are answered for by the platform."""
    regions.first.answer = always(platform(status))

    refused = await regions.door.ask("GET", "/jobs")

    assert refused.status_code == {401: 502, 403: 502, 504: 504}.get(status, 503)
    assert refused.headers["retry-after"] == "1"
    assert await regions.asked() == (204, "second")


@pytest.mark.parametrize("status", [500, 503])
async def test_what_the_functions_say_themselves_moves_nothing(
    regions: Regions, status: int
) -> None:
    """Both regions work on the same storage: what is wrong there is wrong in both."""
    regions.first.answer = always(problem(status))

    assert [await regions.asked() for _ in range(3)] == [(status, "first")] * 3


@pytest.mark.parametrize("status", [400, 404, 413, 500])
async def test_what_a_caller_can_provoke_moves_nothing(regions: Regions, status: int) -> None:
    """A request that the platform refuses, or that breaks a function, says nothing of a region."""
    regions.first.answer = always(platform(status))

    assert {which for _, which in [await regions.asked() for _ in range(3)]} == {"first"}


async def test_from_a_second_region_that_fails_it_goes_back(regions: Regions) -> None:
    """Whichever is in use, a request without an answer leads to the other one."""
    regions.first.answer = always(UNREACHABLE)
    await regions.asked()
    regions.first.answer = always(Response(204))
    regions.second.answer = always(UNREACHABLE)

    assert await regions.asked() == (503, "second")
    assert await regions.asked() == (204, "first")


async def test_after_a_quarter_of_an_hour_the_first_is_asked_again(regions: Regions) -> None:
    """What was lost may be back; if it is not, one request finds out."""
    regions.first.answer = always(UNREACHABLE)
    await regions.asked()
    regions.door.time.now += 899
    assert await regions.asked() == (204, "second")

    regions.door.time.now += 2

    assert await regions.asked() == (503, "first")
    assert await regions.asked() == (204, "second")


@pytest.mark.parametrize("outcome", [UNREACHABLE, platform(503)], ids=["unreachable", "stopped"])
async def test_with_one_region_nothing_changes(
    door: Door, outcome: Response | BackendError
) -> None:
    """There is nowhere to go: the same functions are asked, and callers told to wait as ever."""
    door.backend.answer = always(outcome)

    answers = [await door.ask("GET", "/jobs") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert [answer.headers["retry-after"] for answer in answers] == ["5", "5"]
    assert len(door.backend.seen) == 2
