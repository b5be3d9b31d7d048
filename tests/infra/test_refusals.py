"""Settings that do not go together are refused by the template, without any hook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.bicep.expressions import Call, Conditional, Name
from tools.bicep.frames import Tree
from tools.bicep.snapshot import variable
from tools.bicep.templates import Resource, read_template

ROOT = Path(__file__).parents[2]
MAIN = read_template(ROOT / "infra" / "app" / "main.bicep")
NO_NETWORK = "A second region has no private network."
NO_CACHE = "Two regions take a gateway with a cache."
NO_ZONES = "Zones and more regions of the gateway take the tier Premium."
NO_ENDPOINT = "A free channel has no private endpoint."
FEW_UNITS = "A gateway takes a unit for each zone."


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
        ({"secondaryLocation": "northeurope"}, [NO_CACHE]),
        ({"privateNetworking": True, "secondaryLocation": "northeurope"}, [NO_NETWORK, NO_CACHE]),
        ({"channel": "Free"}, []),
        ({"size": "prod", "privateNetworking": True, "channel": "Standard"}, []),
        ({"size": "prod", "privateNetworking": True, "channel": "Free"}, [NO_ENDPOINT]),
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
    path = ROOT / "infra" / "app" / "main.bicep"

    assert variable(path, Tree(ROOT), given, "refusals") == refusals


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
    (group,) = (one for one in MAIN.each(Resource) if not one.existing)
    return group
