"""Every state of the page, to axe and to the eye: light and dark, at three widths."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from localdev.stack.stack import Stack
from tests.e2e.provider_jobs import queue_delay
from tests.web.api import Api
from tests.web.axe import axe, faults
from tests.web.receiver import receiving
from tests.web.visitor import Visitor, Visitors

GHZ = {"input": {"qubits": 3}, "shots": 200}
TWINS = {"input": {"first": ":)", "second": ":)"}}


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Return where pictures of the page are written to, if somebody wants to look at them."""
    folder: Path | None = request.config.getoption("--screenshots")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(visitors: Visitors) -> Visitor:
    """Return a visitor whose pages axe can judge."""
    made = await visitors.new(reduced_motion="reduce")
    await made.page.context.add_init_script(path=axe())
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def member(visitor: Visitor) -> Visitor:
    """Return one who has signed in."""
    await visitor.sign_in()
    return visitor


@pytest_asyncio.fixture(loop_scope="session")
async def api(member: Visitor, page_stack: Stack) -> AsyncIterator[Api]:
    """Return the API as the same account calls it from elsewhere."""
    async with Api.of(page_stack, member.name) as made:
        yield made


async def test_signed_out(visitor: Visitor, pictures: Path | None) -> None:
    """What everybody sees first."""
    await visitor.page.goto(visitor.url)
    await expect(visitor.button("Sign in")).to_be_visible()
    assert await faults(visitor.page, "signed-out", pictures) == []


async def test_catalogue(member: Visitor, pictures: Path | None) -> None:
    """The cards, and what is left of them after a search."""
    await member.open("")
    await expect(member.page.get_by_role("link", name="Two emoticons at once")).to_be_visible()
    assert await faults(member.page, "catalogue", pictures) == []


async def test_form_with_errors(member: Visitor, pictures: Path | None) -> None:
    """What is missing is said above and at its field."""
    await member.open("algorithms/maxcut")
    await member.button("Submit").click()
    await expect(member.page.get_by_role("alert")).to_be_visible()
    assert await faults(member.page, "form-with-errors", pictures) == []


async def test_form_with_estimate(member: Visitor, pictures: Path | None) -> None:
    """Tables of rows, what it costs and where, the programs."""
    await member.example("machine_scheduling")
    await member.button("Estimate").click()
    await expect(member.page.get_by_role("table").filter(has_text="ionq.simulator")).to_be_visible()
    assert await faults(member.page, "estimate", pictures) == []


async def test_pop_up(member: Visitor, pictures: Path | None) -> None:
    """The confirmation over the form."""
    await member.example("ghz")
    await member.button("Submit").click()
    await expect(member.page.get_by_role("dialog")).to_contain_text("submitted")
    assert await faults(member.page, "pop-up", pictures) == []


async def test_question_before_it_costs(member: Visitor, pictures: Path | None) -> None:
    """The amount is named, and nothing is submitted yet."""
    await member.example("ghz")
    await member.page.get_by_label("Where it runs").select_option("ionq.qpu.aria-1")
    await member.button("Submit").click()
    await expect(member.button("Not now")).to_be_visible()
    assert await faults(member.page, "question", pictures) == []


async def test_job_that_waits_and_is_canceled(
    member: Visitor, api: Api, page_stack: Stack, pictures: Path | None
) -> None:
    """A timeline in the making, then one that was cut short."""
    async with queue_delay(page_stack, 3600):
        job = await api.submit("ground_state_energy", None)
        await member.open(f"jobs/{job['id']}")
        await expect(member.status("Submitted")).to_be_visible()
        assert await faults(member.page, "running", pictures) == []
        await member.button("Cancel").click()
        await expect(member.status("Canceled")).to_be_visible()
        assert await faults(member.page, "canceled", pictures) == []


@pytest.mark.parametrize("algorithm", ["emoticons", "maxcut", "portfolio"])
async def test_job_that_is_done(
    member: Visitor, api: Api, pictures: Path | None, algorithm: str
) -> None:
    """A picture, tables, the evidence, readings, and everything that is folded."""
    job = await api.ended(algorithm, None)
    await member.open(f"jobs/{job['id']}")
    await expect(member.heading("Readings")).to_be_visible()
    await member.unfold()
    assert await faults(member.page, f"done-{algorithm}", pictures) == []


async def test_job_that_failed(member: Visitor, api: Api, pictures: Path | None) -> None:
    """Why, where, and what to do."""
    job = await api.ended("emoticons", TWINS)
    await member.open(f"jobs/{job['id']}")
    await expect(member.status("Failed")).to_be_visible()
    assert await faults(member.page, "failed", pictures) == []


async def test_jobs_and_two_compared(member: Visitor, api: Api, pictures: Path | None) -> None:
    """The list with each state, and two jobs beside each other."""
    first, second = [(await api.ended("ghz", GHZ | {"seed": seed}))["id"] for seed in (1, 2)]
    await api.ended("emoticons", TWINS)
    await member.open("jobs")
    await expect(member.page.get_by_role("row").filter(has_text="Failed")).to_be_visible()
    assert await faults(member.page, "jobs", pictures) == []
    await member.open(f"compare/{first}/{second}")
    await expect(member.page.get_by_role("figure")).to_be_visible()
    assert await faults(member.page, "compare", pictures) == []


async def test_webhooks_with_a_secret(
    member: Visitor, receiver_port: int, pictures: Path | None
) -> None:
    """A secret that is shown, the deliveries, the question before a deletion."""
    async with receiving(receiver_port) as receiver:
        await member.open("webhooks")
        await member.page.get_by_label("Address of your server").fill(receiver.url)
        await member.button("Register").click()
        await expect(member.page.get_by_text("accepted the ping")).to_be_visible()
    await member.page.locator("summary", has_text="Deliveries").click()
    await member.page.get_by_role("button", name="Ping:").click()  # nobody receives it
    await expect(member.page.get_by_role("row").filter(has_text="no connection")).to_be_visible()
    assert await faults(member.page, "webhooks", pictures) == []
    await member.page.get_by_role("button", name="Delete:").click()
    assert await faults(member.page, "webhooks-delete", pictures) == []


async def test_offline(member: Visitor, api: Api, pictures: Path | None) -> None:
    """A result out of this browser, with a word about it."""
    job = await api.ended("emoticons", None)
    await member.open(f"jobs/{job['id']}")
    await expect(member.heading("Readings")).to_be_visible()
    await member.page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    await member.page.context.set_offline(True)
    await member.page.reload()
    await expect(member.page.get_by_text("From this browser")).to_be_visible()
    assert await faults(member.page, "offline", pictures) == []
