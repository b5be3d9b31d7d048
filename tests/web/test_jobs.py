"""Jobs on the page: canceled, run again, compared, listed, forgotten."""

from __future__ import annotations

import json
import re

from playwright.async_api import expect

from localdev.stack.stack import Stack
from tests.e2e.provider_jobs import queue_delay
from tests.web.api import Api
from tests.web.visitor import Visitors


async def test_a_job_is_canceled(visitors: Visitors, page_stack: Stack) -> None:
    """It waits at the provider, is canceled by a button, and says so."""
    visitor = await visitors.signed_in()
    async with queue_delay(page_stack, 3600):
        await visitor.example("ghz")
        job_id = await visitor.submitted()
        await visitor.page.get_by_role("link", name="Go to the job").click()
        await expect(visitor.status("Submitted")).to_be_visible()
        await visitor.button("Cancel").click()
        await expect(visitor.status("Canceled")).to_be_visible()
    async with Api.of(page_stack, visitor.name) as api:
        answer = await api.client.get(f"jobs/{job_id}")
    assert answer.json()["status"] == "Canceled"


async def test_a_job_is_run_again_with_a_change(visitors: Visitors, page_stack: Stack) -> None:
    """The form is as it was submitted; changed, it makes another job."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    await visitor.page.get_by_label("Shots", exact=True).fill("123")
    first = await visitor.submitted()
    await visitor.page.get_by_role("link", name="Go to the job").click()
    await visitor.page.get_by_role("link", name="Run again with a change").click()
    await expect(visitor.page.get_by_label("Shots", exact=True)).to_have_value("123")
    await visitor.page.get_by_label("Shots", exact=True).fill("456")
    second = await visitor.submitted()

    assert first != second
    async with Api.of(page_stack, visitor.name) as api:
        jobs = [(await api.client.get(f"jobs/{one}")).json() for one in (first, second)]
    assert [job["shots"] for job in jobs] == [123, 456]


async def test_two_jobs_are_compared(visitors: Visitors, page_stack: Stack) -> None:
    """From a job to another one of its algorithm: what differs is said, the readings overlaid."""
    visitor = await visitors.signed_in()
    async with Api.of(page_stack, visitor.name) as api:
        bodies = [{"input": {"qubits": 3}, "shots": shots} for shots in (100, 300)]
        first, second = [await api.ended("ghz", body) for body in bodies]
    await visitor.open(f"jobs/{first['id']}")
    await visitor.button("Compare with …").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_role("link", name=re.compile(second["id"][-6:])).click()

    shots = visitor.page.get_by_role("row", name=re.compile("^Shots 100 300"))
    await expect(shots).to_be_visible()
    await expect(visitor.page.get_by_role("figure").get_by_role("img")).to_be_visible()


async def test_an_ideal_run_is_laid_over_a_noisy_one(visitors: Visitors) -> None:
    """A job with noise is compared with the same one without, at a button."""
    visitor = await visitors.signed_in()
    await visitor.example("ghz")
    await visitor.page.get_by_label("Where it runs").select_option("NoisySimulator")
    await visitor.submitted()
    await visitor.page.get_by_role("link", name="Go to the job").click()
    await visitor.button("Compare with an ideal run").click()

    counts = visitor.page.locator(".counts")
    await expect(counts.get_by_role("columnheader", name="Share, ideal")).to_be_visible()
    await expect(counts.get_by_role("img")).to_be_visible()


async def test_a_syntax_checker_has_no_result(visitors: Visitors, page_stack: Stack) -> None:
    """Of a job that was checked and not run the page says that its readings are no result."""
    visitor = await visitors.signed_in()
    async with Api.of(page_stack, visitor.name) as api:
        job = await api.ended(
            "ghz", {"input": {"qubits": 3}, "target": {"id": "quantinuum.sim.h2-1sc"}}
        )
    await visitor.open(f"jobs/{job['id']}")
    await expect(visitor.page.get_by_text("checks the program and runs nothing")).to_be_visible()


async def test_the_list_is_filtered_and_told(visitors: Visitors, page_stack: Stack) -> None:
    """By algorithm, tag and status, which are in the address; a new job appears by itself."""
    visitor = await visitors.signed_in()
    async with Api.of(page_stack, visitor.name) as api:
        tagged = await api.ended("ghz", {"input": {"qubits": 2}, "tags": ["mine"]})
        failed = await api.ended("emoticons", {"input": {"first": ":)", "second": ":)"}})
        await visitor.open("jobs")
        rows = visitor.page.locator("tbody").get_by_role("row")
        await expect(rows).to_have_count(2)

        await visitor.page.get_by_label("Status").select_option("Failed")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text(failed["id"][-6:])
        await visitor.page.get_by_label("Status").select_option("All")
        await visitor.page.get_by_label("Algorithm").select_option("ghz")
        await visitor.page.get_by_label("Tag").fill("mine")
        await visitor.page.get_by_label("Tag").press("Enter")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text(tagged["id"][-6:])
        await visitor.page.reload()
        await expect(rows).to_have_count(1)

        await api.ended("ghz", {"input": {"qubits": 2}, "tags": ["mine"]})
        await expect(rows).to_have_count(2)


async def test_the_history_is_deleted_on_demand(visitors: Visitors, page_stack: Stack) -> None:
    """After that nothing of a job is left in the browser: without the service it knows none."""
    visitor = await visitors.signed_in()
    async with Api.of(page_stack, visitor.name) as api:
        job = await api.ended("ghz", None)
    await visitor.open(f"jobs/{job['id']}")
    await expect(visitor.page.locator(".counts")).to_be_visible()
    await visitor.open("jobs")
    await visitor.button("Delete the history of this browser").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(visitor.page.get_by_text("The history of this browser is deleted")).to_be_visible()
    kept = await visitor.page.evaluate(
        """async () => {
          const found = [];
          for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((resolve) => {
              const opening = indexedDB.open(name);
              opening.onsuccess = () => resolve(opening.result);
            });
            const rows = await new Promise((resolve) => {
              const asking = database.transaction("jobs").objectStore("jobs").getAll();
              asking.onsuccess = () => resolve(asking.result);
            });
            database.close();
            found.push(...rows.filter((row) => row.outcome));
          }
          return found.length;
        }"""
    )
    assert kept == 0, json.dumps(kept)
