from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from qjobs.adapters.schema_validator import validator_of

UNIQUE = {"uniqueItems": True}
SCALARS = st.sampled_from([None, False, True, 0, 1, 0.0, 1.0, -0.0, 0.5, "", "a", "1"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("items", "unique"),
    [
        ([1, True], True),
        ([0, False, None, "", "0"], True),
        ([1, 1.0], False),
        ([[1, True], [1, 1]], True),
        ([[1.0, {"a": 2}], [1, {"a": 2.0}]], False),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], False),
        ([{"a": 1}, [["a", 1]]], True),
        ([[], {}], True),
    ],
)
def test_items_are_compared_as_json(items: list[object], unique: bool) -> None:
    """Numbers are equal by value and objects without order; a boolean is no number."""
    assert validator_of(UNIQUE).is_valid(items) is unique


@given(st.lists(VALUES, max_size=5))
def test_the_library_says_the_same(items: list[object]) -> None:
    """What is unique for the library is unique here."""
    assert validator_of(UNIQUE).is_valid(items) is Draft202012Validator(UNIQUE).is_valid(items)


def test_many_objects_are_compared_in_one_pass() -> None:
    """A body full of objects, for which the library would take hours, is judged at once."""
    items = [{"a": number} for number in range(70_000)]

    assert validator_of(UNIQUE).is_valid(items)
    assert not validator_of(UNIQUE).is_valid([*items, {"a": 7}])


@pytest.mark.parametrize("value", [{"a": 1}, "aa", None, [1, 1]])
def test_other_values_and_schemas_have_no_such_rule(value: object) -> None:
    """The keyword is for arrays alone, and only if it is true."""
    assert validator_of({"uniqueItems": False}).is_valid(value)
    assert validator_of(UNIQUE).is_valid(value) is not isinstance(value, list)
