"""Counters, cache and circuit breaker: what the gateway keeps between requests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from functions.problems import status_of
from localdev.gateway.breaker import Breaker, Rule
from localdev.gateway.cache import LARGEST_VALUE, Cache
from localdev.gateway.counters import Counters
from qjobs.domain.errors import FunctionsNotRunningError, StorageUnavailableError
from tests.unit.gateway.conftest import APIM, Time

RULE: dict[str, Any] = {
    "name": "rule",
    "failureCondition": {
        "count": 3,
        "interval": "PT10S",
        "statusCodeRanges": [{"min": 502, "max": 504}],
    },
    "tripDuration": "PT30S",
    "acceptRetryAfter": True,
}


def test_a_bucket_holds_the_calls_of_a_period() -> None:
    """As many calls as a period allows go through at once, and no more."""
    counters = Counters(Time())

    for left in (3, 2, 1):
        assert counters.remaining("a", 3, 60) == left
        counters.take("a", 3, 60)
    assert counters.remaining("a", 3, 60) == 0


def test_after_the_wait_there_is_a_call() -> None:
    """Whoever waits as long as asked, and no less, finds a call."""
    time = Time()
    counters = Counters(time)
    counters.take("a", 3, 60, 3)

    wait = counters.wait("a", 3, 60)

    assert wait == 20
    time.now += wait - 1
    assert counters.remaining("a", 3, 60) == 0
    time.now += 1
    assert counters.remaining("a", 3, 60) == 1


def test_keys_have_buckets_of_their_own() -> None:
    """What one key uses another still has."""
    counters = Counters(Time())
    counters.take("a", 1, 60)

    assert counters.remaining("a", 1, 60) == 0
    assert counters.remaining("b", 1, 60) == 1


@given(counts=some.lists(some.integers(0, 10**9), max_size=20), calls=some.integers(1, 10**6))
def test_nobody_waits_longer_than_a_period(counts: list[int], calls: int) -> None:
    """However much was taken at once, there is a call within one period."""
    counters = Counters(Time())
    for count in counts:
        counters.take("a", calls, 300, count)

    assert 1 <= counters.wait("a", calls, 300) <= 300


def test_full_buckets_are_forgotten() -> None:
    """A key that is not used any more takes no memory."""
    time = Time()
    counters = Counters(time)
    for number in range(999):
        counters.take(str(number), 1, 60)
    time.now += 61
    counters.take("last", 1, 60)

    assert len(counters._buckets) == 1  # noqa: SLF001 - nothing else shows it


def test_a_value_is_cached_for_its_time() -> None:
    """What is stored is found until its time is over."""
    time = Time()
    cache = Cache(now=time)
    cache.store("key", "value", 10)

    time.now += 9
    assert cache.lookup("key") == "value"
    time.now += 1
    assert cache.lookup("key") is None
    assert cache.lookup("other") is None


def test_the_cache_gives_up_the_oldest() -> None:
    """A full cache forgets what was stored first."""
    cache = Cache(size=10, now=Time())
    for key in ("a", "b", "c"):
        cache.store(key, "12345", 10)

    assert [cache.lookup(key) for key in ("a", "b", "c")] == [None, "12345", "12345"]


def test_storing_again_replaces() -> None:
    """A key has one value, the last, and takes the place of one."""
    cache = Cache(size=10, now=Time())
    for value in ("1234567890", "0987654321", "abc"):
        cache.store("key", value, 10)
    cache.store("other", "1234567", 10)

    assert (cache.lookup("key"), cache.lookup("other")) == ("abc", "1234567")


def test_what_is_too_large_is_not_cached() -> None:
    """A value over the limit of API Management is not kept."""
    cache = Cache(now=Time())
    cache.store("key", "x" * (LARGEST_VALUE + 1), 10)

    assert cache.lookup("key") is None


def noted(breaker: Breaker, *statuses: int) -> None:
    """Have the backend answer with these."""
    for status in statuses:
        breaker.note(status, None)


def test_a_breaker_opens_after_enough_failures() -> None:
    """The last failure of the count opens it, for as long as the rule says."""
    time = Time()
    breaker = Breaker(Rule.from_json(RULE), time)

    states = []
    for status in (503, 504, 502):
        breaker.note(status, None)
        states.append(breaker.open)
    for seconds in (29, 1):
        time.now += seconds
        states.append(breaker.open)

    assert states == [False, False, True, True, False]


def test_a_breaker_counts_failures_within_its_interval_only() -> None:
    """Old failures, other statuses and successes do not open it."""
    time = Time()
    breaker = Breaker(Rule.from_json(RULE), time)

    noted(breaker, 503, 503)
    time.now += 11
    noted(breaker, 503, 200, 404, 429, 500, 500)

    assert not breaker.open


@pytest.mark.parametrize(("asked", "seconds"), [("5", 5), ("soon", 30), (None, 30), ("", 30)])
def test_a_breaker_listens_to_the_backend(asked: str | None, seconds: int) -> None:
    """It stays open as long as the backend's Retry-After says, if that is a number."""
    time = Time()
    breaker = Breaker(Rule.from_json(RULE), time)
    for _ in range(3):
        breaker.note(503, asked)

    time.now += seconds - 1
    assert breaker.open
    time.now += 1
    assert not breaker.open


def test_a_rule_is_read_as_the_resource_has_it() -> None:
    """Every property of the rule is understood."""
    rule = Rule.from_json(RULE)

    assert rule.to_json() == RULE
    assert rule.failure_condition.interval == timedelta(seconds=10)
    assert rule.trip_duration == timedelta(seconds=30)


@pytest.mark.parametrize("member", ["tripAction", "failureCondition.errorReasons"])
def test_an_unknown_property_is_refused(member: str) -> None:
    """A rule with a property that is not understood is no rule."""
    *path, name = member.split(".")
    rule = {**RULE, "failureCondition": dict(RULE["failureCondition"])}
    (rule[path[0]] if path else rule)[name] = []

    with pytest.raises(ValueError, match=name):
        Rule.from_json(rule)


def test_asking_for_the_health_of_functions_does_not_open_the_breaker() -> None:
    """Anybody may ask, as often as the limit allows: that must not take the API from everybody."""
    document = json.loads((APIM / "backends.json").read_text(encoding="utf-8"))
    (rule,) = document["functions"]["circuitBreaker"]["rules"]
    breaker = Breaker(Rule.from_json(rule), Time())

    noted(breaker, *[status_of(FunctionsNotRunningError())] * 1000)
    assert not breaker.open

    noted(breaker, *[status_of(StorageUnavailableError())] * 1000)
    assert breaker.open
