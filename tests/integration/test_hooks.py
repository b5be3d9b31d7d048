"""What runs before `azd provision`, with command line tools that only note what they are asked."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from localdev.identity.directory import ROLES, SCOPES

HOOKS = Path(__file__).parents[2] / "infra" / "hooks"
SUBSCRIPTION = "00000000-0000-0000-0000-00000000000a"
FAKE = """#!/bin/sh
printf '%s\\n' "$(basename "$0") $*" >> "$CALLS"
case "$(basename "$0") $*" in
{cases}
esac
"""


@dataclass
class Tools:
    """The tools, and what they answer to calls that begin as given; an answer of None is a no."""

    folder: Path
    answers: dict[str, str | None] = field(default_factory=dict)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a hook as azd does."""
        cases = "\n".join(
            f"{pattern!r}*) {'exit 3' if answer is None else f"printf '%b' '{answer}\\n'"} ;;"
            for pattern, answer in self.answers.items()
        )
        for tool in ("az", "azd"):
            path = self.folder / tool
            path.write_text(FAKE.format(cases=cases or "none) ;;"))
            path.chmod(0o755)
        known = {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "CALLS": str(self.folder / "calls"),
            "AZURE_ENV_NAME": "trial",
            "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
        }
        return subprocess.run(
            ["sh", str(HOOKS / script)],
            env=known | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, beginning: str) -> list[str]:
        """Return what was called, in order."""
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(beginning)]


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Return tools that answer nothing."""
    return Tools(tmp_path)


def test_only_what_the_subscription_does_not_know_is_registered(tools: Tools) -> None:
    """A second run registers nothing."""
    tools.answers = {
        "az provider show --namespace Microsoft.Quantum": "NotRegistered",
        "az provider show": "Registered",
    }
    done = tools.run("resource-providers.sh")

    assert done.returncode == 0
    (registered,) = tools.calls("az provider register")
    assert "Microsoft.Quantum --wait" in registered


def test_terms_are_not_accepted_unasked(tools: Tools) -> None:
    """Whoever has not accepted a provider's terms is told how to read and how to accept them."""
    tools.answers = {"az quantum offerings show-terms": "false"}

    done = tools.run("marketplace-terms.sh", QUANTUM_PROVIDERS="ionq:pay-as-you-go")

    assert done.returncode == 1
    assert "show-terms -l eastus -p ionq -k pay-as-you-go" in done.stderr
    assert "azd env set ACCEPT_MARKETPLACE_TERMS yes" in done.stderr
    assert not tools.calls("az quantum offerings accept-terms")


def test_terms_are_accepted_when_it_is_said(tools: Tools) -> None:
    """Each provider's that are not accepted yet, and no others."""
    tools.answers = {
        "az quantum offerings show-terms --location westus --provider-id ionq": "false",
        "az quantum offerings show-terms --location westus --provider-id rigetti": "true",
        "az quantum offerings show-terms": "",
    }
    done = tools.run(
        "marketplace-terms.sh",
        QUANTUM_PROVIDERS="ionq:payg rigetti:qvm microsoft-qc:learn",
        QUANTUM_LOCATION="westus",
        ACCEPT_MARKETPLACE_TERMS="yes",
    )
    assert done.returncode == 0, done.stderr
    (accepted,) = tools.calls("az quantum offerings accept-terms")
    assert "--provider-id ionq --sku payg" in accepted


@pytest.mark.parametrize("providers", ["ionq", "ionq:", "rigetti:qvm ionq"])
def test_a_provider_without_sku_is_refused(tools: Tools, providers: str) -> None:
    """The message says what is wrong and how to find what is right."""
    tools.answers = {"az quantum offerings show-terms": "true"}

    done = tools.run("marketplace-terms.sh", QUANTUM_PROVIDERS=providers)

    assert done.returncode == 1
    assert "is not provider:sku" in done.stderr
    assert "az quantum offerings list" in done.stderr


def test_missing_registrations_are_created_and_noted(tools: Tools) -> None:
    """The environment learns what both applications are called."""
    tools.answers = {"az ad app create": "an-id", "az ad sp show": None}

    done = tools.run("app-registrations.sh")

    assert done.returncode == 0, done.stderr
    created = [line.split(" --sign-in")[0] for line in tools.calls("az ad app create")]
    assert created == [
        "az ad app create --display-name qjobs-api-trial",
        "az ad app create --display-name qjobs-functions-trial",
    ]
    assert len(tools.calls("az ad sp create")) == 2
    assert tools.calls("azd env set") == [
        "azd env set API_CLIENT_ID an-id",
        "azd env set API_AUDIENCE api://an-id",
        "azd env set FUNCTIONS_CLIENT_ID an-id",
        "azd env set FUNCTIONS_AUDIENCE api://an-id",
    ]


def test_registrations_that_are_there_are_kept(tools: Tools) -> None:
    """A second run creates nothing, and brings scopes and roles up to date."""
    tools.answers = {"az ad app list": "an-id", "az ad sp show": "{}"}

    done = tools.run("app-registrations.sh")

    assert done.returncode == 0, done.stderr
    assert not tools.calls("az ad app create")
    assert not tools.calls("az ad sp create")
    assert len(tools.calls("az rest --method PATCH")) == 2


def test_two_registrations_of_one_name_are_refused(tools: Tools) -> None:
    """Which of them is meant is for a person to say."""
    tools.answers = {"az ad app list": "one\\ntwo"}

    done = tools.run("app-registrations.sh")

    assert done.returncode == 1
    assert "several app registrations named qjobs-api-trial" in done.stderr
    assert not tools.calls("azd env set")


def test_a_pipeline_keeps_the_registrations_that_it_is_given(tools: Tools) -> None:
    """It needs no right to register applications, but all four names."""
    given = dict.fromkeys(
        ("API_CLIENT_ID", "API_AUDIENCE", "FUNCTIONS_CLIENT_ID", "FUNCTIONS_AUDIENCE"), "given"
    )
    keep = {"KEEP_APP_REGISTRATIONS": "yes"}

    assert tools.run("app-registrations.sh", **keep, **given).returncode == 0
    del given["FUNCTIONS_AUDIENCE"]
    incomplete = tools.run("app-registrations.sh", **keep, **given)

    assert incomplete.returncode != 0
    assert "FUNCTIONS_AUDIENCE: missing" in incomplete.stderr
    assert not tools.calls("a")


def test_another_subscription_is_noticed(tools: Tools) -> None:
    """The tools have to talk about the same subscription before anything is changed."""
    tools.answers = {"az account show": "another"}

    done = tools.run("before-provision.sh")

    assert done.returncode == 1
    assert f"az account set --subscription {SUBSCRIPTION}" in done.stderr
    assert tools.calls("az") == ["az account show --query id --output tsv"]


def test_everything_is_prepared_in_one_go(tools: Tools) -> None:
    """The hook of azure.yaml does all of it."""
    tools.answers = {
        "az account show": SUBSCRIPTION,
        "az provider show": "Registered",
        "az quantum offerings show-terms": "true",
        "az ad app list": "an-id",
    }
    done = tools.run("before-provision.sh")

    assert done.returncode == 0, done.stderr
    assert len(tools.calls("azd env set")) == 4


def test_the_registration_has_the_scopes_and_roles_that_the_gateway_asks_for() -> None:
    """What tokens can say, and what the policies and the local issuer know, are the same."""
    document = json.loads((HOOKS / "api-scopes-and-roles.json").read_text(encoding="utf-8"))
    scopes = document["api"]["oauth2PermissionScopes"]
    policy = (HOOKS.parents[1] / "apim" / "policies" / "api.xml").read_text(encoding="utf-8")

    assert tuple(scope["value"] for scope in scopes) == SCOPES
    assert tuple(role["value"] for role in document["appRoles"]) == ROLES
    for name in (*SCOPES, *ROLES):
        assert f'"{name}"' in policy
    ids = [one["id"] for one in (*scopes, *document["appRoles"])]
    assert len(set(ids)) == len(ids)
    allowed = json.loads((HOOKS / "api-command-line.json").read_text(encoding="utf-8"))
    (command_line,) = allowed["api"]["preAuthorizedApplications"]
    assert command_line["delegatedPermissionIds"] == [scope["id"] for scope in scopes]
