"""A few cases of what `make fuzz` runs by the thousand: nothing is wrong, hangs or does harm."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tools.fuzz.case import Verdict
from tools.fuzz.session import KINDS, Result, Session

NUMBERS = {"circuits": 25, "mutants": 120}
SEED = 20_26


@pytest.mark.parametrize("kind", KINDS)
def test_random_programs_are_right_and_mutants_do_no_harm(kind: str) -> None:
    """Each failure says which; `make fuzz ARGS='KIND --seed 2026 --case N'` shows it."""
    results: list[Result] = []
    cases = iter([(kind, number) for number in range(NUMBERS.get(kind, 40))])

    asyncio.run(Session(SEED, 1).run(cases, results.append))

    failed = [(one.number, one.verdict, one.reason) for one in results if one.verdict.is_failure]
    assert failed == []
    verdicts = Counter(one.verdict for one in results)
    assert verdicts.total() == NUMBERS.get(kind, 40)
    assert verdicts[Verdict.RIGHT] >= (3 if kind == "mutants" else verdicts.total() // 2)
