"""The documents say which spans, metrics and kinds of error there are."""

from __future__ import annotations

import ast
import json
import re

from qjobs.bootstrap import Services
from qjobs.domain import schedule
from qjobs.domain.identifiers import owner_key
from qjobs.domain.job import Job
from qjobs.domain.output_event import Origin
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.telemetry import METRICS
from tests.fakes import FakePorts, FakeTelemetry
from tests.markdown import ROOT, table
from tests.unit.services.jobs import accepted

_CODE = re.compile(r"`([^`]+)`")
OF_REQUESTS = {"submit_job", "cancel_job"}
"""Spans of HTTP functions, which a test of services does not call."""
ALWAYS = {"error.type"}
"""Attributes that any span may have."""


def documented() -> dict[frozenset[str], set[str]]:
    """Return the attributes of the spans of each row of the table."""
    return {
        frozenset(_CODE.findall(spans)): set(_CODE.findall(attributes))
        for spans, _, attributes in table("docs/telemetry.md", "A trace")
    }


async def deliver_one(services: Services, ports: FakePorts, job: Job) -> None:
    """Register a webhook and have an event delivered to it."""
    url = "https://receiver.example/"
    hook = (await services.webhooks.register(job.owner, {"url": url}, "https://a.example")).webhook
    await services.deliveries.ping(job.owner, hook.id)
    await services.deliver(ports.queue.deliveries.pop()[0])
    await services.dispatch((await accepted(services)).message())
    await services.deliver(ports.queue.deliveries.pop()[0])


async def wake_one(services: Services, ports: FakePorts) -> None:
    """Have an output announced of a job that waits at a device."""
    body = {"input": {}, "target": {"mode": "Hardware"}}
    job = (await services.submit(owner_key("alice"), "bell", body, None)).job
    await services.dispatch(job.message())
    container = Origin(job.owner, job.id, 0).container
    subject = f"/blobServices/default/containers/{container}/blobs/outputData"
    event = {"eventType": "Microsoft.Storage.BlobCreated", "subject": subject}
    await services.wake(json.dumps(event))
    ports.queue.sent.clear()


async def test_each_span_has_its_row(services: Services, ports: FakePorts) -> None:
    """With the attributes that it has: of all spans that a job can have."""
    ports.telemetry = telemetry = FakeTelemetry()
    ports.provider.polls = 10**6
    job = await accepted(services, target={"mode": "Hardware"})
    await services.enqueue(job)
    ports.clock.advance(1000)
    await services.reconcile()
    await services.dispatch(job.message())
    await services.track(ports.queue.sent.pop()[0])
    await services.cancel(job.owner, job.id)
    await services.track((await ports.jobs.get(job.owner, job.id)).job.message())
    await wake_one(services, ports)
    ports.provider.polls = 0
    await services.dispatch((await accepted(services)).message())
    other = await accepted(services)
    await services.poison(other.message().encode())
    assert schedule.MOST_FAILURES > 1
    await deliver_one(services, ports, job)

    recorded: dict[str, set[str]] = {}
    for span in telemetry.spans:
        recorded.setdefault(span.name, set()).update(span.attributes)
    rows = documented()
    assert recorded.keys() | OF_REQUESTS == frozenset().union(*rows)
    for names, attributes in rows.items():
        if not names <= OF_REQUESTS:
            assert set().union(*(recorded[name] for name in names)) - ALWAYS == attributes


def test_the_spans_of_requests_are_there() -> None:
    """Their names are in the functions that record them."""
    module = ast.parse((ROOT / "functions" / "http_jobs.py").read_text(encoding="utf-8"))
    names = {
        call.args[0].value
        for call in ast.walk(module)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "span"
        and isinstance(call.args[0], ast.Constant)
    }

    assert names == OF_REQUESTS


def test_each_metric_has_its_row() -> None:
    """The runbook says what it is, and what to do when it is wrong."""
    rows = [name.strip("`") for name, *_ in table("docs/runbook.md", "Metrics")]

    assert rows == [metric.name for metric in METRICS]


def test_each_kind_of_error_has_its_row() -> None:
    """With what helps; beside them are the codes of errors that are counted too."""
    rows = table("docs/runbook.md", "Provider errors")
    kinds = {kind for cell, *_ in rows for kind in _CODE.findall(cell)}

    assert kinds - {"options-rejected", "provider-job-unknown"} == set(ProviderErrorKind)
