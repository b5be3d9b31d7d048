"""The form of an algorithm: links that fill it, errors at their fields, what it costs."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from playwright.async_api import Request, Route, expect

from localdev.stack.stack import Stack
from tests.web.api import Api
from tests.web.visitor import Visitors


async def test_a_link_fills_the_form_of_somebody_else(visitors: Visitors) -> None:
    """Copied by one, opened by another, who gets the same input, target and shots."""
    one = await visitors.signed_in(permissions=["clipboard-read", "clipboard-write"])
    await one.example("maxcut")
    await one.page.get_by_label("Shots", exact=True).fill("321")
    await one.page.get_by_label("Where it runs").select_option("NoisySimulator")
    await one.button("Copy link").click()
    await expect(one.page.get_by_text("Link copied")).to_be_visible()
    link = await one.page.evaluate("navigator.clipboard.readText()")
    assert "oken" not in link

    other = await visitors.new()
    await other.page.goto(link)
    await other.sign_in()
    await expect(other.page.get_by_label("Shots", exact=True)).to_have_value("321")
    await expect(other.page.get_by_label("Where it runs")).to_have_value("NoisySimulator")
    await expect(other.page.get_by_label(re.compile("From")).first).to_have_value("Ada")


async def test_a_broken_link_says_so(visitors: Visitors) -> None:
    """The form begins with its defaults, and nothing of the page is broken."""
    visitor = await visitors.signed_in()
    await visitor.open(f"algorithms/ghz?body={quote('{no json')}")
    await expect(visitor.page.get_by_text(re.compile("link", re.IGNORECASE)).first).to_be_visible()
    await expect(visitor.page.get_by_label("Shots", exact=True)).to_have_value("1000")


async def test_errors_of_the_service_are_at_their_fields(visitors: Visitors) -> None:
    """What only the service sees is said at the field that is at fault, which has the focus."""
    visitor = await visitors.signed_in()
    body = {"input": {"qubits": 3}, "target": {"id": "closed.qpu"}, "options": {"noise": 3}}
    await visitor.open(f"algorithms/ghz?body={quote(json.dumps(body))}")
    target = visitor.page.get_by_label("Where it runs")
    await expect(target).to_have_value("closed.qpu")
    await visitor.button("Submit").click()

    await expect(target).to_be_focused()
    await expect(target).to_have_attribute("aria-invalid", "true")
    await expect(target).to_have_accessible_description(re.compile("closed.qpu|target"))
    await target.select_option("ionq.simulator")
    await visitor.button("Submit").click()
    options = visitor.page.get_by_label("Options")
    await expect(options).to_be_focused()
    await expect(options).to_have_accessible_description(re.compile("object"))


async def test_what_the_estimate_refused_is_not_submitted(visitors: Visitors) -> None:
    """Its words are at the field, which has the focus; no request for a job goes out."""
    visitor = await visitors.signed_in()
    asked: list[Request] = []
    visitor.page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it is typed
    body = {"input": {"qubits": 3}, "options": {"noise": 3}}
    await visitor.open(f"algorithms/ghz?body={quote(json.dumps(body))}")
    wrong = visitor.page.get_by_label("Options")
    # By the estimate, which nobody has to ask for.
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await visitor.button("Submit").click()
    await expect(wrong).to_be_focused()
    posted = [one.url for one in asked if one.method == "POST"]
    assert [url for url in posted if url.endswith("/estimate")]
    assert not [url for url in posted if url.endswith("/jobs")]


async def test_errors_within_a_table_are_at_their_cells(visitors: Visitors) -> None:
    """An edge from a vertex to itself: the service points into a row, and so does the page."""
    visitor = await visitors.signed_in()
    body = {"input": {"edges": [{"from": "a", "to": "b"}, {"from": "b" * 200, "to": "c"}]}}
    await visitor.open(f"algorithms/maxcut?body={quote(json.dumps(body))}")
    await visitor.button("Submit").click()
    wrong = visitor.page.locator("[aria-invalid=true]")
    await expect(wrong).to_have_count(1)
    await expect(wrong).to_have_value("b" * 200)


async def test_what_costs_much_is_asked_before(visitors: Visitors, page_stack: Stack) -> None:
    """A device names its price; who says no has submitted nothing, who says yes has one job."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    await visitor.page.get_by_label("Where it runs").select_option("ionq.qpu.aria-1")
    await visitor.button("Submit").click()
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(re.compile(r"costs [\d,.]+ USD on ionq\.qpu\.aria-1"))
    await expect(dialog).to_contain_text("the device is emulated, and nothing is billed")
    await visitor.button("Not now").click()
    await expect(dialog).to_have_count(0)
    async with Api.of(page_stack, visitor.name) as api:
        assert (await api.client.get("jobs")).json()["value"] == []

        await visitor.button("Submit").click()
        await visitor.button("Yes, submit it").click()
        await expect(dialog).to_contain_text("submitted")
        [job] = (await api.client.get("jobs")).json()["value"]
        await api.client.delete(f"jobs/{job['id']}")
    assert job["target"]["id"] == "ionq.qpu.aria-1"


async def test_cost_and_wait_are_there_before_anything_is_submitted(
    visitors: Visitors, page_stack: Stack
) -> None:
    """Every target of the workspace is in the table; one is chosen there, and then in the form."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    costs = visitor.page.get_by_role("region", name="Cost and wait")
    table = costs.get_by_role("table").filter(has_text="ionq.simulator")
    await expect(table).to_be_visible()
    await visitor.unfold()  # of those that do not fit, why not
    async with Api.of(page_stack, visitor.name) as api:
        targets = (await api.client.get("targets")).json()["value"]
        for target in targets:
            await expect(costs.get_by_text(target["id"], exact=True).first).to_be_visible()
        await table.get_by_role("radio", name=re.compile("ionq.simulator")).check()
        await expect(visitor.page.get_by_label("Where it runs")).to_have_value("ionq.simulator")
        assert (await api.client.get("jobs")).json()["value"] == []


async def test_a_half_filled_form_survives_a_visit_elsewhere_and_a_reload(
    visitors: Visitors,
) -> None:
    """What was typed is there again after a look at the jobs, and after a reload."""
    visitor = await visitors.signed_in()
    await visitor.open("algorithms/ghz")
    shots = visitor.page.get_by_label("Shots", exact=True)
    await shots.fill("77")
    await visitor.page.get_by_role("link", name="Jobs", exact=True).click()
    await expect(visitor.heading("Jobs")).to_be_visible()
    await visitor.page.go_back()
    await expect(shots).to_have_value("77")
    await visitor.page.reload()
    await expect(shots).to_have_value("77")


async def test_a_double_click_makes_one_job(visitors: Visitors, page_stack: Stack) -> None:
    """However quickly it is pressed, and however often the request is sent, there is one job."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    await visitor.button("Submit").dblclick()
    await expect(visitor.page.get_by_role("dialog")).to_contain_text("submitted")
    async with Api.of(page_stack, visitor.name) as api:
        assert len((await api.client.get("jobs")).json()["value"]) == 1


async def test_a_response_that_is_lost_makes_no_second_job(
    visitors: Visitors, page_stack: Stack
) -> None:
    """The request is repeated with its key: the pop-up names the job that was made at first."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    made: list[str] = []

    async def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or made:
            await route.fallback()
            return
        made.append((await (await route.fetch()).json())["id"])
        await route.abort("connectionreset")

    await visitor.page.route("**/algorithms/ghz/jobs", lose_the_first)
    assert await visitor.submitted() == made[0]
    async with Api.of(page_stack, visitor.name) as api:
        [job] = (await api.client.get("jobs")).json()["value"]
    assert job["id"] == made[0]
