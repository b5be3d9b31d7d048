"""The hook that holds the values of settings to the templates."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.delivery.workflows import ROOT

SCRIPT = ROOT / "infra" / "hooks" / "check_values.py"


@pytest.fixture(scope="module")
def check() -> Callable[..., str]:
    """Return what returns what is said of settings."""
    faults: Callable[..., Iterable[str]] = runpy.run_path(str(SCRIPT))["faults"]
    return lambda settings: "\n".join(faults({"AZURE_LOCATION": "westeurope"} | settings, ROOT))


def test_defaults_and_a_sensible_choice_are_right(check: Callable[..., str]) -> None:
    """What is empty is the default."""
    defaults = dict(
        re.findall(
            r"\$\{(\w+)=([^}]*)\}",
            "".join(file.read_text("utf-8") for file in ROOT.glob("infra/*/main.parameters.json")),
        )
    )

    assert check({}) == ""
    assert check(defaults) == ""
    assert check(dict.fromkeys(defaults, "")) == ""
    assert (
        check(
            {
                "AZURE_ENV_NAME": "prod",
                "QJOBS_SIZE": "prod",
                "QJOBS_GATEWAY_TIER": "Premium",
                "QJOBS_ALWAYS_READY": "-1",
                "QJOBS_PRIVATE_NETWORKING": "true",
                "QJOBS_RETENTION_DAYS": "7",
                "QJOBS_SUBMITS_PER_MINUTE": "600",
                "QJOBS_CONTACT_EMAIL": "ops@example.com",
                "QJOBS_PYTHON_VERSION": "3.14",
            }
        )
        == ""
    )


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("QJOBS_SIZE", "production", "one of dev, prod"),
        ("QJOBS_GATEWAY_TIER", "basicv2", "BasicV2"),
        ("QJOBS_GATEWAY_TIER", "StandardV3", "StandardV2"),
        ("QJOBS_FRONT_DOOR", "premium", "one of none, Standard, Premium"),
        ("QJOBS_CHANNEL", "free", "one of none, Free, Standard"),
        ("QJOBS_STORAGE_REPLICATION", "ZZZ", "RAGZRS"),
        ("QJOBS_WORKSPACE_KIND", "V3", "one of V1, V2"),
        ("QJOBS_QUANTUM_LOCATION", "germanywestcentral", "one of eastus"),
        ("QJOBS_ALERTING", "yes", "true or false"),
        ("QJOBS_ZONE_REDUNDANT", "maybe", "true or false"),
        ("QJOBS_PRIVATE_NETWORKING", "True", "true or false"),
        ("QJOBS_RETENTION_DAYS", "abc", "a whole number from 1"),
        ("QJOBS_RETENTION_DAYS", "0", "a whole number from 1"),
        ("QJOBS_QUANTUM_RETENTION_DAYS", "-3", "a whole number from 1"),
        ("QJOBS_MONTHLY_BUDGET", "12.5", "a whole number from 0"),
        ("QJOBS_ALWAYS_READY", "two", "a whole number from -1"),
        ("QJOBS_MAXIMUM_INSTANCES", "2000", "a whole number from 40 to 1000"),
        ("QJOBS_SUBMITS_PER_MINUTE", "lots", "a whole number from 1"),
        ("QJOBS_SHOTS_PER_FIVE_MINUTES", "0", "a whole number from 1"),
        ("QJOBS_API_CLIENT_ID", "short", "from 36 to 36 characters"),
        ("AZURE_ENV_NAME", "e" * 33, "from 1 to 32 characters"),
        ("QJOBS_CONTACT_EMAIL", "nobody", "a mail address"),
        ("QJOBS_MAXIMUM_INSTANCES", "39", "a whole number from 40 to 1000"),
        ("QJOBS_MAXIMUM_INSTANCES", "0", "a whole number from 40 to 1000"),
        ("QJOBS_MAXIMUM_INSTANCES", "-1", "a whole number from 40 to 1000"),
        ("QJOBS_MAXIMUM_INSTANCES", "many", "a whole number from 40 to 1000"),
    ],
)
def test_what_no_template_takes_is_refused(
    check: Callable[..., str], name: str, value: str, right: str
) -> None:
    """Before terms are accepted and anything is made, once, and with what is right."""
    (said,) = check({name: value}).splitlines()

    assert said.startswith(f"{name} is {value}, ")
    assert right in said


@pytest.mark.parametrize("app", ["app", "container"])
def test_each_form_of_the_app_is_held_to_its_own_template(tmp_path: Path, app: str) -> None:
    """What azure.yaml deploys decides which parameters count."""
    for folder in ("infra", "apim"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    project = (ROOT / "azure.yaml").read_text(encoding="utf-8")
    (tmp_path / "azure.yaml").write_text(
        project.replace("path: infra/app\n", f"path: infra/{app}\n"), encoding="utf-8"
    )
    faults = runpy.run_path(str(SCRIPT))["faults"]
    wrong = {"QJOBS_ALWAYS_READY": "two", "QJOBS_MAXIMUM_REPLICAS": "0", "QJOBS_SIZE": "big"}

    said = [fault.partition(" ")[0] for fault in faults(wrong, tmp_path)]

    own = {"app": "QJOBS_ALWAYS_READY", "container": "QJOBS_MAXIMUM_REPLICAS"}[app]
    assert sorted(said) == sorted(["QJOBS_SIZE", own])


def test_as_a_hook_it_says_all_at_once(tmp_path: Path) -> None:
    """Whoever corrects one setting does not find out about the next one by trying."""
    settings = {"AZURE_LOCATION": "westus", "QJOBS_SIZE": "big", "QJOBS_ALERTING": "on"}
    done = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | settings,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert re.findall(r"^check-settings: (\w+) is ", done.stderr, re.MULTILINE) == [
        "QJOBS_SIZE",
        "QJOBS_ALERTING",
    ]
