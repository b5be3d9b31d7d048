"""The page of a deployment is the one that the gateway lets in, and can be left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools.bicep.frames import Tree
from tools.bicep.snapshot import Later, variable

ROOT = Path(__file__).parents[2]
LAYERS = ("app", "container")


def value(layer: str, name: str, parameters: dict[str, Any]) -> object:
    """Return the value of a variable of a layer."""
    return variable(ROOT / "infra" / layer / "main.bicep", Tree(ROOT), parameters, name)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_gateway_lets_in_the_page_where_it_is(layer: str) -> None:
    """At the origin that is set; else at the one that Azure gives; without a page at no other."""
    own = {"gatewayValues": {"web-origin": "https://jobs.example.com"}}

    assert value(layer, "pageOrigin", {"page": True} | own) == "https://jobs.example.com"
    assert value(layer, "pageOrigin", {"page": True, "gatewayValues": {}}) == Later.KNOWN
    assert value(layer, "pageOrigin", {"page": False, "gatewayValues": {}}) == ""
    assert value(layer, "pageOrigin", {"page": False} | own) == "https://jobs.example.com"


@pytest.mark.parametrize("layer", LAYERS)
def test_the_origin_of_the_page_goes_to_the_gateway(layer: str) -> None:
    """In the value that its policies name, and to the hook that configures the page."""
    template = (ROOT / "infra" / layer / "main.bicep").read_text(encoding="utf-8")

    assert template.count("'web-origin': pageOrigin\n") == 1
    assert "output QJOBS_PAGE_URL string = page ? pageOrigin : ''" in template


@pytest.mark.parametrize(
    ("tier", "page", "subscribes"),
    [("Consumption", True, True), ("Consumption", False, False), ("BasicV2", True, False)],
)
def test_only_a_consumption_gateway_asks_the_page_for_a_key(
    tier: str, *, page: bool, subscribes: bool
) -> None:
    """Any other tier lets callers in by their tokens alone."""
    template = ROOT / "infra" / "app" / "gateway" / "api.bicep"
    given = {"tier": tier, "page": page}

    assert variable(template, Tree(ROOT), given, "pageSubscribes") is subscribes
