"""Counters, cache and circuit breaker: what the gateway keeps between requests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from localdev.gateway.breaker import Breaker, Rule
from localdev.gateway.cache import LARGEST_VALUE, Cache
from localdev.gateway.counters import Counters
from tests.unit.gateway.conftest import APIM, Time

RULE: dict[str, Any] = {
    "name": "rule",
    "failureCondition": {
        "count": 3,
        "interval": "PT10S",
        "errorReasons": ["BackendConnectionFailure", "Timeout"],
    },
    "tripDuration": "PT30S",
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


@given(count=some.integers(1, 10**6))
def test_what_is_not_there_is_owed(count: int) -> None:
    """A count beyond what is left is refilled before the next call, for a period at most."""
    time = Time()
    counters = Counters(time)
    counters.take("a", 100_000, 300, 99_999)
    counters.take("a", 100_000, 300, count)
    owed = min(count, 100_000) * 300 / 100_000

    assert counters.remaining("a", 100_000, 300) == 0
    assert owed <= counters.wait("a", 100_000, 300) < owed + 1 + 1e-6
    time.now += owed - 0.003
    assert counters.remaining("a", 100_000, 300) == 0
    time.now += 0.006
    assert counters.remaining("a", 100_000, 300) >= 1


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


def test_a_breaker_opens_after_enough_failures() -> None:
    """The last failure of the count opens it, for as long as the rule says."""
    time = Time()
    breaker = Breaker(Rule.from_json(RULE), time)

    states = []
    for reason in ("BackendConnectionFailure", "Timeout", "BackendConnectionFailure"):
        breaker.note(reason)
        states.append(breaker.open)
    for seconds in (29, 1):
        time.now += seconds
        states.append(breaker.open)

    assert states == [False, False, True, True, False]


def test_a_breaker_counts_failures_within_its_interval_only() -> None:
    """Old failures and other reasons do not open it."""
    time = Time()
    breaker = Breaker(Rule.from_json(RULE), time)

    breaker.note("Timeout")
    breaker.note("Timeout")
    time.now += 11
    for reason in ("Timeout", "Other", "Other", "Timeout"):
        breaker.note(reason)

    assert not breaker.open


def test_a_rule_is_read_as_the_resource_has_it() -> None:
    """Every property of the rule is understood."""
    rule = Rule.from_json(RULE)

    assert rule.to_json() == RULE
    assert rule.failure_condition.interval == timedelta(seconds=10)
    assert rule.trip_duration == timedelta(seconds=30)


@pytest.mark.parametrize("member", ["tripAction", "failureCondition.percentage"])
def test_an_unknown_property_is_refused(member: str) -> None:
    """A rule with a property that is not understood is no rule."""
    *path, name = member.split(".")
    rule = {**RULE, "failureCondition": dict(RULE["failureCondition"])}
    (rule[path[0]] if path else rule)[name] = []

    with pytest.raises(ValueError, match=name):
        Rule.from_json(rule)


def test_no_answer_of_the_functions_opens_the_breaker() -> None:
    """Whatever a caller can make them answer must not take the API from everybody."""
    document = json.loads((APIM / "backends.json").read_text(encoding="utf-8"))
    (rule,) = document["functions"]["circuitBreaker"]["rules"]

    assert rule["failureCondition"].keys() == {"count", "interval", "errorReasons"}
    assert rule["failureCondition"]["errorReasons"] == ["BackendConnectionFailure"]
