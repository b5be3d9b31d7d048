"""The repository as a template: of azd, and of a dev container."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
IMAGE = re.compile(r"mcr\.microsoft\.com/devcontainers/python:\d+-(?P<python>\d+\.\d+)-[a-z]+")
FEATURE = re.compile(r"ghcr\.io/(?:devcontainers/features|azure/azure-dev)/(?P<name>[a-z-]+):\d+")


@pytest.fixture
def container() -> dict[str, Any]:
    """Return the dev container's description."""
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture
def features(container: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is installed into it, by name."""
    matches = {address: FEATURE.fullmatch(address) for address in container["features"]}

    assert all(matches.values()), matches
    return {
        match["name"]: container["features"][address] for address, match in matches.items() if match
    }


def azure_yaml() -> dict[str, Any]:
    """Return the project as azd reads it."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    return found


def number(version: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_the_template_has_the_version_of_the_project() -> None:
    """Who started from it can say from which."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert azure_yaml()["metadata"]["template"] == f"{project['name']}@{project['version']}"


def test_the_container_has_the_python_of_the_project(container: dict[str, Any]) -> None:
    """`make setup` takes no other."""
    image = IMAGE.fullmatch(container["image"])

    assert image
    assert image["python"] == (ROOT / ".python-version").read_text(encoding="utf-8").strip()


def test_the_container_has_what_the_readme_asks_for(features: dict[str, dict[str, Any]]) -> None:
    """Node.js for the storage emulator, and the tools of a deployment, each of one version."""
    page = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    newest = re.split(r"\D+", page["engines"]["node"])[-3]

    assert features.keys() == {"node", "azure-cli", "azd", "github-cli"}
    assert int(features["node"]["version"]) >= int(newest)
    assert [name for name, options in features.items() if not number(options["version"])] == []


def test_the_container_has_the_azd_of_the_pipelines(features: dict[str, dict[str, Any]]) -> None:
    """What works here works there, and azure.yaml admits it."""
    action = (ROOT / ".github" / "actions" / "azure" / "action.yml").read_text(encoding="utf-8")
    pinned = re.search(r"setup-azd@.+\n\s+with:\n\s+version: ([\d.]+)", action)

    assert pinned
    assert features["azd"]["version"] == pinned[1]
    required = azure_yaml()["requiredVersions"]["azd"]
    assert required.startswith(">= ")
    assert number(pinned[1]) >= number(required)


def test_the_container_is_ready_when_it_is_made(container: dict[str, Any]) -> None:
    """Everything is installed, and the gateway of `make up` can be reached."""
    parts = (ROOT / "localdev" / "stack" / "parts.py").read_text(encoding="utf-8")
    gateway = re.search(r"^GATEWAY_PORT = (\d+)$", parts, re.MULTILINE)

    assert container["postCreateCommand"] == "make setup"
    assert gateway
    assert container["forwardPorts"] == [int(gateway[1])]
    assert container["portsAttributes"].keys() == {gateway[1]}
