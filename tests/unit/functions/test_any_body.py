"""The whole way of a submission's body: from bytes to a job, or to a problem document."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import azure.functions as func
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.problems import error_response
from functions.requests import json_body
from qjobs.bootstrap import catalogue
from qjobs.domain.errors import RequestError
from qjobs.domain.identifiers import new_job_id
from qjobs.domain.submission import _MEMBERS
from qjobs.services.check_submission import CheckSubmission
from qjobs.services.choose import Choose
from qjobs.services.plan_first import PlanFirst
from qjobs.services.spending import Spending
from qjobs.services.submit import Submit
from tests.fakes import FakeAlgorithms, FakeClock, FakeJobStore, FakeProvider
from tests.webhook_fakes import FakeWebhooks

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["PT10M", "simulator", "hardware", "ionq.qpu.aria-1", "tag", 10.0, 1e300])
)
NAMES = st.text() | st.sampled_from(
    [
        *_MEMBERS,
        "options",
        "mode",
        "id",
        "qubits",
        "method",
        "minimum",
        "count",
        "noise",
        "webhooks",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=15
)
BODIES = st.dictionaries(NAMES, VALUES).map(lambda body: {"input": {}, **body}) | VALUES


def answered(raw: bytes, algorithm: str = "ghz") -> tuple[func.HttpResponse | None, FakeJobStore]:
    """Return the response that refuses a body, if one does, and the store of jobs."""
    store, provider = FakeJobStore(), FakeProvider()
    submit = Submit(
        check=CheckSubmission(catalogue(), provider),
        plan_first=PlanFirst(catalogue(), FakeAlgorithms(), Choose(catalogue(), provider)),
        spending=Spending(store, None, None),
        webhooks=FakeWebhooks(),
        jobs=store,
        clock=FakeClock(),
        new_id=new_job_id,
        stalled_after=timedelta(minutes=1),
        retention=timedelta(days=1),
    )
    headers = {"content-type": "application/json"}
    req = func.HttpRequest("POST", "http://host/api/jobs", headers=headers, body=raw)
    try:
        asyncio.run(submit("owner", algorithm, json_body(req, 1_000_000), "key"))
    except RequestError as error:
        return error_response(req, error), store
    return None, store


@given(BODIES, st.sampled_from([entry["id"] for entry in catalogue().all()]))
def test_any_value_is_a_job_or_a_refusal(body: object, algorithm: str) -> None:
    """No value makes a submission fail in another way, and whatever is refused leaves no job."""
    refusal, store = answered(json.dumps(body).encode(), algorithm)

    jobs = asyncio.run(store.overdue(FakeClock().now() + timedelta(days=9), 10))
    if refusal is None:
        assert len(jobs) == 1
    else:
        assert 400 <= refusal.status_code < 500
        assert not jobs


@pytest.mark.parametrize(
    "body",
    [
        {"input": {}, **{f"member-{number}": 1 for number in range(40_000)}},
        {"input": {f"member-{number}": 1 for number in range(40_000)}},
        {"n" * 900_000: 1},
        {"input": {"n" * 900_000: 1}},
        {"input": {"method": "m" * 900_000}},
        {"input": {"qubits": [["x" * 90] * 90] * 90}},
        {"input": {}, "options": {"n" * 900_000: [[[[1]]]]}},
        {"input": {}, "tags": ["t" * 90_000] * 10},
        {"input": {}, "target": {"id": "i" * 900_000}},
        {"input": {}, "target": {"mode": {"m" * 900_000: 1}}},
        {"input": {}, "deadline": "P" + "9" * 900_000 + "D"},
        {"input": {}, "shots": 1e308, "seed": -1e308, "name": "n" * 900_000},
    ],
    ids=lambda body: next(reversed(body))[:20],
)
def test_a_refusal_is_short_whatever_was_sent(body: dict[str, Any]) -> None:
    """A problem document is bounded, also for the largest body that is read."""
    refusal, _ = answered(json.dumps(body).encode())

    assert refusal is not None
    assert refusal.status_code == 422
    assert len(refusal.get_body()) < 8000
