"""Settings that do not go together are refused by the template, without any hook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infra.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    Index,
    Literal,
    Name,
    Object,
    Operation,
)
from tests.infra.bicep.templates import Parameter, Resource, Variable, read_template

ROOT = Path(__file__).parents[2]
MAIN = read_template(ROOT / "infra" / "app" / "main.bicep")

OPERATORS: Mapping[str, Callable[..., Any]] = {
    "!": lambda one: not one,
    "&&": lambda one, other: one and other,
    "||": lambda one, other: one or other,
    "==": lambda one, other: one == other,
    ">": lambda one, other: one > other,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "empty": lambda of: not of,
    "length": len,
    "split": lambda text, by: text.split(by),
    "concat": lambda *lists: [item for each in lists for item in each],
}
NO_NETWORK = "A second region has no private network."
NO_POOL = "A second region takes a gateway with pools."
NO_ZONES = "Zones and more regions of the gateway take the tier Premium."
FEW_UNITS = "A gateway takes a unit for each zone."


def value(expression: Expression, given: Mapping[str, object]) -> Any:  # noqa: ANN401, C901, PLR0911 - one case for each kind
    """Return what an expression is, with what is given to the parameters."""

    def of(inner: Expression) -> Any:  # noqa: ANN401 - whatever Bicep computes
        return value(inner, given)

    match expression:
        case Literal(value=known):
            return known
        case Array(items=items):
            return [of(item) for item in items]
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return of(then) if of(condition) else of(otherwise)
        case Operation(operator=operator, operands=operands):
            return OPERATORS[operator](*map(of, operands))
        case Call(function=function, arguments=arguments):
            return FUNCTIONS[function](*map(of, arguments))
        case Index(of=table, index=index) if isinstance(members := _variable(table), Object):
            chosen = members.get(of(index))
            assert chosen is not None
            return of(chosen)
        case Name(name=name) if name in given:
            return given[name]
        case Name(name=name):
            match MAIN.symbols[name]:
                case Variable(value=inner):
                    return of(inner)
                case Parameter(default=default) if default is not None:
                    return of(default)
    raise AssertionError(f"{expression.place}: not computed here")


def _variable(expression: Expression) -> Expression | None:
    found = MAIN.symbols.get(expression.name) if isinstance(expression, Name) else None
    return found.value if isinstance(found, Variable) else None


@pytest.mark.parametrize(
    ("given", "refusals"),
    [
        ({}, []),
        ({"size": "prod", "privateNetworking": True}, []),
        ({"size": "prod", "secondaryLocation": "northeurope"}, []),
        ({"gatewayTier": "BasicV2", "secondaryLocation": "northeurope"}, []),
        (
            {"size": "prod", "privateNetworking": True, "secondaryLocation": "northeurope"},
            [NO_NETWORK],
        ),
        ({"secondaryLocation": "northeurope"}, [NO_POOL]),
        ({"privateNetworking": True, "secondaryLocation": "northeurope"}, [NO_NETWORK, NO_POOL]),
        ({"gatewayTier": "Premium", "gatewayLocations": "northeurope"}, []),
        ({"gatewayTier": "Premium", "gatewayUnits": 3, "gatewayZones": "1,2,3"}, []),
        ({"gatewayTier": "Premium", "gatewayUnits": 2, "gatewayZones": "1,2,3"}, [FEW_UNITS]),
        ({"gatewayTier": "Premium", "gatewayZones": "1"}, []),
        ({"gatewayTier": "StandardV2", "gatewayZones": "1"}, [NO_ZONES]),
        ({"size": "prod", "gatewayLocations": "northeurope"}, [NO_ZONES]),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    given: Mapping[str, object], refusals: list[str]
) -> None:
    """Each with what is wrong, and nothing else."""
    assert value(Name("refusals", place=_group().place), given) == refusals


def test_nothing_is_made_where_something_is_refused() -> None:
    """The group that all the rest is in has no location then."""
    match _group().body.get("location"):
        case Conditional(
            condition=Call(function="empty", arguments=(Name(name=asked),)), then=then
        ):
            assert asked == "refusals"
            assert isinstance(then, Name)
            assert then.name == "location"
        case other:
            pytest.fail(f"the location does not ask for refusals: {other}")


def _group() -> Resource:
    (group,) = MAIN.each(Resource)
    return group
