"""The jobs of a run: drawn from a few recipes by a seed, with the callers' habits and mischief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from tools.loop_app import STEPS
from tools.soak.parts import DEVICES, DOOMED, SLOW

CALLERS = ("ada", "grace", "emmy", "lise", "maria")


class Wait(StrEnum):
    """The ways in which a caller waits for a job."""

    ON_SUBMIT = "on submit"
    ON_STATUS = "on status"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Recipe:
    """The request for a job."""

    name: str
    algorithm: str
    body: Mapping[str, Any]
    circuits: int
    """Of its last step."""
    repeats: bool = False
    """Whether its result is the same each time: it has a seed, and a target that takes one."""
    fails: bool = False
    """Whether the provider refuses it."""
    slow: bool = False
    """Whether its device takes hours, so that its caller gives it up."""


def _ghz(qubits: int, **members: object) -> dict[str, Any]:
    return {"input": {"qubits": qubits}, "shots": 100, **members}


def _parity(qubits: int, **members: object) -> dict[str, Any]:
    return {"input": {"qubits": qubits, "method": "Parity"}, "shots": 50, **members}


_SIMULATOR = {"target": {"id": "local.sim.aer"}}
_NOISY = {"target": {"id": "local.sim.aer-noisy"}}
_HARDWARE = {"target": {"mode": "Hardware"}}
_COMMON: Sequence[tuple[int, Recipe]] = (
    (9, Recipe("any simulator", "ghz", _ghz(5, seed=1), 1, repeats=True)),
    (3, Recipe("parity", "ghz", _parity(3, seed=2), 4, repeats=True)),
    (1, Recipe("many circuits", "ghz", _parity(9, seed=3), 10, repeats=True)),
    (
        4,
        Recipe(
            "emoticons",
            "emoticons",
            {"input": {"first": ":)", "second": ";("}, "shots": 80, "seed": 4, **_SIMULATOR},
            1,
            repeats=True,
        ),
    ),
    (
        3,
        Recipe(
            "numbers",
            "random_numbers",
            {"input": {"count": 8}, "shots": 128, "seed": 5, **_SIMULATOR},
            3,
            repeats=True,
        ),
    ),
    (2, Recipe("steps", STEPS, _ghz(3, seed=6), 1, repeats=True)),
    (1, Recipe("steps of circuits", STEPS, _parity(2, seed=7), 3, repeats=True)),
    (2, Recipe("noisy", "ghz", _ghz(4, seed=8, **_NOISY), 1, repeats=True)),
    (3, Recipe("any device", "ghz", _parity(3, **_HARDWARE), 4)),
    (1, Recipe("steps on a device", STEPS, _parity(2, **_HARDWARE), 3)),
    (2, Recipe("named device", "ghz", _ghz(2, target={"id": DEVICES[0]}), 1)),
    (1, Recipe("doomed", "ghz", _ghz(3, target={"id": DOOMED}), 1, fails=True)),
    (2, Recipe("slow", "ghz", _parity(2, target={"id": SLOW}), 3, slow=True)),
)
"""How often each is drawn, and the recipe."""
RECIPES = tuple(recipe for _, recipe in _COMMON)
_WEIGHTS = tuple(weight for weight, _ in _COMMON)


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One job, and everything that its caller is going to do about it."""

    label: str
    """The name of the job, which no other has."""
    caller: str
    recipe: Recipe
    at: float
    """Seconds after the beginning."""
    wait: Wait = Wait.NOT
    key: str | None = None
    """Its idempotency key."""
    twice: bool = False
    """Whether it is submitted twice at once, under its key."""
    other_body: bool = False
    """Whether another body is submitted under its key."""
    cancel_after: float | None = None
    """Seconds until its caller cancels it."""
    deadline: int | None = None
    """Seconds."""

    def body(self) -> dict[str, Any]:
        """Return the body of the request."""
        deadline = {"deadline": f"PT{self.deadline}S"} if self.deadline is not None else {}
        return {**self.recipe.body, "name": self.label, **deadline}

    def another_body(self) -> dict[str, Any]:
        """Return a body that the key is not for."""
        return {**self.body(), "shots": self.recipe.body["shots"] + 1}


def plan_jobs(seed: int, jobs: int, per_second: float) -> list[PlannedJob]:
    """Return *jobs* jobs in the order they are submitted; the same for the same seed."""
    random = Random(f"{seed}/jobs")  # noqa: S311 - it has to repeat itself
    return [_planned(random, number, number / per_second) for number in range(jobs)]


def _planned(random: Random, number: int, at: float) -> PlannedJob:
    recipe = random.choices(RECIPES, _WEIGHTS)[0]
    label = f"job {number}"
    key = f"key of {label}" if random.random() < 0.7 else None  # noqa: PLR2004 - most callers
    mischief = random.random()
    cancel = random.uniform(0, 3) if random.random() < 0.08 else None  # noqa: PLR2004 - a few
    deadline = random.randint(2, 8) if random.random() < 0.06 else None  # noqa: PLR2004 - a few
    if recipe.slow and key is None:
        # Its caller may never learn of it, and then cannot cancel it.
        cancel, deadline = None, 6
    elif recipe.slow and cancel is None:
        cancel, deadline = random.choice(((random.uniform(0, 6), None), (None, 6)))
    return PlannedJob(
        label=label,
        caller=random.choice(CALLERS),
        recipe=recipe,
        at=at,
        wait=random.choice(tuple(Wait)),
        key=key,
        twice=key is not None and mischief < 0.12,  # noqa: PLR2004 - some
        other_body=key is not None and mischief > 0.9,  # noqa: PLR2004 - some
        cancel_after=cancel,
        deadline=deadline,
    )
