"""What runs before `azd provision`, with command line tools that only note what they are asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from localdev.identity.directory import HARDWARE_ROLE, HARDWARE_SCOPE, ROLES, SCOPES
from tests.integration.stand_ins import HOOKS, ROOT, Tools

API = json.dumps(
    {"api": {"oauth2PermissionScopes": [{"value": one, "id": f"id-of-{one}"} for one in SCOPES]}}
)
"""The API's registration as Microsoft Graph has it when its scopes are there."""


def test_only_what_the_subscription_does_not_know_is_registered(tools: Tools) -> None:
    """All are asked for at once, before any is waited for; it ends when all are there."""
    script = (HOOKS / "register-providers.sh").read_text(encoding="utf-8")
    known = set(re.findall(r"Microsoft\.\w+", script.partition("in \\")[2]))
    assert "Microsoft.Quantum" in known
    tools.answers = {"az provider list": "\\n".join({name.lower() for name in known})}
    done = tools.run("register-providers.sh")

    assert done.returncode == 0, done.stderr
    assert not tools.calls("az provider register")

    tools.answers = {"az provider list": "\\n".join(known - {"Microsoft.Quantum", "Microsoft.Web"})}
    done = tools.run("register-providers.sh")

    assert done.returncode == 1
    registered = [line.split()[6] for line in tools.calls("az provider register")]
    assert registered == ["Microsoft.Quantum", "Microsoft.Web"]
    assert "az provider register --namespace NAME --wait" in done.stderr


def test_providers_that_cannot_be_listed_end_it(tools: Tools) -> None:
    """Nothing is registered on the ground of no answer."""
    tools.answers = {"az provider list": None}

    assert tools.run("register-providers.sh").returncode == 3
    assert not tools.calls("az provider register")


def test_terms_are_not_accepted_unasked(tools: Tools) -> None:
    """Whoever has not accepted a provider's terms is told how to read and how to accept them."""
    tools.answers = {"az quantum offerings show-terms": "false"}

    done = tools.run("accept-terms.sh", QJOBS_PROVIDERS="ionq/pay-as-you-go")

    assert done.returncode == 1
    assert "show-terms --provider-id ionq --sku pay-as-you-go --location eastus" in done.stderr
    assert "azd env set QJOBS_ACCEPT_TERMS yes" in done.stderr
    assert not tools.calls("az quantum offerings accept-terms")


def test_terms_are_accepted_when_it_is_said(tools: Tools) -> None:
    """Each provider's that are not accepted yet, and no others."""
    tools.answers = {
        "az quantum offerings show-terms*--provider-id ionq*--location westus": "false",
        "az quantum offerings show-terms*--provider-id rigetti*--location westus": "true",
    }
    done = tools.run(
        "accept-terms.sh",
        QJOBS_PROVIDERS="ionq/payg, rigetti/qvm,microsoft-qc/learn",
        QJOBS_QUANTUM_LOCATION="westus",
        QJOBS_ACCEPT_TERMS="yes",
    )
    assert done.returncode == 0, done.stderr
    (accepted,) = tools.calls("az quantum offerings accept-terms")
    assert "--provider-id ionq --sku payg" in accepted


@pytest.mark.parametrize("providers", ["ionq", "ionq/", "/sku", "rigetti/qvm,ionq"])
def test_a_provider_without_sku_is_refused(tools: Tools, providers: str) -> None:
    """The message says what is wrong and how to find what is right."""
    tools.answers = {"az quantum offerings show-terms": "true"}

    done = tools.run("accept-terms.sh", QJOBS_PROVIDERS=providers)

    assert done.returncode == 1
    assert "is not providerId/providerSku" in done.stderr
    assert "az quantum offerings list" in done.stderr


def test_missing_registrations_are_created_and_noted(tools: Tools) -> None:
    """The environment learns what the applications are called."""
    tools.answers = {"az ad app create": "an-id", "az ad sp show": None, "az ad app show": API}

    done = tools.run("register-apps.sh")

    assert done.returncode == 0, done.stderr
    created = [line.split(" --sign-in")[0] for line in tools.calls("az ad app create")]
    assert created == [
        "az ad app create --display-name qjobs API (trial)",
        "az ad app create --display-name qjobs functions (trial)",
        "az ad app create --display-name qjobs page (trial)",
    ]
    assert len(tools.calls("az ad sp create")) == 3
    assert tools.calls("azd env set") == [
        "azd env set QJOBS_API_CLIENT_ID an-id",
        "azd env set QJOBS_FUNCTIONS_CLIENT_ID an-id",
        "azd env set QJOBS_PAGE_CLIENT_ID an-id",
    ]


def test_without_a_page_none_is_registered(tools: Tools) -> None:
    """What is switched off has no registration."""
    tools.answers = {"az ad app create": "an-id", "az ad sp show": None, "az ad app show": API}

    done = tools.run("register-apps.sh", QJOBS_PAGE="false")

    assert done.returncode == 0, done.stderr
    assert len(tools.calls("az ad app create")) == 2


def test_an_older_environment_gets_the_page_alone(tools: Tools) -> None:
    """Where API and functions are registered, the API's registration learns one client more."""
    tools.answers = {"az ad app create": "the-page", "az ad sp show": None, "az ad app show": API}
    given = {"QJOBS_API_CLIENT_ID": "the-api", "QJOBS_FUNCTIONS_CLIENT_ID": "another"}

    done = tools.run("register-apps.sh", **given)

    assert done.returncode == 0, done.stderr
    assert tools.calls("azd env set") == ["azd env set QJOBS_PAGE_CLIENT_ID the-page"]
    (changed,) = tools.calls("az rest --method PATCH")
    assert "appId='the-api'" in changed


def change_of(registration: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask what a registration lacks."""
    return subprocess.run(
        [sys.executable, HOOKS / "registration.py", *arguments],
        input=registration,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_client_is_added_to_those_that_are_there() -> None:
    """With the ids of the scopes by their names; Graph replaces the list as a whole."""
    api = json.loads(API)
    other = {"appId": "other", "delegatedPermissionIds": ["x"]}
    api["api"]["preAuthorizedApplications"] = [other]

    change = json.loads(change_of(json.dumps(api), "client", "page", "jobs.read").stdout)

    added = {"appId": "page", "delegatedPermissionIds": ["id-of-jobs.read"]}
    assert change == {"api": {"preAuthorizedApplications": [other, added]}}
    assert not change_of(json.dumps(api | change), "client", "page", "jobs.read").stdout


def test_a_client_gets_the_scopes_that_it_lacks() -> None:
    """One that an older version, or somebody, gave less; what it has besides stays."""
    api = json.loads(API)
    other = {"appId": "other", "delegatedPermissionIds": ["x"]}
    for has in (None, [], ["id-of-jobs.read"], ["more", "id-of-jobs.submit"]):
        page = {"appId": "page", "delegatedPermissionIds": has}
        api["api"]["preAuthorizedApplications"] = [page, other]

        answer = change_of(json.dumps(api), "client", "page", "jobs.read", "jobs.submit").stdout

        (changed, kept) = json.loads(answer)["api"]["preAuthorizedApplications"]
        assert kept == other
        wanted = {"id-of-jobs.read", "id-of-jobs.submit", *(has or [])}
        assert set(changed["delegatedPermissionIds"]) == wanted
        assert len(changed["delegatedPermissionIds"]) == len(wanted)


def test_scopes_that_are_not_there_yet_are_waited_for() -> None:
    """Nothing is changed on the ground of half a registration."""
    for registration in ("", '{"api": null}', '{"api": {"oauth2PermissionScopes": []}}'):
        asked = change_of(registration, "client", "page", "jobs.read")

        assert (asked.returncode, asked.stdout) == (1, "")


@pytest.mark.parametrize("refused", ["az ad app create", "az ad sp create", "az rest"])
def test_who_may_not_register_is_told_what_to_do(refused: str, tools: Tools) -> None:
    """Somebody else makes both, and the environment is told; half a registration is not kept."""
    known = {"az ad sp show": None, "az ad app create": "an-id", "az ad app show": API}
    tools.answers = known | {refused: None}

    done = tools.run("register-apps.sh")

    assert done.returncode == 1
    assert "azd env set QJOBS_API_CLIENT_ID ID" in done.stderr
    assert not tools.calls("azd env set")


def test_registrations_that_are_there_are_kept(tools: Tools) -> None:
    """Found by name, they are not made again; named by the environment, not even looked for."""
    tools.answers = {"az ad app list": "an-id", "az ad sp show": "{}", "az ad app show": API}
    found = tools.run("register-apps.sh")
    assert found.returncode == 0, found.stderr
    assert not tools.calls("az ad app create")
    asked = len(tools.calls("az"))

    given = dict.fromkeys(
        ("QJOBS_API_CLIENT_ID", "QJOBS_FUNCTIONS_CLIENT_ID", "QJOBS_PAGE_CLIENT_ID"), "an-id"
    )
    kept = tools.run("register-apps.sh", **given)

    assert kept.returncode == 0, kept.stderr
    assert len(tools.calls("az")) == asked


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"QJOBS_PRIVATE_NETWORKING": "true", "QJOBS_SECONDARY_LOCATION": "westus"}, "no network"),
        ({"QJOBS_SECONDARY_LOCATION": "westus", "QJOBS_SIZE": "dev"}, "a gateway with a cache"),
        ({}, "azd env set QJOBS_CONTACT_EMAIL"),
        ({"AZURE_LOCATION": ""}, "azd env set AZURE_LOCATION"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    tools: Tools, settings: dict[str, str], words: str
) -> None:
    """Before anything is provisioned, and with what to set instead."""
    done = tools.run("check-settings.sh", **settings)

    assert done.returncode == 1
    assert words in done.stderr


def test_a_subscription_that_az_does_not_know_is_noticed(tools: Tools) -> None:
    """Somebody who is not signed in is told so first."""
    tools.answers = {"az account show": None}

    done = tools.run("check-settings.sh")

    assert done.returncode == 1
    assert "run az login" in done.stderr


def test_everything_is_prepared_by_the_hooks_of_azure_yaml(tools: Tools) -> None:
    """In the order in which they are there, none of them asks or fails."""
    providers = (HOOKS / "register-providers.sh").read_text(encoding="utf-8")
    tools.answers = {
        "az account show*--query user.name": "ops@example.com",
        "az provider list": "\\n".join(re.findall(r"Microsoft\.\w+", providers)),
        "az quantum offerings show-terms": "true",
        "az ad app list": "an-id",
        "az ad app show": API,
    }
    project = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    for hook in project["hooks"]["preprovision"]:
        done = tools.run(Path(hook["run"]).name)
        assert done.returncode == 0, done.stderr

    assert "azd env set QJOBS_CONTACT_EMAIL ops@example.com" in tools.calls("azd env set")
    kept = {line.split()[3] for line in tools.calls("azd env set")}
    assert {"QJOBS_API_CLIENT_ID", "QJOBS_FUNCTIONS_CLIENT_ID"} < kept


@pytest.mark.parametrize(
    ("settings", "set_to"),
    [
        ({"AZURE_LOCATION": "northeurope"}, ["northeurope"]),
        ({"AZURE_LOCATION": "swedencentral"}, []),
        ({"AZURE_LOCATION": "westus", "QJOBS_QUANTUM_LOCATION": "eastus"}, []),
        ({"AZURE_LOCATION": "westus", "QJOBS_WORKSPACE_LOCATION": "eastus"}, []),
    ],
)
def test_the_workspace_goes_to_the_region_of_the_app_if_it_can(
    tools: Tools, settings: dict[str, str], set_to: list[str]
) -> None:
    """Once: what was chosen or made before stays where it is."""
    tools.answers = {"az account show*--query user.name": "ops@example.com"}

    done = tools.run("check-settings.sh", **settings)

    assert done.returncode == 0, done.stderr
    calls = tools.calls("azd env set QJOBS_QUANTUM_LOCATION")
    assert [line.split()[4] for line in calls] == set_to
    if not set_to and len(settings) == 1:
        assert "azd env set QJOBS_QUANTUM_LOCATION westeurope" in done.stdout


def test_a_budget_begins_in_the_month_in_which_there_is_one(tools: Tools) -> None:
    """Not before, because Azure refuses a budget that begins in a month that is over."""
    tools.answers = {"az account show*--query user.name": "ops@example.com"}
    tools.run("check-settings.sh")
    assert not [line for line in tools.calls("azd env set") if "BUDGET" in line]

    tools.run("check-settings.sh", QJOBS_QUANTUM_BUDGET="100")

    begun = [line.split()[3] for line in tools.calls("azd env set") if "BUDGET" in line]
    assert begun == ["QJOBS_QUANTUM_BUDGET_START"]


def test_the_registration_has_the_scopes_and_roles_that_the_gateway_asks_for() -> None:
    """What tokens can say, and what the policies and the local issuer know, are the same."""
    script = (HOOKS / "register-apps.sh").read_text(encoding="utf-8")
    policy = (ROOT / "apim" / "policies" / "api.xml").read_text(encoding="utf-8")

    made = tuple(re.findall(r'"value": "([a-z.-]+)"', script))
    assert made == (*SCOPES, HARDWARE_SCOPE, *ROLES, HARDWARE_ROLE)
    assert f"{HARDWARE_SCOPE}-user" == HARDWARE_ROLE
    assert '"{{hardware-scope}}-user"' in policy
    for name in (*SCOPES, *ROLES):
        assert f'"{name}"' in policy
