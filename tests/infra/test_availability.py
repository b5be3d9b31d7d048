"""Zones, regions and copies are what the settings of a deployment ask for, and a table says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from qjobs.domain.heartbeat import FUNCTIONS
from tests.infra.rules.settings import settings
from tools.bicep.deployed import Deployed, deployed
from tools.bicep.evaluation import possible
from tools.bicep.frames import Tree
from tools.bicep.identities import canonical
from tools.bicep.snapshot import variable
from tools.bicep.values import Record, Scalar, Sequential, Unknown, Value

ROOT = Path(__file__).parents[2]
_GATEWAY = "Microsoft.ApiManagement/service"
_STORAGE = "Microsoft.Storage/storageAccounts"
_SITE = "Microsoft.Web/sites"


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Return this repository."""
    return Tree(ROOT)


def only(tree: Tree, kind: str, layer: str = "app") -> Deployed:
    """Return the only resource of a type in a layer."""
    (found,) = deployed(tree, kind, layer=layer)
    return found


def shown(values: list[Value]) -> set[str | int | bool | None]:
    """Return what values are: themselves, or the text of what only the deployment knows."""
    return {
        value.value if isinstance(value, Scalar) else canonical(value.bound)
        for value in values
        if isinstance(value, Scalar | Unknown)
    }


def test_a_premium_gateway_spreads_over_zones(tree: Tree) -> None:
    """Zones and units are what is asked for, and nothing where nothing is."""
    gateway = only(tree, _GATEWAY)

    assert shown(gateway.at("zones")) == {None, "split(replace(parameter gatewayZones,  , ), ,)"}
    assert "parameter gatewayUnits" in shown(gateway.at("sku", "capacity"))
    assert "Premium" in gateway.texts("sku", "name")


@pytest.mark.parametrize("written", ["1,2,3", "1, 2, 3"])
def test_zones_are_written_with_commas(written: str) -> None:
    """And with spaces, if one likes."""
    main = ROOT / "infra" / "app" / "main.bicep"

    assert variable(main, Tree(ROOT), {"gatewayZones": written}, "zones") == ["1", "2", "3"]
    assert variable(main, Tree(ROOT), {}, "zones") == []


def test_a_premium_gateway_is_in_other_regions(tree: Tree) -> None:
    """Each has as many units and the same zones as the first."""
    gateway = only(tree, _GATEWAY)
    (places,) = [
        each
        for each in gateway.at("properties", "additionalLocations")
        if isinstance(each, Sequential) and each.items
    ]

    assert places.others
    for place in places.items:
        for about in possible(place):
            assert isinstance(about, Record)
            (sku,) = possible(about.members["sku"])
            assert isinstance(sku, Record)
            assert canonical(sku.members["capacity"]) == "parameter gatewayUnits"
            assert shown(list(possible(about.members["zones"]))) == shown(gateway.at("zones"))


def test_the_functions_are_in_zones(tree: Tree) -> None:
    """The plan takes what is asked for; its always-ready instances are two then."""
    plans = list(deployed(tree, "Microsoft.Web/serverfarms", layer="app"))

    assert plans
    for plan in plans:
        assert "parameter zoneRedundant" in shown(plan.at("properties", "zoneRedundant"))


def test_a_second_region_has_the_same_app(tree: Tree) -> None:
    """Both have the same settings but the region, so that they work on the same queues."""
    apps = list(deployed(tree, _SITE))
    (first, *_), (second, *_) = (
        [app for app in apps if f"parameter {place}" in shown(app.at("location"))]
        for place in ("location", "secondaryLocation")
    )

    assert first.identity != second.identity
    one, other = (
        {name: canonical(bound) for name, bound in settings(app, tree).items()}
        for app in (first, second)
    )
    regions = [each.pop("QJOBS_REGION") for each in (one, other)]
    assert regions == [
        f"toLower(replace(parameter {place},  , ))" for place in ("location", "secondaryLocation")
    ]
    assert one == other
    assert "AzureWebJobsStorage__queueServiceUri" in one


def test_a_second_region_is_watched_as_the_first(tree: Tree) -> None:
    """The alert counts the functions of all apps: one that does not run in either is missed."""
    (alert,) = (
        each
        for each in deployed(tree, "Microsoft.Insights/scheduledQueryRules", layer="app")
        if each.texts("name") == {"functions-not-running"}
    )
    limits = {
        limit
        for criteria in alert.at("properties", "criteria", "allOf")
        for item in (criteria.items if isinstance(criteria, Sequential) else ())
        for about in possible(item)
        if isinstance(about, Record)
        for limit in shown(list(possible(about.members["threshold"])))
    }

    assert limits == {len(FUNCTIONS), 2 * len(FUNCTIONS)}
    query = (ROOT / "infra" / "app" / "queries" / "function-runs.kql").read_text(encoding="utf-8")
    (names,) = re.findall(r"name in \((.*)\)", query)
    assert set(re.findall(r'"(\w+)"', names)) == set(FUNCTIONS)


def test_jobs_are_copied_as_asked(tree: Tree) -> None:
    """Every replication that can be asked for is one of the account's."""
    copies = {"LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"}
    for layer in ("app", "container"):
        skus = only(tree, _STORAGE, layer).texts("sku", "name")

        assert skus == {f"Standard_{each}" for each in copies}


@pytest.mark.parametrize(
    ("given", "sku"),
    [
        ({}, "Standard_LRS"),
        ({"size": "prod"}, "Standard_ZRS"),
        ({"size": "prod", "zoneRedundant": False}, "Standard_LRS"),
        ({"zoneRedundant": True}, "Standard_ZRS"),
        ({"size": "prod", "secondaryLocation": "northeurope"}, "Standard_GZRS"),
        ({"secondaryLocation": "northeurope"}, "Standard_GRS"),
        ({"size": "prod", "storageReplication": "LRS"}, "Standard_LRS"),
        ({"storageReplication": "RAGZRS"}, "Standard_RAGZRS"),
        ({"secondaryLocation": "northeurope", "storageReplication": "ZRS"}, "Standard_ZRS"),
    ],
)
def test_jobs_are_copied_by_size(given: Mapping[str, object], sku: str) -> None:
    """In several zones where these are asked for, in two regions where there are two."""
    main = ROOT / "infra" / "app" / "main.bicep"

    assert variable(main, Tree(ROOT), given, "storageSku") == sku


@pytest.mark.parametrize(
    ("given", "zones"),
    [
        ({"location": "eastus"}, False),
        ({"location": "eastus", "size": "prod"}, True),
        ({"location": "westeurope", "size": "prod"}, True),
        ({"location": "westus", "size": "prod"}, False),
    ],
)
def test_programs_are_in_zones_in_production(
    tree: Tree, given: Mapping[str, object], zones: object
) -> None:
    """Where the region has some: the workspace's own account has to last as long as the app's."""
    main = ROOT / "infra" / "quantum" / "main.bicep"
    account = only(tree, _STORAGE, "quantum")

    assert account.texts("sku", "name") == {"Standard_LRS", "Standard_ZRS"}
    assert variable(main, Tree(ROOT), given, "zones") == zones


def test_the_workspace_is_where_it_is_asked_for(tree: Tree) -> None:
    """Its region is one of those that have the service, and need not be the app's."""
    workspace = only(tree, "Microsoft.Quantum/workspaces", "quantum")

    assert workspace.texts("location") == {"eastus", "westus", "northeurope", "westeurope"}


def _rows() -> list[list[str]]:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    table = text.partition("| option | how |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_each_option_of_the_table_is_there(row: list[str]) -> None:
    """Its settings are those of a layer, and the tests that it names are there."""
    _, how, cost, survives, tested = row
    parameters = "".join(
        file.read_text(encoding="utf-8") for file in ROOT.glob("infra/*/main.parameters.json")
    )
    tests = re.findall(r"\[(\w+)\]\(\.\./([\w/.]+)\)", tested)

    for setting in re.findall(r"`(QJOBS_\w+)`", how):
        assert f"${{{setting}=" in parameters, setting
    for name, path in tests:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
    assert cost
    assert survives
    assert tests or tested.startswith("nothing: ")


def test_the_table_has_every_option() -> None:
    """What decides about zones, regions and copies is a setting in one of its rows."""
    said = {name for row in _rows() for name in re.findall(r"QJOBS_\w+", row[1])}

    assert {
        "QJOBS_GATEWAY_LOCATIONS",
        "QJOBS_GATEWAY_ZONES",
        "QJOBS_QUANTUM_LOCATION",
        "QJOBS_SECONDARY_LOCATION",
        "QJOBS_STORAGE_REPLICATION",
        "QJOBS_ZONE_REDUNDANT",
    } <= said
