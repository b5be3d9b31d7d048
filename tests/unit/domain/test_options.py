from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.options import OF_PROVIDERS, option_violations

SCALARS = st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NAMES = st.sampled_from(sorted({name for table in OF_PROVIDERS.values() for name in table}))


def nested(levels: int) -> object:
    """Return that many arrays and objects inside each other, by turns."""
    value: object = 1
    for level in range(levels):
        value = [value] if level % 2 else {"x": value}
    return value


@pytest.mark.parametrize(
    ("provider", "options", "violations"),
    [
        ("ionq", {"noise": "ideal"}, [("/noise", "Must be of type object.")]),
        ("ionq", {"noise": 5}, [("/noise", "Must be of type object.")]),
        ("ionq", {"noise": [1]}, [("/noise", "Must be of type object.")]),
        (
            "ionq",
            {"noise": {"model": 1, "seed": 1.5}},
            [
                ("/noise/model", "Must be of type string."),
                ("/noise/seed", "Must be of type integer."),
            ],
        ),
        (
            "ionq",
            {"error-mitigation": {"debias": "no"}},
            [("/error-mitigation/debias", "Must be of type boolean.")],
        ),
        ("quantinuum", {"error-params": 0.1}, [("/error-params", "Must be of type object.")]),
        ("quantinuum", {"tket-opt-level": True}, [("/tket-opt-level", "Must be of type integer.")]),
        ("rigetti", {"skipQuilc": 1}, [("/skipQuilc", "Must be of type boolean.")]),
        (None, {"noise": "ideal", "skipQuilc": 1}, ["/noise", "/skipQuilc"]),
        ("local", {"shots": 5, "items": []}, ["/shots", "/items"]),
        ("pasqal", {"seed": 5}, [("/seed", "Is set by the engine; leave it out.")]),
        ("pasqal", {"a/b": nested(4)}, [("/a~1b", "Must not be nested deeper than 3 levels.")]),
        ("ionq", {"noise": nested(1000)}, ["/noise"]),
        ("ionq", {str(number): 1 for number in range(21)}, [""]),
        ("ionq", {"x": "y" * 4096}, [("", "Must be at most 4096 characters of JSON.")]),
        ("ionq", {"x" * 5000: nested(5)}, [("/" + "x" * 99 + "…",)]),
        ("ionq", [], [("", "Must be an object with at most 20 members.")]),
        (None, "noise", [""]),
    ],
)
def test_options_that_no_target_takes_are_named(
    provider: str | None, options: object, violations: list[Any]
) -> None:
    """Type and depth of every option are checked, with a pointer to each that is wrong."""
    found = list(option_violations(options, provider))

    expected = [(one,) if isinstance(one, str) else one for one in violations]
    assert [one[: len(wanted)] for one, wanted in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("provider", "options"),
    [
        ("ionq", {}),
        ("ionq", {"noise": {"model": "aria-1", "seed": 7, "new": True}}),
        ("ionq", {"error-mitigation": {"debias": False}, "priority": "low"}),
        ("quantinuum", {"error-params": {"p1": 4e-5, "p2_error_model": {"XX": 1}}}),
        ("quantinuum", {"error-params": dict.fromkeys("object", 1)}),
        ("rigetti", {"substitutions": {"theta": [[0, 3.14]]}, "noise": "of another provider"}),
        ("pasqal", {"anything": nested(3), "other": "x"}),
        (None, {"noise": {}, "error-model": False, "anything": nested(3)}),
    ],
)
def test_options_of_a_target_are_taken(provider: str | None, options: dict[str, Any]) -> None:
    """What a provider documents is fine, and so is what nobody knows if it is not deep."""
    assert list(option_violations(options, provider)) == []


def test_providers_agree_on_the_options_that_they_share() -> None:
    """A target that is not chosen yet can be any provider's, so a name has one type."""
    types: dict[str, list[object]] = {}
    for table in OF_PROVIDERS.values():
        for name, kind in table.items():
            types.setdefault(name, []).append(kind)

    assert all(kind == kinds[0] for kinds in types.values() for kind in kinds)


@given(st.dictionaries(NAMES | st.text(), VALUES, max_size=5), st.sampled_from(["ionq", None]))
def test_options_of_any_form_are_judged(options: dict[str, Any], provider: str | None) -> None:
    """No value makes the check fail, and what passes is small and flat."""
    violations = list(option_violations(options, provider))

    if not violations:
        assert len(json.dumps(options)) <= 4096
        assert isinstance(options.get("noise", {}), dict)
