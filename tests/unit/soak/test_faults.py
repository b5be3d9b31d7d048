from __future__ import annotations

import json
from random import Random

import pytest

from tools.soak.faults import (
    BLOBS,
    LINKED_STORAGE,
    QUEUES,
    REFUSALS,
    WORKSPACE,
    Fault,
    FaultSource,
    refusal,
)


@pytest.mark.parametrize("rates", [WORKSPACE, LINKED_STORAGE, BLOBS, QUEUES])
def test_faults_come_as_often_as_they_should(rates: dict[Fault, float]) -> None:
    """Of many requests each fault hits its share, and no other fault any."""
    source = FaultSource(Random(1), rates, on=True)
    drawn = [source.draw() for _ in range(200_000)]

    for fault in Fault:
        share = drawn.count(fault) / len(drawn)
        assert share == pytest.approx(rates.get(fault, 0.0), rel=0.3)


def test_nothing_happens_while_faults_are_off() -> None:
    """A link is sound until it is told otherwise."""
    source = FaultSource(Random(1), {Fault.RESET: 1.0})

    assert [source.draw() for _ in range(10)] == [None] * 10
    source.on = True
    assert source.draw() is Fault.RESET


def test_an_outage_hits_every_request() -> None:
    """Whatever the rates are, and whether faults are on or off."""
    source = FaultSource(Random(1), {Fault.RESET: 1.0})
    source.outage = Fault.FORBIDDEN

    assert [source.draw() for _ in range(10)] == [Fault.FORBIDDEN] * 10
    source.outage = None
    assert source.draw() is None


@pytest.mark.parametrize("fault", sorted(REFUSALS))
def test_a_refusal_says_its_code_twice(fault: Fault) -> None:
    """In the body, where the workspace has it, and in the header, where storage has it."""
    response = refusal(fault)

    assert response.status == int(fault[:3])
    code = json.loads(response.body)["error"]["code"]
    assert response.header(b"x-ms-error-code").decode() == code
    assert bool(response.header(b"retry-after")) is (fault is Fault.THROTTLED_FOR)
