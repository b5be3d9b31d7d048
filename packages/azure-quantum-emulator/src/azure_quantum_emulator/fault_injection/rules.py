"""Fault rules in order, each limited in when and how often it hits."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Annotated, Any

from pydantic import Field

from azure_quantum_emulator.json_model import WHOLE, JsonModel


class Limit(JsonModel):
    """The members of a rule that limit when and how often it applies to a match."""

    after: Annotated[int, Field(ge=0), WHOLE] = 0
    """how many matches to let pass first"""
    times: Annotated[int, Field(ge=1), WHOLE] | None = None
    """how many to hit, at most"""
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    """the probability with which each is hit: a number from 0 to 1"""


class Rule[E: Limit]:
    """An effect with the counts of its matches and hits."""

    def __init__(self, number: int, effect: E) -> None:
        self.number = number
        self.effect = effect
        self.matches = 0
        self.hits = 0

    def hits_now(self, random: Random) -> bool:
        """Count a match; return whether it is hit."""
        limit = self.effect
        if self.hits == limit.times:
            return False
        self.matches += 1
        if self.matches <= limit.after:
            return False
        # A rule that leaves nothing to chance must not change what is drawn for others.
        if limit.probability < 1 and random.random() >= limit.probability:
            return False
        self.hits += 1
        return True

    def to_json(self) -> dict[str, Any]:
        """Return it with its number and its counts."""
        counts = {"id": self.number, "matches": self.matches, "hits": self.hits}
        return counts | self.effect.to_json()


class Rules[E: Limit]:
    """Rules in their order, of which the first that hits decides."""

    def __init__(self, effects: tuple[E, ...] = ()) -> None:
        self._rules: list[Rule[E]] = []
        self._added = 0
        for effect in effects:
            self.add(effect)

    @property
    def effects(self) -> tuple[E, ...]:
        """The faults of the rules, in their order."""
        return tuple(rule.effect for rule in self._rules)

    def add(self, effect: E) -> Rule[E]:
        """Add a rule behind all others."""
        self._added += 1
        rule = Rule(self._added, effect)
        self._rules.append(rule)
        return rule

    def remove(self, number: int) -> bool:
        """Remove a rule; return whether there was one of this number."""
        kept = [rule for rule in self._rules if rule.number != number]
        removed = len(kept) < len(self._rules)
        self._rules = kept
        return removed

    def clear(self) -> None:
        """Remove all rules."""
        self._rules = []

    def hit(self, matches: Callable[[E], bool], random: Random) -> E | None:
        """Return the effect of the first rule that matches and hits; None if nothing is to happen.

        Rules behind the one that hits do not count the match.
        """
        for rule in self._rules:
            if matches(rule.effect) and rule.hits_now(random):
                return rule.effect
        return None

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rules with their numbers and counts."""
        return [rule.to_json() for rule in self._rules]
