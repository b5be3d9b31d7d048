"""Rules: their order and their limits."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest

from azure_quantum_emulator.fault_injection.faults import JobFault
from azure_quantum_emulator.fault_injection.rules import Rules


def fault(code: str = "E", **limit: Any) -> JobFault:  # noqa: ANN401 - fields of a limit
    """Return something that is limited."""
    return JobFault(code=code, **limit)


def hits(rules: Rules[JobFault], times: int, seed: int = 0) -> str:
    """Return the codes of what hits so many things in turn; a dot is nothing."""
    random = Random(seed)
    found = [rules.hit(lambda _: True, random) for _ in range(times)]
    return "".join(each.error.code if each and each.error else "." for each in found)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ({}, "EEEEEE"),
        ({"times": 2}, "EE...."),
        ({"after": 2}, "..EEEE"),
        ({"after": 1, "times": 3}, ".EEE.."),
        ({"probability": 0.0}, "......"),
    ],
)
def test_limits(limit: dict[str, Any], expected: str) -> None:
    """The first few pass, some are hit, the others pass again."""
    assert hits(Rules((fault(**limit),)), 6) == expected


def test_a_probability_hits_as_often_as_it_says() -> None:
    """Within five standard deviations, as in all but one of a million cases."""
    number = 10_000
    hit = hits(Rules((fault(probability=0.3),)), number, seed=11).count("E")
    assert abs(hit - 0.3 * number) < 5 * math.sqrt(number * 0.3 * 0.7)


def test_a_seed_repeats_what_is_hit() -> None:
    """And another seed hits others."""
    once, again, other = (hits(Rules((fault(probability=0.5),)), 50, seed) for seed in (1, 1, 2))
    assert once == again != other


def test_a_certain_rule_leaves_nothing_to_chance() -> None:
    """It does not use the generator, so others draw the same with and without it."""
    random = Random(1)
    before = random.getstate()
    assert Rules((fault(),)).hit(lambda _: True, random)
    assert random.getstate() == before


def test_times_count_hits_not_matches() -> None:
    """A rule with a probability goes on until it has hit as often as it may."""
    assert hits(Rules((fault(probability=0.5, times=7),)), 200, seed=3).count("E") == 7


def test_the_first_rule_that_hits_decides() -> None:
    """When it is used up, or lets pass, it is the next one's turn."""
    rules = Rules((fault("A", times=1), fault("B", after=1, times=2), fault("C")))
    assert hits(rules, 6) == "ACBBCC"


def test_rules_count_for_themselves() -> None:
    """A rule that was not asked counts nothing."""
    rules = Rules((fault("A", times=2), fault("B", after=1)))
    hits(rules, 5)
    counts = [(each["id"], each["matches"], each["hits"]) for each in rules.to_json()]
    assert counts == [(1, 2, 2), (2, 3, 2)]


def test_what_does_not_match_is_not_counted() -> None:
    """Neither as a match nor as a hit."""
    rules = Rules((fault(after=1),))
    assert rules.hit(lambda _: False, Random(0)) is None
    assert rules.to_json()[0]["matches"] == 0


def test_rules_come_and_go() -> None:
    """Their numbers are never used again, so that nobody removes another's."""
    rules = Rules((fault("A"), fault("B")))
    assert rules.remove(1)
    assert not rules.remove(1)
    assert rules.add(fault("C")).number == 3
    assert [each["code"] for each in rules.to_json()] == ["B", "C"]
    rules.clear()
    assert rules.add(fault("D")).number == 4
