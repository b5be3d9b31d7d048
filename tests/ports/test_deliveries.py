"""Contract of `Deliveries`: fake and Blob Storage keep the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qjobs.domain.delivery import Attempted, Delivery, DeliveryStatus
from qjobs.domain.errors import ConcurrentUpdateError, InvalidParameterError
from qjobs.domain.event import EventType
from qjobs.domain.identifiers import delivery_id, new_job_id
from qjobs.webhook_ports import Deliveries, DeliveryFilter

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
HOOK = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"


def delivery(age: int = 0, webhook: str = HOOK, owner: str = "a", **members: object) -> Delivery:
    """Return the delivery of a job that was created *age* seconds ago."""
    job = new_job_id(NOW - timedelta(seconds=age))
    default = {
        "id": delivery_id(job, webhook),
        "owner": owner,
        "webhook_id": webhook,
        "type": EventType.SUCCEEDED,
        "job_id": job,
        "algorithm": "ghz",
        "at": NOW,
        "kept_until": NOW + timedelta(days=30),
        "next_attempt": NOW,
    }
    return Delivery(**{**default, **members})  # type: ignore[arg-type]


async def test_a_delivery_is_read_as_it_was_written(deliveries: Deliveries) -> None:
    """Every member comes back, with as many attempts as a record keeps."""
    attempts = tuple(Attempted(NOW, None, "NoPublicAddress", 15_000) for _ in range(19))
    written = delivery(round=3, tries=8, attempts=(*attempts, Attempted(NOW, 503, None, 7)))
    made = await deliveries.create(written)
    read = await deliveries.get("a", HOOK, written.id)

    assert made is not None
    assert read is not None
    assert made.delivery == read.delivery == written
    assert made.etag == read.etag
    assert await deliveries.get("a", OTHER, written.id) is None
    assert await deliveries.get("b", HOOK, written.id) is None


async def test_a_delivery_is_made_once_and_changed_by_who_has_read_it(
    deliveries: Deliveries,
) -> None:
    """A second creation makes nothing; a write needs the version that was read."""
    written = delivery()
    made = await deliveries.create(written)
    assert made is not None
    assert await deliveries.create(replace(written, tries=5)) is None

    saved = await deliveries.save(replace(written, tries=1), made.etag)

    with pytest.raises(ConcurrentUpdateError):
        await deliveries.save(replace(written, tries=2), made.etag)
    with pytest.raises(ConcurrentUpdateError):
        await deliveries.delete(made)
    await deliveries.delete(saved)
    await deliveries.delete(saved)
    assert await deliveries.get("a", HOOK, written.id) is None


async def test_a_list_has_the_newest_job_first_page_by_page(deliveries: Deliveries) -> None:
    """Every delivery of the webhook comes by once, and none of another."""
    written = [delivery(age) for age in (3, 0, 4, 1, 2)]
    for one in [*written, delivery(webhook=OTHER), delivery(owner="b")]:
        await deliveries.create(one)

    found: list[Delivery] = []
    token = None
    while True:
        page = await deliveries.page("a", DeliveryFilter(HOOK), 2, token)
        assert len(page.deliveries) <= 2
        found += [one.delivery for one in page.deliveries]
        token = page.continuation
        if token is None:
            break

    assert [one.id for one in found] == sorted(one.id for one in written)
    assert found == [written[1], written[3], written[4], written[0], written[2]]


async def test_a_filter_leaves_out_what_has_another_status(deliveries: Deliveries) -> None:
    """By whatever pages, those of one status are found, and a token is of one list alone."""
    for age in range(6):
        status = DeliveryStatus.FAILED if age % 3 == 2 else DeliveryStatus.DELIVERED
        await deliveries.create(delivery(age, status=status))

    wanted, found, tokens = DeliveryFilter(HOOK, DeliveryStatus.FAILED), 0, []
    page = await deliveries.page("a", wanted, 1, None)
    found += len(page.deliveries)
    while page.continuation:
        tokens.append(page.continuation)
        page = await deliveries.page("a", wanted, 1, page.continuation)
        found += len(page.deliveries)

    assert found == 2
    for owner, other in (("b", wanted), ("a", DeliveryFilter(HOOK)), ("a", DeliveryFilter(OTHER))):
        with pytest.raises(InvalidParameterError):
            await deliveries.page(owner, other, 1, tokens[0])


async def test_a_walk_comes_by_everything(deliveries: Deliveries) -> None:
    """Those of all owners and webhooks."""
    written = [delivery(), delivery(webhook=OTHER), delivery(owner="b")]
    for one in written:
        await deliveries.create(one)

    walked = {one.delivery.id for one in await deliveries.walk()}

    assert walked == {one.id for one in written}
