"""Webhooks on the page, with a receiver that verifies by the usual library."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Locator, expect

from emulator_support.patience import async_tries
from localdev.stack.stack import Stack
from tests.web.api import Api
from tests.web.receiver import Receiver, receiving
from tests.web.visitor import Visitor, Visitors


@pytest_asyncio.fixture(loop_scope="session")
async def receiver(receiver_port: int) -> AsyncIterator[Receiver]:
    """Run a receiver at the one place that the stack may reach."""
    async with receiving(receiver_port) as running:
        yield running


async def register(visitor: Visitor, receiver: Receiver) -> Locator:
    """Register a webhook; return its card once its ping was attempted."""
    await visitor.open("webhooks")
    await visitor.page.get_by_label("Address of your server").fill(receiver.url)
    await visitor.page.get_by_label("Description").fill("My server")
    await visitor.button("Register").click()
    card = visitor.page.get_by_role("article", name="My server")
    await expect(card.get_by_role("status")).to_contain_text(["accepted"])
    return card


async def test_a_webhook_is_registered_and_its_secret_verifies(
    visitors: Visitors, receiver: Receiver
) -> None:
    """The secret is shown once; the ping that it signs has made the webhook active."""
    visitor = await visitors.signed_in()
    card = await register(visitor, receiver)

    await expect(card).to_contain_text("Active")
    await expect(card).to_contain_text("Your server accepted the ping: 204 in")
    secret = await card.locator("code").inner_text()
    [ping] = receiver.verified(secret)
    assert ping["type"] == "qjobs.webhook.ping"

    await visitor.button("I have stored it").click()
    await expect(card.locator("code")).to_have_count(0)
    await visitor.page.reload()
    await expect(card).to_contain_text("Active")
    assert secret not in await visitor.page.content()


async def test_what_is_wrong_is_said_at_its_field(visitors: Visitors) -> None:
    """The service refuses the address; its words describe the field, which has the focus."""
    visitor = await visitors.signed_in()
    await visitor.open("webhooks")
    field = visitor.page.get_by_label("Address of your server")
    await field.fill("http://receiver.example.com/hook")
    await visitor.button("Register").click()

    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(re.compile("Must be an https URL"))
    await field.fill("https://receiver.example.com/hook")
    await expect(field).to_have_attribute("aria-invalid", "false")


async def test_a_half_filled_registration_survives_a_visit_elsewhere(visitors: Visitors) -> None:
    """What was typed is there again, and so is a box that was emptied."""
    visitor = await visitors.signed_in()
    await visitor.open("webhooks")
    await visitor.page.get_by_label("Address of your server").fill("https://half")
    await visitor.page.get_by_text("was canceled").click()
    await visitor.page.get_by_role("link", name="Jobs", exact=True).click()
    await visitor.page.get_by_role("link", name="Webhooks").click()

    await expect(visitor.page.get_by_label("Address of your server")).to_have_value("https://half")
    await expect(visitor.page.get_by_label("was canceled")).not_to_be_checked()
    await expect(visitor.page.get_by_label("succeeded")).to_be_checked()


async def test_a_receiver_that_fails_is_told_in_words_and_replayed(
    visitors: Visitors, receiver: Receiver
) -> None:
    """A ping that is refused says why; when the server is well, it comes with the same id."""
    visitor = await visitors.signed_in()
    receiver.status = 500
    card = await register(visitor, receiver)
    await expect(card).to_contain_text("The ping was not accepted: 500 in")
    await expect(card).to_contain_text("Unverified")
    refused = {headers["webhook-id"] for headers, _ in receiver.received}
    receiver.status = 200
    receiver.received.clear()

    await card.locator("summary", has_text="Deliveries").click()
    await card.get_by_role("button", name="Send again").first.click()
    await expect(card.get_by_role("row").filter(has_text="Ping")).to_contain_text("Delivered")
    await card.get_by_role("button", name="Ping:").click()
    await expect(card).to_contain_text("Active")
    secret = await card.locator("code").inner_text()
    events = receiver.verified(secret)
    assert {event["type"] for event in events} == {"qjobs.webhook.ping"}
    assert len(refused) == 1
    assert refused <= {event["id"] for event in events}


async def test_what_becomes_of_a_ping_is_seen_without_a_hand(
    visitors: Visitors, receiver: Receiver
) -> None:
    """It is sent again by itself; state, ping and deliveries follow, and agree with each other."""
    visitor = await visitors.signed_in()
    receiver.status = 500
    card = await register(visitor, receiver)
    await card.get_by_text("Deliveries", exact=True).click()
    await expect(card).to_contain_text("The ping was not accepted: 500 in")
    receiver.status = 204
    await expect(card).to_contain_text("Your server accepted the ping: 204 in")
    await expect(card).to_contain_text("It is told of every job that ends.")
    await expect(card.get_by_role("row").filter(has_text="Ping")).to_contain_text("Delivered")


async def test_a_webhook_is_as_it_is_now_when_one_comes_back(
    visitors: Visitors, receiver: Receiver
) -> None:
    """Nothing that was said before the visit elsewhere is said of another state."""
    visitor = await visitors.signed_in()
    receiver.status = 500
    card = await register(visitor, receiver)
    await expect(card).to_contain_text("The ping was not accepted: 500 in")
    receiver.status = 204
    receiver.received.clear()
    await visitor.page.get_by_role("link", name="Jobs", exact=True).click()
    async for _ in async_tries(0.1):
        if receiver.received:
            break
    await visitor.page.get_by_role("link", name="Webhooks").click()
    await expect(card).to_contain_text("Your server accepted the ping: 204 in")
    await expect(card).to_contain_text("It is told of every job that ends.")
    await expect(card).not_to_contain_text("was not accepted")


async def test_deliveries_are_shown_while_a_ping_is_on_its_way(
    visitors: Visitors, receiver: Receiver
) -> None:
    """Opened as soon as the webhook is there, they show the ping, and then what became of it."""
    visitor = await visitors.signed_in()
    await visitor.open("webhooks")
    await visitor.page.get_by_label("Address of your server").fill(receiver.url)
    await visitor.button("Register").click()
    await visitor.page.locator("summary", has_text="Deliveries").click()
    row = visitor.page.get_by_role("row").filter(has_text="Ping")
    await expect(row).to_contain_text("Delivered")


async def test_a_rotated_secret_is_another_and_both_verify(
    visitors: Visitors, receiver: Receiver
) -> None:
    """The new one is shown once as well; a ping is signed with both."""
    visitor = await visitors.signed_in()
    card = await register(visitor, receiver)
    before = await card.locator("code").inner_text()
    await card.get_by_role("button", name="Rotate secret").click()
    await expect(card.locator("code")).not_to_have_text(before)
    after = await card.locator("code").inner_text()
    receiver.received.clear()
    await card.get_by_role("button", name="Ping:").click()
    await expect(card).to_contain_text("Your server accepted the ping")

    assert receiver.verified(before) == receiver.verified(after) != []


async def test_events_that_failed_are_sent_again_with_their_ids(
    visitors: Visitors, receiver: Receiver, page_stack: Stack
) -> None:
    """410 disables the webhook; after a ping all that failed meanwhile comes, each event once."""
    visitor = await visitors.signed_in()
    card = await register(visitor, receiver)
    secret = await card.locator("code").inner_text()
    receiver.status = 410
    async with Api.of(page_stack, visitor.name) as api:
        async for _ in async_tries(0.1):  # it is told a few seconds after it has become active
            await api.ended("ghz", None)
            if failed := [headers["webhook-id"] for headers, body in receiver.jobs()]:
                break
    await visitor.page.reload()
    await expect(card).to_contain_text("Your server answered 410 Gone")
    receiver.status = 204
    receiver.received.clear()
    await card.get_by_role("button", name="Ping:").click()
    await expect(card).to_contain_text("Active")

    await card.locator("summary", has_text="Deliveries").click()
    await card.get_by_role("button", name="Send all of them again").click()
    await expect(card).to_contain_text(re.compile("events? (is|are) sent again"))
    await expect(card.get_by_role("row").filter(has_text="Job succeeded").first).to_contain_text(
        "Delivered"
    )
    again = [headers["webhook-id"] for headers, _ in receiver.jobs()]
    assert set(failed) <= set(again)
    assert len(again) == len(set(again))
    assert {event["type"] for event in receiver.verified(secret)} == {
        "qjobs.webhook.ping",
        "qjobs.job.succeeded",
    }


async def test_a_webhook_is_deleted_after_a_question(
    visitors: Visitors, receiver: Receiver
) -> None:
    """Whoever says no keeps it; after yes it is gone, here and at the service."""
    visitor = await visitors.signed_in()
    card = await register(visitor, receiver)
    await card.get_by_role("button", name="Delete:").click()
    await expect(visitor.button("Keep it")).to_be_focused()
    await visitor.button("Keep it").click()
    await expect(card).to_be_visible()
    await card.get_by_role("button", name="Delete:").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(card).to_have_count(0)
    await visitor.page.reload()
    await expect(visitor.page.get_by_text("You have none yet.")).to_be_visible()
