"""Taking everything down, or the app alone, and coming back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.integration.stand_ins import HOOKS, ROOT, Tools

APP = "rg-trial"
QUANTUM = "rg-trial-quantum"
WORKSPACE = f"/subscriptions/x/resourceGroups/{QUANTUM}/providers/Microsoft.Quantum/workspaces/w"
ROLE = "c1410b24-3e69-4857-8f86-4d0a2e603250"
GRANT = f"{WORKSPACE}/providers/Microsoft.Authorization/roleAssignments/g"
LOCK = f"{WORKSPACE}/providers/Microsoft.Authorization/locks/keep-workspace"


@pytest.mark.parametrize("answer", ["", "no", "yes", "all"])
def test_nothing_is_taken_down_unasked(answer: str, tools: Tools) -> None:
    """Who has not said what may go is told both ways to say it, and no lock is touched."""
    done = tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN=answer)

    assert done.returncode == 1
    for words in ("app, then azd down app --purge", "everything, then azd down --purge"):
        assert f"azd env set QJOBS_ALLOW_DOWN {words}" in done.stderr
    assert not tools.calls("a")


def test_the_document_has_the_two_ways_that_the_hook_knows(tools: Tools) -> None:
    """Whoever follows docs/deploy.md runs what the hook would have told."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    told = tools.run("confirm-down.sh").stderr

    written = re.findall(r"azd env set QJOBS_ALLOW_DOWN (\w+).*\n(azd down[\w -]*)\n", text)
    assert written == re.findall(r"azd env set QJOBS_ALLOW_DOWN (\w+), then (azd down.*)\n", told)
    assert len(written) == 2


@pytest.mark.parametrize(("answer", "groups"), [("app", [APP]), ("everything", [APP, QUANTUM])])
def test_the_locks_of_what_may_go_are_removed(answer: str, groups: list[str], tools: Tools) -> None:
    """Those of the template, and of no other group; what was said counts once."""
    tools.answers = {
        "az group exists": "true",
        **{f"az lock list*{group} *keep-": f"lock-of-{group}" for group in (APP, QUANTUM)},
    }
    done = tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN=answer)

    assert done.returncode == 0, done.stderr
    removed = [line.split()[-1] for line in tools.calls("az lock delete")]
    assert removed == [f"lock-of-{group}" for group in groups]
    assert tools.calls("azd") == ["azd env set QJOBS_ALLOW_DOWN no"]


def test_what_is_left_is_named(tools: Tools) -> None:
    """In both resource groups and in Entra ID, with how to remove it where that is possible."""
    known = {"QJOBS_API_CLIENT_ID": "the-api", "QJOBS_FUNCTIONS_CLIENT_ID": "the-functions"}

    app = tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN="app", **known).stdout
    everything = tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN="everything", **known).stdout
    known["QJOBS_PAGE_CLIENT_ID"] = "the-page"
    with_page = tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN="app", **known).stdout

    for words in ("az ad app delete --id the-api", "--id the-functions", "the deleted vault"):
        assert words in app
        assert words in everything
    assert "the-page" not in app
    assert "and --id the-page" in with_page
    assert f"in {QUANTUM} a role of the functions' identity and an audit setting" in app
    assert QUANTUM not in everything


def test_the_container_form_has_a_group_of_its_own(tools: Tools, tmp_path: Path) -> None:
    """Which of the two azure.yaml deploys is which may go."""
    text = (ROOT / "azure.yaml").read_text(encoding="utf-8")
    (tmp_path / "azure.yaml").write_text(
        text.replace("path: infra/app\n", "path: infra/container\n"), encoding="utf-8"
    )
    tools.project = tmp_path
    tools.answers = {"az group exists": "true"}

    assert tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN="app").returncode == 0
    (asked,) = tools.calls("az lock list")
    assert f"--resource-group {APP}-container " in asked


def test_a_group_that_is_gone_has_no_locks(tools: Tools) -> None:
    """Somebody deleted it by hand: the rest can still be taken down."""
    tools.answers = {"az group exists": "false", "az lock list": None}

    assert tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN="everything").returncode == 0


def test_a_lock_that_stays_stops_it(tools: Tools) -> None:
    """Half a deletion would be worse; the message says who can remove it, and how."""
    tools.answers = {
        "az group exists": "true",
        "az lock list": "the-lock",
        "az lock delete": None,
    }
    done = tools.run("confirm-down.sh", QJOBS_ALLOW_DOWN="app")

    assert done.returncode == 1
    assert "let a Locks Contributor run az lock delete --ids the-lock" in done.stderr


def test_the_hooks_know_the_names_of_groups_and_locks() -> None:
    """They are those of the templates, so that nothing has to be looked up."""
    names = {
        layer: re.findall(
            r"Microsoft\.Resources/resourceGroups@.*\n  name: '(.+)'",
            (ROOT / "infra" / layer / "main.bicep").read_text(encoding="utf-8"),
        )
        for layer in ("app", "container", "quantum")
    }
    assert names == {
        "app": ["rg-${environmentName}"],
        "container": ["rg-${environmentName}-container"],
        "quantum": ["rg-${environmentName}-quantum"],
    }
    text = "".join(file.read_text(encoding="utf-8") for file in ROOT.glob("infra/*/*.bicep"))
    locks = re.findall(r"Authorization/locks@.*\n(?:  //.*\n)*  name: '(.+)'", text)
    assert len(locks) == text.count("Authorization/locks@")
    assert "keep-workspace" in locks
    assert [name for name in locks if not name.startswith("keep-")] == []


def old_grant(tools: Tools, lock: str = "") -> None:
    """Have a workspace on which an identity has a role that is not there any more."""
    tools.answers = {
        f"az group exists*--name {QUANTUM}": "true",
        f"az resource list*{QUANTUM} *Microsoft.Quantum/workspaces": WORKSPACE,
        f"az role assignment list*--scope {WORKSPACE} --role {ROLE}*principalName==": GRANT,
        f"az lock list*--resource {WORKSPACE}": lock,
    }


def test_the_role_of_an_identity_that_is_gone_is_removed(tools: Tools) -> None:
    """Else the app could not come back: Azure gives an assignment to nobody else."""
    old_grant(tools)

    done = tools.run("remove-old-grants.sh")

    assert done.returncode == 0, done.stderr
    assert tools.calls("az role assignment delete") == [f"az role assignment delete --ids {GRANT}"]
    assert not tools.calls("az lock delete")
    assert not tools.calls("az lock create")


def test_a_lock_is_there_again_afterwards(tools: Tools) -> None:
    """Under a lock nothing can be removed; it comes back as the template makes it."""
    old_grant(tools, LOCK)

    done = tools.run("remove-old-grants.sh")

    assert done.returncode == 0, done.stderr
    order = [" ".join(line.split()[1:4]) for line in tools.calls("az") if "list" not in line][1:]
    assert order == ["lock delete --ids", "role assignment delete", "lock create --name"]
    template = (ROOT / "infra" / "quantum" / "workspace.bicep").read_text(encoding="utf-8")
    made = r"name: 'keep-workspace'\n.*\n.*\n    level: '(.+)'\n    notes: '(.+)'"
    ((level, notes),) = re.findall(made, template)
    (call,) = tools.calls("az lock create")
    assert f"--lock-type {level} --resource {WORKSPACE} --notes {notes}" in call


def test_a_role_that_may_not_be_removed_stops_it_with_the_lock_in_place(tools: Tools) -> None:
    """Before anything is provisioned, with who can do it."""
    old_grant(tools, LOCK)
    tools.answers |= {"az role assignment delete": None}

    done = tools.run("remove-old-grants.sh")

    assert done.returncode == 1
    assert f"Let an Owner of {WORKSPACE} run: az role assignment delete --ids" in done.stderr
    assert tools.calls("az lock create")


@pytest.mark.parametrize("missing", ["az group exists", "az resource list", "az role assignment"])
def test_where_nothing_is_old_nothing_is_removed(missing: str, tools: Tools) -> None:
    """The first time, with a workspace of before, and when the app is there."""
    old_grant(tools, LOCK)
    tools.answers = {
        call: "" if call.startswith(missing) else answer for call, answer in tools.answers.items()
    }

    done = tools.run("remove-old-grants.sh")

    assert done.returncode == 0, done.stderr
    assert not [line for line in tools.calls("az") if "delete" in line or "create" in line]


def test_only_those_whom_nobody_knows_any_more_are_asked_for() -> None:
    """And of them only the kind that the functions are, by the role that the template gives.

    Where Entra ID may not be asked, az gives no name at all, which is not the empty one.
    """
    script = (HOOKS / "remove-old-grants.sh").read_text(encoding="utf-8")

    assert "[?principalName=='' && principalType=='ServicePrincipal'].id" in script
    template = (ROOT / "infra" / "app" / "workspace-access.bicep").read_text(encoding="utf-8")
    assert f"var quantumWorkspaceDataContributor = '{ROLE}'" in template


def test_they_are_removed_before_anything_is_provisioned() -> None:
    """And the locks before anything is deleted."""
    hooks = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))["hooks"]

    assert "infra/hooks/remove-old-grants.sh" in [each["run"] for each in hooks["preprovision"]]
    assert [each["run"] for each in hooks["predown"]] == ["infra/hooks/confirm-down.sh"]
