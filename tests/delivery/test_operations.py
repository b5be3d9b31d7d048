"""What a person pastes from the documents of operation works after `azd env get-values`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.rules.parameters import OF_AZD
from tests.markdown import code_of

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["runbook.md", "deploy.md", "load-test.md", "delivery.md"]
LAYERS = ["quantum", "app", "container"]
SHELLS = {"sh", "console", "bash"}
READ = re.compile(r"\$\{?([A-Z][A-Z0-9_]+)")
SET = re.compile(r"(?:^|[\s;])([A-Z][A-Z0-9_]+)=")
OF_AZURE_CLI = {
    "containerapp": "containerapp",
    "load": "load",
    "monitor app-insights": "application-insights",
    "monitor scheduled-query": "scheduled-query",
    "network front-door": "front-door",
    "quantum": "quantum",
}
"""Commands of az that come with an extension, and its name."""
OF_PLATFORMS = {"PATH", "PWD"}


def text(name: str) -> str:
    """Return a document."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def commands(name: str) -> Iterator[str]:
    """Yield the commands of a document: blocks for a shell, and code in prose."""
    yield from code_of(text(name), SHELLS)


def outputs() -> set[str]:
    """Return what azd keeps of a deployment of all layers."""
    return {
        name
        for layer in LAYERS
        for name in re.findall(
            r"^output (\w+) ",
            (ROOT / "infra" / layer / "main.bicep").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }


def settings() -> set[str]:
    """Return what can be set for a layer."""
    return {
        name
        for layer in LAYERS
        for name in re.findall(
            r"\$\{(\w+)",
            (ROOT / "infra" / layer / "main.parameters.json").read_text(encoding="utf-8"),
        )
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_variable_of_a_command_is_known(name: str) -> None:
    """It is an output, a setting, one of azd's, or set in the same document."""
    code = list(commands(name))
    read = {variable for each in code for variable in READ.findall(each)}
    made = {variable for each in code for variable in SET.findall(each)}
    looped = {variable for each in code for variable in re.findall(r"\bfor (\w+) in\b", each)}

    assert read
    assert read - made - looped - outputs() - settings() - OF_AZD - OF_PLATFORMS == set()


@pytest.mark.parametrize("name", ["runbook.md", "deploy.md"])
def test_no_command_has_a_gap_that_an_output_fills(name: str) -> None:
    """Names of what was deployed are variables, not words for somebody to replace."""
    gaps = re.compile(r"--(?:account-name|resource|scope|vault-name|app) \"?[A-Z][A-Z-]+\b")

    assert [each for each in commands(name) if gaps.search(each)] == []


def test_every_setting_is_documented() -> None:
    """Whoever deploys finds it in the table, or where its special case is told."""
    documents = text("deploy.md") + text("delivery.md")
    hooks = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "infra" / "hooks").iterdir())
    )
    kept = set(re.findall(r"azd env set (\w+)", hooks))
    asked = settings() - outputs() - OF_AZD - kept

    assert asked
    assert {name for name in asked if not re.search(rf"\b{name}\b", documents)} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_which_extension_its_commands_take(name: str) -> None:
    """The Azure CLI would ask in the middle, or fail where nobody can answer."""
    code = "\n".join(commands(name))

    for command, extension in OF_AZURE_CLI.items():
        if re.search(rf"\baz {command}\b", code):
            assert f"az extension add --name {extension}" in code, command


def test_a_script_installs_the_extension_that_it_takes() -> None:
    """Hooks ask nothing."""
    for path in sorted((ROOT / "infra" / "hooks").glob("*.sh")):
        code = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for command, extension in OF_AZURE_CLI.items():
            if re.search(rf"^[^\"\n]*\baz {command}\b", code, re.MULTILINE):
                assert f"az extension add --name {extension}" in code, f"{path.name}: {command}"


def test_the_dev_container_has_the_extensions() -> None:
    """Nobody who works in it has to add one."""
    container = json.loads(
        (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    )
    (options,) = [value for name, value in container["features"].items() if "azure-cli" in name]
    code = "\n".join(each for name in DOCUMENTS for each in commands(name))
    added = set(re.findall(r"az extension add --name ([\w-]+)", code))

    assert added
    assert set(options["extensions"].split(",")) == added
