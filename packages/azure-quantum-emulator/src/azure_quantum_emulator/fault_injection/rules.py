"""Rules: things to happen, held in order, each limited in when and how often it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

LIMIT: dict[str, Any] = {
    "after": {"type": "integer", "minimum": 0, "description": "how many to let pass first"},
    "times": {"type": "integer", "minimum": 1, "description": "how many to hit, at most"},
    "probability": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "a probability: a number from 0 to 1",
    },
}
"""JSON schemas of the fields of a limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """When and how often a rule hits what it matches."""

    after: int = 0
    """How many matches to let pass first."""
    times: int | None = None
    """How many to hit; None means no end."""
    probability: float = 1.0
    """With which each is hit."""

    def to_json(self) -> dict[str, Any]:
        """Return it as part of a rule in settings."""
        times = {} if self.times is None else {"times": self.times}
        return {"after": self.after, **times, "probability": self.probability}


class Effect(Protocol):
    """What a rule does."""

    @property
    def limit(self) -> Limit:
        """When and how often."""

    def to_json(self) -> dict[str, Any]:
        """Return it as settings hold it."""


class Rule[E: Effect]:
    """An effect and what has come of it so far."""

    def __init__(self, number: int, effect: E) -> None:
        self.number = number
        self.effect = effect
        self.matches = 0
        self.hits = 0

    def hits_now(self, random: Random) -> bool:
        """Count a match; return whether it is hit."""
        limit = self.effect.limit
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


class Rules[E: Effect]:
    """Rules in their order, of which the first that hits decides."""

    def __init__(self, effects: tuple[E, ...] = ()) -> None:
        self._rules: list[Rule[E]] = []
        self._added = 0
        for effect in effects:
            self.add(effect)

    @property
    def effects(self) -> tuple[E, ...]:
        """What the rules do, in their order."""
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
