"""Every algorithm with random inputs: valid ones give a result, or a refusal; invalid ones this."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Inputs
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.rehearsing import (
    ALGORITHMS,
    CATALOGUE,
    EXAMPLES,
    TooMuchWork,
    run,
)
from tests.unit.algorithms.schema_inputs import has_pointer, inputs, invalid
from tools.algorithm_checks.example import Example
from tools.algorithm_checks.simulator import NOISELESS

FIRST = {one.algorithm: one for one in reversed(EXAMPLES)}
"""The first example of each algorithm."""
MOST_WORK = 1000 * 2**10
"""Gates times amplitudes that a run is given."""


def schema_of(algorithm: str) -> dict[str, Any]:
    """Return the input schema of an algorithm."""
    schema: dict[str, Any] = CATALOGUE.describe(algorithm)["inputSchema"]
    return schema


def refused_by_name(example: Example) -> bool:
    """Return whether an algorithm refuses an input, by members that the schema has."""
    facts = target_facts()[NOISELESS]
    try:
        ALGORITHMS.start(
            example.algorithm, Inputs(example.input, example.shots, example.seed, facts)
        )
    except InputRejectedError as refused:
        schema = schema_of(example.algorithm)
        whole = {"properties": {"input": schema, "shots": {}}, "$defs": schema.get("$defs", {})}
        pointers = [violation.pointer or "" for violation in refused.violations]
        assert pointers
        assert all(has_pointer(whole, pointer) for pointer in pointers), pointers
        return True
    return False


@pytest.mark.parametrize("algorithm", FIRST)
@settings(
    max_examples=8,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_a_valid_input_has_a_result_or_is_refused_by_name(
    algorithm: str, data: st.DataObject
) -> None:
    """The result is valid, and each step the same when it is computed again."""
    rules = FIRST[algorithm].rules
    drawn = data.draw(inputs(schema_of(algorithm)), "input")
    shots = data.draw(st.sampled_from([rules.minimum_shots, rules.default_shots]), "shots")
    filled, violations = CATALOGUE.check(algorithm, drawn)
    assert not violations
    example = replace(FIRST[algorithm], input=filled, shots=shots)
    if refused_by_name(example):
        return
    try:
        done = run(example, MOST_WORK)
    except TooMuchWork:
        return

    assert done.failure is None, done.trace or done.failure


@pytest.mark.parametrize("algorithm", FIRST)
def test_an_invalid_input_is_refused_by_name(algorithm: str) -> None:
    """One wrong place in a valid input is named, or a place that it is in."""
    schema = schema_of(algorithm)
    for example in schema["examples"]:
        for pointer, wrong in invalid(schema, example, schema):
            if not isinstance(wrong, dict):
                continue
            _, violations = CATALOGUE.check(algorithm, wrong)
            named = [violation.pointer or "" for violation in violations]

            assert any(pointer.startswith(one) for one in named), (pointer, named)
