from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qjobs.domain.delivery import (
    LONGEST_PAUSE,
    PAUSES,
    Delivery,
    DeliveryMessage,
    DeliveryStatus,
    pause_before,
)
from qjobs.domain.event import EventType, JobEvent
from qjobs.domain.heartbeat import Heartbeat
from qjobs.domain.identifiers import creation_time, delivery_id, new_job_id
from qjobs.domain.job import Status
from qjobs.domain.messages import Message, Queue
from qjobs.domain.webhook import (
    FAILING_LONGEST,
    MOST_REPLACED,
    ROTATION,
    DisabledReason,
    Webhook,
    WebhookStatus,
    secret_of,
)
from qjobs.domain.webhook_body import registration_violations, replay_violations
from qjobs.domain.webhook_request import Sent

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MASTER = b"m" * 32
HOOK = Webhook(
    id="1",
    owner="o",
    url="https://receiver.example/",
    events=(Status.SUCCEEDED,),
    description=None,
    base="https://api.example",
    created_at=NOW,
)
OK, BAD, GONE = Sent(204, None, 1), Sent(500, None, 1), Sent(410, None, 1)


def test_a_secret_is_that_of_one_webhook_and_generation() -> None:
    """Another owner, webhook, generation or master gives another one, of 32 bytes."""
    paths = [("o", "1", 0), ("p", "1", 0), ("o", "2", 0), ("o", "1", 1)]
    secrets = {secret_of(master, *path) for path in paths for master in (MASTER, b"n" * 32)}

    assert len(secrets) == 2 * len(paths)
    assert all(len(base64.b64decode(one.removeprefix("whsec_"))) == 32 for one in secrets)
    # So that a change of the derivation, which would break every receiver, is noticed.
    assert secret_of(MASTER, "o", "1", 0) == "whsec_0ryZfg+V2Sxm33D12oZ/VAJXw4J/EZ2b9b3md5ITZIA="


def test_both_secrets_sign_for_a_day_after_a_rotation() -> None:
    """The new one first, the old one as well, until the day is over."""
    rotated = HOOK.rotated(NOW)

    assert rotated.generations(NOW) == [1, 0]
    assert rotated.generations(NOW + ROTATION - timedelta(seconds=1)) == [1, 0]
    assert rotated.generations(NOW + ROTATION) == [1]


@given(some.lists(some.integers(0, 30 * 3600), min_size=1, max_size=10))
def test_however_often_it_is_rotated_a_secret_signs_for_a_day(pauses: list[int]) -> None:
    """Up to three that were replaced: a rotation that is repeated must not lock a receiver out."""
    hook, now, replaced = HOOK, NOW, dict[int, datetime]()
    for pause in pauses:
        now += timedelta(seconds=pause)
        replaced[hook.generation] = now
        hook = hook.rotated(now)
        still = [one for one, at in sorted(replaced.items(), reverse=True) if now - at < ROTATION]
        assert hook.generations(now) == [hook.generation, *still[:MOST_REPLACED]]


def test_it_is_disabled_after_five_days_of_nothing_but_failures() -> None:
    """One success begins the count anew."""
    failing = HOOK.succeeded(ping=True).failed(NOW, gone=False)
    almost = failing.failed(NOW + FAILING_LONGEST - timedelta(seconds=1), gone=False)
    assert almost.status is WebhookStatus.ACTIVE

    assert almost.failed(NOW + FAILING_LONGEST, gone=False).reason is DisabledReason.FAILING
    again = almost.succeeded(ping=False).failed(NOW + FAILING_LONGEST, gone=False)
    assert again.status is WebhookStatus.ACTIVE


def test_who_is_gone_is_disabled_at_once_and_a_ping_brings_it_back() -> None:
    """The reason stays until then, also if another request fails or succeeds."""
    gone = HOOK.succeeded(ping=True).failed(NOW, gone=True)
    later = gone.failed(NOW + 2 * FAILING_LONGEST, gone=False).succeeded(ping=False)
    assert (later.status, later.reason) == (WebhookStatus.DISABLED, DisabledReason.GONE)

    back = later.succeeded(ping=True)
    assert (back.status, back.reason, back.failing_since) == (WebhookStatus.ACTIVE, None, None)


def test_only_an_active_webhook_wants_its_events() -> None:
    """Nothing goes to who has not accepted a ping, nor what was not asked for."""
    active = HOOK.succeeded(ping=True)

    assert active.wants(EventType.SUCCEEDED)
    assert not active.wants(EventType.FAILED)
    assert not HOOK.wants(EventType.SUCCEEDED)
    assert not active.failed(NOW, gone=True).wants(EventType.SUCCEEDED)


@given(some.integers(0, 20), some.none() | some.floats(0, 1e9), some.randoms(use_true_random=False))
def test_pauses_keep_the_schedule_and_what_a_receiver_asks_for(
    tries: int, asked: float | None, random: Random
) -> None:
    """A fifth more or less, never sooner than asked for, never longer than a day."""
    pause = pause_before(tries, asked, random)

    if tries >= len(PAUSES):
        assert pause is None
    else:
        assert pause is not None
        least, most = 0.8 * PAUSES[tries], 1.2 * PAUSES[tries]
        if asked is None or asked <= least:
            assert least <= pause <= most
        else:
            assert min(asked, LONGEST_PAUSE) <= pause <= max(most, min(asked, LONGEST_PAUSE))


def delivery() -> Delivery:
    """Return a delivery before its first attempt."""
    event = JobEvent(EventType.SUCCEEDED, "o", new_job_id(NOW), "ghz", 0, NOW)
    return Delivery.of(event, HOOK.id, timedelta(days=30))


def test_a_delivery_that_always_fails_ends_after_the_schedule() -> None:
    """Eight attempts in a round; a replay begins another one, with the same event."""
    one = first = delivery()
    while one.status is DeliveryStatus.PENDING:
        one = one.attempted(BAD, NOW, pause_before(one.tries + 1, None))
    assert (one.status, len(one.attempts)) == (DeliveryStatus.FAILED, 8)
    assert one.next_attempt is None

    again = one.replayed(NOW)
    assert (again.status, again.round, again.tries) == (DeliveryStatus.PENDING, 1, 0)
    assert again.body("https://x") == first.body("https://x")
    delivered = again.attempted(OK, NOW, None)
    assert (delivered.status, delivered.next_attempt) == (DeliveryStatus.DELIVERED, None)
    assert len(delivered.attempts) == 9


def test_a_message_counts_until_its_attempt_is_noted() -> None:
    """One of an earlier attempt or round is a double; one whose attempt is not noted is none."""
    one = delivery()
    first = one.message()
    second = one.attempted(BAD, NOW, 5.0)
    assert one.awaits(first)
    assert one.awaits(second.message())  # the process died before it noted the first
    assert second.awaits(second.message())
    assert not second.awaits(first)
    replayed = second.replayed(NOW)
    assert not replayed.awaits(second.message())
    assert replayed.awaits(replayed.message())
    assert not replayed.attempted(OK, NOW, None).awaits(replayed.message())


@given(some.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1)), some.uuids(), some.uuids())  # noqa: DTZ001 - the zone comes next
def test_the_id_of_a_delivery_is_derived_and_sorts_as_the_job(
    moment: datetime, hook: object, other: object
) -> None:
    """It has the job's time, is the same each time, and is another one for another webhook."""
    job = new_job_id(moment.replace(tzinfo=UTC))
    made = delivery_id(job, str(hook))

    assert creation_time(made) == creation_time(job)
    assert made == delivery_id(job, str(hook))
    assert (made == delivery_id(job, str(other))) == (hook == other)
    assert made != job


MESSAGES = some.builds(
    DeliveryMessage,
    some.text(),
    some.text(),
    some.text(),
    some.none() | some.text(),
    some.integers(0),
    some.integers(0),
)


@given(MESSAGES)
def test_a_message_is_read_as_it_was_written(message: DeliveryMessage) -> None:
    """Its text is ASCII, and no message of another kind is taken for one."""
    assert message.encode().isascii()
    assert DeliveryMessage.decode(message.encode()) == message

    for other in (
        Message(Queue.TRACK, "o", "1", 0).encode(),
        Heartbeat(Queue.DELIVER, "r").encode(),
    ):
        with pytest.raises(ValueError, match="delivery"):
            DeliveryMessage.decode(other)


GOOD = [
    "https://receiver.example",
    "https://receiver.example/",
    "https://receiver.example:443/a/b?c=d%20e&f=",
    "https://receiver.example:1024/",
    "https://receiver.example:65535?x",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://xn--nxasmq6b.example/",
]
WRONG = [
    "http://receiver.example/",
    "HTTPS://receiver.example/",
    "ftp://receiver.example/",
    "https://user@receiver.example/",
    "https://user:word@receiver.example/",
    "https://receiver.example/#part",
    "https://receiver.example:80/",
    "https://receiver.example:1023/",
    "https://receiver.example:65536/",
    "https://receiver.example:/",
    "https://receiver.example\\@other.example/",
    "https://receiver.example/a b",
    "https://receiver.example/\r\nX: y",
    "https://bücher.example/",
    "https:///path",
    "https://" + "a" * 254 + "/",
    "https://receiver.example/" + "a" * 2024,
    "https://localhost/",
    "https://127.0.0.1/",
    "https://169.254.169.254/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "//receiver.example/",
    "",
    7,
    None,
    ["https://receiver.example/"],
]


@pytest.mark.parametrize("url", GOOD)
def test_urls_of_receivers_are_taken(url: str) -> None:
    """Any https URL with a public host."""
    assert list(registration_violations({"url": url}, frozenset())) == []


@pytest.mark.parametrize("url", WRONG, ids=lambda url: str(url)[:40])
def test_other_urls_are_refused_at_their_place(url: object) -> None:
    """Each with one violation, at the member."""
    [violation] = registration_violations({"url": url}, frozenset())

    assert violation.pointer == "/url"


def test_what_a_laptop_allows_may_be_plain() -> None:
    """One place of the setting, not its neighbours, and not without a URL's form."""
    allowed = frozenset({"localhost:9000", "127.0.0.1:9000"})
    for url in ("http://localhost:9000/hook", "http://127.0.0.1:9000"):
        assert list(registration_violations({"url": url}, allowed)) == []
    for url in ("http://localhost:9001/", "http://a@localhost:9000/", "https://localhost/"):
        assert list(registration_violations({"url": url}, allowed)) != []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, [""]),
        ({"uri": "https://a.example/"}, ["", "/uri"]),
        ({"url": GOOD[0], "events": []}, ["/events"]),
        ({"url": GOOD[0], "events": "Succeeded"}, ["/events"]),
        ({"url": GOOD[0], "events": ["Succeeded", "Running", 7]}, ["/events/1", "/events/2"]),
        ({"url": GOOD[0], "events": ["Failed", "Failed"]}, ["/events/1"]),
        ({"url": GOOD[0], "description": ""}, ["/description"]),
        ({"url": GOOD[0], "description": "x" * 201}, ["/description"]),
        ({"url": GOOD[0], "events": ["Canceled"], "description": "é"}, []),
    ],
)
def test_every_wrong_member_is_named(body: dict[str, object], pointers: list[str]) -> None:
    """All at once, each at its place."""
    assert [one.pointer for one in registration_violations(body, frozenset())] == pointers


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"since": "2026-01-02T03:04:05Z"}, []),
        ({"since": "2026-01-02T03:04:05.123456+02:00"}, []),
        ({}, [""]),
        ({"since": "2026-01-02"}, ["/since"]),
        ({"since": "2026-01-02T03:04:05"}, ["/since"]),
        ({"since": "2026-13-02T03:04:05Z"}, ["/since"]),
        ({"since": "0001-01-01T00:00:00+23:59"}, ["/since"]),
        ({"since": 7, "status": "Failed"}, ["/since", "/status"]),
    ],
)
def test_a_replay_needs_a_time(body: dict[str, object], pointers: list[str]) -> None:
    """With its offset, as RFC 3339 says."""
    assert [one.pointer for one in replay_violations(body)] == pointers


def test_a_change_of_a_webhook_is_a_new_value() -> None:
    """The old one stays as it was."""
    assert replace(HOOK.rotated(NOW), generation=0, replaced=()) == HOOK
