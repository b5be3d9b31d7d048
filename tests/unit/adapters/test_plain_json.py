"""JSON of what algorithms return."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from qjobs.adapters.plain_json import plain_json
from qjobs.domain.errors import AlgorithmError


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"a": [1, 2.5, "x", True, None]}, {"a": [1, 2.5, "x", True, None]}),
        ({"pair": (1, (2, 3))}, {"pair": [1, [2, 3]]}),
        ({"mean": np.float64(0.5)}, {"mean": 0.5}),
        ({}, {}),
    ],
)
def test_a_value_is_as_it_is_after_it_was_stored(value: Any, stored: Any) -> None:  # noqa: ANN401 - it is JSON
    """A step that goes on at once sees what one after a crash sees, and no other types."""
    plain = plain_json(value, "state")

    assert plain == stored == json.loads(json.dumps(plain))
    assert repr(plain) == repr(stored)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"physical": np.bool_(True)}, "result/physical is numpy.bool: use bool()."),  # noqa: FBT003 - the value is the case
        ({"list": [1, np.int64(2)]}, "result/list/1 is numpy.int64: use int()."),
        ({"a": {"b": np.float32(1)}}, "result/a/b is numpy.float32: use float()."),
        ({"angles": np.array([1.0])}, "result/angles is numpy.ndarray: use its tolist()."),
        ({"a": float("nan")}, "result/a is nan, which JSON cannot say."),
        ({"a": [np.inf]}, "result/a/0 is inf, which JSON cannot say."),
        ({"a": {3: 1}}, "result/a has the key 3: write a text."),
        ({"a/b": {1}}, "result/a~1b is set: use texts, numbers, lists and objects with names."),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "result/at is datetime.datetime: use texts"),
        ({"z": 1j}, "result/z is complex: use texts"),
        (b"x", "result is bytes: use texts"),
    ],
)
def test_what_is_no_json_is_named_with_its_place(value: object, complaint: str) -> None:
    """Its author reads where it is, and what to write."""
    with pytest.raises(AlgorithmError) as refused:
        plain_json(value, "result")

    assert str(refused.value.detail).startswith(complaint)
