"""The page is told of its jobs: by the channel, by held requests where there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.async_api import Page, Request, expect

from localdev.stack.stack import Stack
from tests.e2e.provider_jobs import queue_delay
from tests.web.api import Api
from tests.web.visitor import Visitor, Visitors

QUEUE_SECONDS = 6
"""Long enough that whoever polls would have asked several times."""


@dataclass
class Traffic:
    """What a window asks the service for, and what its channel says."""

    asked: list[Request] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> Traffic:
        """Listen to a window from now on."""
        traffic = cls()
        page.on("request", lambda request: traffic.asked.append(request))  # noqa: PLW0108 - Playwright looks into handlers, which a built-in does not let it
        page.on("websocket", lambda socket: socket.on("framereceived", traffic.hear))
        return traffic

    def looks(self, job_id: str) -> list[Request]:
        """Return the requests for the state of a job."""
        return [one for one in self.asked if one.method == "GET" and one.url.endswith(job_id)]

    def events(self, job_id: str) -> int:
        """Return how many events of a job came."""
        return sum(f"jobs/{job_id}" in message for message in self.told)

    def hear(self, message: str | bytes) -> None:
        """Note what the channel says."""
        self.told.append(str(message))


async def submitted_and_followed(visitor: Visitor) -> str:
    """Submit a job on the page and go to it; return its id."""
    await visitor.example("ghz")
    job_id = await visitor.submitted()
    await visitor.page.get_by_role("link", name="Go to the job").click()
    return job_id


async def test_nobody_polls_while_the_channel_is_up(visitors: Visitors, page_stack: Stack) -> None:
    """A look at the beginning, one as the channel comes up, one for each event: no more."""
    visitor = await visitors.signed_in()
    traffic = Traffic.of(visitor.page)
    async with queue_delay(page_stack, QUEUE_SECONDS):
        job_id = await submitted_and_followed(visitor)
        await expect(visitor.status("Succeeded")).to_be_visible()

    looks = traffic.looks(job_id)
    assert traffic.events(job_id) >= 1
    assert len(looks) <= 2 + traffic.events(job_id)
    assert not any("prefer" in one.headers for one in looks)


async def test_without_a_channel_requests_are_held(visitors: Visitors, page_stack: Stack) -> None:
    """The channel is away: one request is held until the job ends, and the page shows the end."""
    visitor = await visitors.signed_in()
    traffic = Traffic.of(visitor.page)
    page_stack.kill("channel")
    try:
        async with queue_delay(page_stack, QUEUE_SECONDS):
            job_id = await submitted_and_followed(visitor)
            await expect(visitor.status("Succeeded")).to_be_visible()
    finally:
        page_stack.start("channel")

    looks = traffic.looks(job_id)
    assert traffic.events(job_id) == 0
    assert [one.headers["prefer"] for one in looks if "prefer" in one.headers]
    assert len(looks) <= 4, "it polls"
    visitors.complaints.clear()  # of the WebSocket that could not be opened


async def test_everybody_hears_of_their_own_jobs_alone(
    visitors: Visitors, page_stack: Stack
) -> None:
    """Of two who listen at the same time neither channel ever names a job of the other."""
    one, other = await visitors.signed_in(), await visitors.signed_in()
    heard = [Traffic.of(visitor.page) for visitor in (one, other)]
    jobs = [await submitted_and_followed(visitor) for visitor in (one, other)]
    for visitor in (one, other):
        await expect(visitor.status("Succeeded")).to_be_visible()
    for visitor in (one, other):
        async with Api.of(page_stack, visitor.name) as api:
            fence = await api.submit("ghz", None)
            await visitor.open("jobs")
            row = visitor.page.get_by_role("row").filter(has_text=fence["id"][-6:])
            await expect(row).to_contain_text("Succeeded")

    assert not heard[0].events(jobs[1])
    assert not heard[1].events(jobs[0])
    assert heard[0].told
    assert heard[1].told
