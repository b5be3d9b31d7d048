"""The hook that looks at the settings of a deployment."""

from __future__ import annotations

import re
import runpy
import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from qjobs.domain.heartbeat import INTERVAL, NOT_RUNNING_AFTER
from tests.delivery.workflows import ROOT

SCRIPT = ROOT / "infra" / "hooks" / "check_settings.py"
KNOWN = runpy.run_path(str(SCRIPT))


def check(settings: dict[str, str], root: Path = ROOT) -> str:
    """Return what is said of settings."""
    faults: Callable[..., Iterable[str]] = KNOWN["faults"]
    return "\n".join(faults({"AZURE_LOCATION": "westeurope"} | settings, root))


def variables(layer: str) -> dict[str, str]:
    """Return the settings that a layer takes, with their defaults."""
    text = (ROOT / "infra" / layer / "main.parameters.json").read_text(encoding="utf-8")
    return dict(re.findall(r"\$\{(QJOBS_\w+)(?:=([^}]*))?\}", text))


@pytest.fixture
def container(tmp_path: Path) -> Path:
    """Return a project whose app layer is the container form, as docs/delivery.md says it."""
    text = (ROOT / "azure.yaml").read_text(encoding="utf-8")
    assert "path: infra/app\n" in text
    (tmp_path / "azure.yaml").write_text(
        text.replace("path: infra/app\n", "path: infra/container\n"), encoding="utf-8"
    )
    for file in ROOT.glob("infra/*/*.parameters.json"):
        (tmp_path / file.relative_to(ROOT)).parent.mkdir(parents=True)
        shutil.copyfile(file, tmp_path / file.relative_to(ROOT))
    return tmp_path


def test_the_defaults_are_right() -> None:
    """So is a sensible choice of everything, and what is empty."""
    assert check({}) == ""
    assert check(dict.fromkeys(variables("app") | variables("container"), "")) == ""
    chosen = {
        "QJOBS_SIZE": "prod",
        "QJOBS_SECONDARY_LOCATION": "northeurope",
        "QJOBS_MAXIMUM_INSTANCES": "100",
        "QJOBS_RECONCILE_SCHEDULE": "0 */10 * * * *",
    }
    assert check(chosen) == ""


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"AZURE_LOCATION": ""}, "azd env set AZURE_LOCATION westeurope"),
        (
            {"QJOBS_PRIVATE_NETWORKING": "true", "QJOBS_SECONDARY_LOCATION": "westus"},
            'azd env set QJOBS_SECONDARY_LOCATION ""',
        ),
        ({"QJOBS_SECONDARY_LOCATION": "westus"}, "azd env set QJOBS_GATEWAY_TIER BasicV2"),
        ({"QJOBS_SYNTHETIC_PRINCIPAL_ID": "who"}, "azd env set QJOBS_ALERTING true"),
        (
            {
                "QJOBS_SYNTHETIC_PRINCIPAL_ID": "who",
                "QJOBS_SIZE": "prod",
                "QJOBS_PRIVATE_NETWORKING": "true",
                "QJOBS_CLOSED_LOGS": "true",
            },
            "azd env set QJOBS_CLOSED_LOGS false",
        ),
        (
            {"QJOBS_PRIVATE_NETWORKING": "true", "QJOBS_CHANNEL": "Free"},
            "azd env set QJOBS_CHANNEL Standard",
        ),
        ({"QJOBS_CLOSED_LOGS": "true"}, "azd env set QJOBS_CLOSED_LOGS false"),
        ({"QJOBS_GATEWAY_UNITS": "2"}, "azd env set QJOBS_GATEWAY_TIER BasicV2"),
        ({"QJOBS_SUBMITS_PER_MINUTE": "500"}, 'azd env set QJOBS_SUBMITS_PER_MINUTE=""'),
        (
            {"QJOBS_GATEWAY_ZONES": "1", "QJOBS_GATEWAY_TIER": "StandardV2"},
            "azd env set QJOBS_GATEWAY_TIER Premium",
        ),
        ({"QJOBS_GATEWAY_LOCATIONS": "westus"}, "azd env set QJOBS_GATEWAY_TIER Premium"),
        (
            {
                "QJOBS_GATEWAY_ZONES": "1,2,3",
                "QJOBS_GATEWAY_TIER": "Premium",
                "QJOBS_GATEWAY_UNITS": "2",
            },
            "azd env set QJOBS_GATEWAY_UNITS 3",
        ),
        (
            {
                "QJOBS_SECONDARY_LOCATION": "westus",
                "QJOBS_SIZE": "prod",
                "QJOBS_GATEWAY_TIER": "Consumption",
            },
            "azd env set QJOBS_GATEWAY_TIER BasicV2",
        ),
        ({"QJOBS_SECONDARY_LOCATION": "westeurope"}, 'azd env set QJOBS_SECONDARY_LOCATION ""'),
        ({"QJOBS_IMAGE": "qjobs:0.1.0"}, 'azd env set QJOBS_IMAGE=""'),
        ({"QJOBS_MAXIMUM_REPLICAS": "5"}, 'azd env set QJOBS_MAXIMUM_REPLICAS="10"'),
    ],
)
def test_a_wrong_setting_comes_with_its_remedy(settings: dict[str, str], remedy: str) -> None:
    """What is said is what to run."""
    assert remedy in check(settings)


@pytest.mark.parametrize(
    ("schedule", "fault"),
    [
        ("0 * * * * *", ""),
        ("*/10 * * * * *", ""),
        ("0 */10 * * * *", ""),
        ("15,45 */5 0-23 * * *", ""),
        ("0 5/10 */1 * * *", ""),
        ("0 0,10,20,30,40,50 * * * *", ""),
        ("0 */11 * * * *", "rarer than every 10 minutes"),
        ("0 */30 * * * *", "rarer than every 10 minutes"),
        ("0 0,10,20,31,40,50 * * * *", "rarer than every 10 minutes"),
        ("0 0 * * * *", "rarer than every 10 minutes"),
        ("0 */5 8-18 * * *", "rarer than every 10 minutes"),
        ("0 */5 * * * 1-5", "rarer than every 10 minutes"),
        ("0 */5 * 1 * *", "rarer than every 10 minutes"),
        ("0 */5 * * 1 *", "rarer than every 10 minutes"),
        ("*/5 * * * *", "not six fields"),
        ("00:05:00", "not six fields"),
        ("0 */0 * * * *", "not six fields"),
        ("0 60 * * * *", "not six fields"),
        ("0 9-3 * * * *", "not six fields"),
        ("0 0 0 * JAN MON", "not six fields"),
        ("0 0 * * * * *", "not six fields"),
    ],
)
def test_the_timer_runs_as_often_as_heartbeats_are_due(schedule: str, fault: str) -> None:
    """A schedule that is rarer, at any time of any day, is refused; so is what is none."""
    told = check({"QJOBS_RECONCILE_SCHEDULE": schedule})

    assert bool(told) == bool(fault)
    assert fault in told


def test_hook_and_alert_have_the_times_of_heartbeats() -> None:
    """As often as the hook asks for heartbeats are sent, and the alert waits as the health does."""
    alerts = (ROOT / "infra" / "app" / "alerts.bicep").read_text(encoding="utf-8")
    (alert,) = re.findall(r"name: 'functions-not-running'\n(?:.*\n)*?  \}", alerts)
    (window,) = re.findall(r"window: 'PT(\d+)M'", alert)
    (said,) = re.findall(r"has not run for (\d+) minutes", alert)

    assert timedelta(seconds=KNOWN["RAREST"]) == INTERVAL
    assert timedelta(minutes=int(window)) == timedelta(minutes=int(said)) == NOT_RUNNING_AFTER


def test_the_document_says_the_same_bounds() -> None:
    """Whoever reads docs/deploy.md chooses nothing that is refused."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(QJOBS_\w+)` \|(.*)", text, re.MULTILINE))

    template = (ROOT / "infra" / "app" / "main.bicep").read_text(encoding="utf-8")
    bounds = r"@minValue\((\d+)\)\n@maxValue\((\d+)\)\n(?:@.*\n)*param maximumInstances "
    ((lowest, highest),) = re.findall(bounds, template)
    assert f"{lowest} to {highest}" in rows["QJOBS_MAXIMUM_INSTANCES"]
    assert f"at least every {KNOWN['RAREST'] // 60} minutes" in rows["QJOBS_RECONCILE_SCHEDULE"]


@pytest.mark.parametrize(
    "name",
    sorted(
        variables("app").keys()
        - variables("container").keys()
        - variables("quantum").keys()
        - KNOWN["KEPT_BY_HOOKS"]
    ),
)
def test_what_the_container_form_does_not_know_is_refused(name: str, container: Path) -> None:
    """A setting that would be ignored is no promise: private networking, a budget, zones."""
    default = variables("app")[name]
    assert "QJOBS_PRIVATE_NETWORKING" in variables("app")

    told = check({name: "50"}, container)

    assert f"{name} is 50, and has an effect in infra/app alone" in told
    assert "azure.yaml deploys infra/container and infra/quantum" in told
    assert f'azd env set {name}="{default}"' in told
    assert check({name: default}, container) == ""


def test_what_both_forms_know_is_taken_by_both(container: Path) -> None:
    """And what a hook has kept from the time when the form was another."""
    for name in variables("container").keys() | KNOWN["KEPT_BY_HOOKS"]:
        assert "has an effect in" not in check({name: "50"}, container), name
