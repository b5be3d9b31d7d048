from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.json_values import normalized

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
OBJECTS = st.dictionaries(
    st.text(),
    st.recursive(
        SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
    ),
)


@pytest.mark.parametrize(
    ("sent", "normal"),
    [
        ('{"a": null}', "{}"),
        ('{"a": {"b": null, "c": {"d": null}}}', '{"a": {"c": {}}}'),
        ('{"a": [null, {"b": null}, [1.0]]}', '{"a": [null, {}, [1]]}'),
        ('{"a": 3.0, "b": 1e2, "c": -0.0, "d": 2.50}', '{"a": 3, "b": 100, "c": 0, "d": 2.5}'),
        ('{"a": 1e22}', '{"a": 10000000000000000000000}'),
        ('{"a": true, "b": "3.0", "c": "null"}', '{"a": true, "b": "3.0", "c": "null"}'),
    ],
)
def test_equal_values_have_one_form(sent: str, normal: str) -> None:
    """Null members are absent, at any depth, and a whole number is an integer."""
    assert json.dumps(normalized(json.loads(sent))) == normal


@given(OBJECTS)
def test_a_normal_form_stays(body: dict[str, Any]) -> None:
    """To normalize twice is to normalize once, and the body itself is left alone."""
    before = json.dumps(body)
    once = normalized(body)

    assert json.dumps(normalized(once)) == json.dumps(once)
    assert json.dumps(body) == before
