"""What is installed by npm: Azurite, and as little else as it takes; apart, what tests run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from azure_quantum_emulator.supervision import azurite
from tests.delivery.workflows import ROOT
from tests.markdown import tracked

PACKAGES = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
LOCKED = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def test_every_override_is_locked_and_still_needed() -> None:
    """What replaces a version that Azurite asks for is what is installed, and differs from it."""
    asked = LOCKED["node_modules/azurite"]["dependencies"]

    assert PACKAGES["overrides"]
    for name, version in PACKAGES["overrides"].items():
        installed = {
            locked["version"]
            for path, locked in LOCKED.items()
            if path.endswith(f"node_modules/{name}")
        }
        assert installed == {version}
        assert asked[name].lstrip("^").split(".")[0] != version.split(".")[0], asked[name]


def test_a_version_is_named_exactly_and_no_address_is_locked() -> None:
    """What is installed changes only by a commit, and comes from whichever registry there is."""
    asked = {**PACKAGES["dependencies"], **PACKAGES["devDependencies"]}

    assert {name: LOCKED[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert not any("resolved" in locked for locked in LOCKED.values())


def test_nobody_lets_azurite_report() -> None:
    """The package that reports is replaced, so it is never asked to: by no part, by no pipeline."""
    workflow = ROOT / ".github" / "workflows" / "pull-request.yml"
    text = workflow.read_text(encoding="utf-8").replace("\\\n", " ")
    started = re.findall(r"node_modules/\.bin/azurite .*", text)

    assert started
    assert all("--disableTelemetry" in line for line in started)
    program = ROOT / "package.json"  # any file: it is not run
    assert "--disableTelemetry" in azurite.command(azurite.FREE_PORTS, None, program=program)


def test_azurite_is_never_started_without_its_corrections() -> None:
    """By no part and by no pipeline: without them it deletes contents that are in use."""
    started = [
        line
        for workflow in (ROOT / ".github" / "workflows").glob("*.yml")
        for line in workflow.read_text(encoding="utf-8").splitlines()
        if "node_modules/.bin/azurite" in line
    ]
    assert started
    assert all(f"/{azurite.FIXES.name}" in line.partition(" node_modules")[0] for line in started)
    program = ROOT / "package.json"  # any file: it is not run
    line = azurite.command(azurite.FREE_PORTS, None, program=program)
    assert str(azurite.FIXES) in line[line.index(str(program)) - 1]


def test_without_the_override_much_more_is_installed() -> None:
    """The second OpenTelemetry, with an exporter for everything, is not among the packages."""
    names = {path.rpartition("node_modules/")[2] for path in LOCKED}

    assert "sequelize" in names  # it is loaded, though nothing is kept in a database
    assert names.isdisjoint({"@azure/monitor-opentelemetry", "@opentelemetry/sdk-node"})


def test_what_the_tests_run_is_pinned_and_apart() -> None:
    """A generator or a linter has one version, and nobody who only starts the stack installs it."""
    folder = ROOT / "tests" / "generators"
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert "openapi-typescript" in asked
    for name, version in asked.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert f"node_modules/{name}" not in LOCKED


FILES = sorted(tracked())
FOLDERS = [(ROOT / name).parent for name in FILES if Path(name).name == "package.json"]
"""Folders into which packages are installed."""
_INSTALL = re.compile(
    r"(?:^|[;&|(]|\bdo\b|\bthen\b|\brun:)\s*@?(npm (?:ci|i|install|add|update|exec|rebuild)\b.*)",
    re.MULTILINE,
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_says_which_nodejs_it_takes(folder: Path) -> None:
    """The setup reads it there, and what is locked says the same."""
    package, lock = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )

    assert package["engines"].keys() == {"node"}
    assert lock["packages"][""]["engines"] == package["engines"]


def test_the_page_takes_the_nodejs_of_what_builds_it() -> None:
    """Vite refuses any other, in words that no newcomer understands."""
    web = ROOT / "web"
    package, lock = (
        json.loads((web / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )

    assert package["engines"] == lock["packages"]["node_modules/vite"]["engines"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_package_runs_a_script_when_it_is_installed(folder: Path) -> None:
    """Not even when it is installed by hand: some report on whoever does, with the environment."""
    lines = (folder / ".npmrc").read_text(encoding="utf-8").splitlines()

    assert "ignore-scripts=true" in lines


def installs(text: str) -> list[str]:
    """Return the commands of npm in a script that install packages."""
    return _INSTALL.findall(text.replace("\\\n", " "))


def test_every_call_of_npm_installs_without_scripts() -> None:
    """In the Makefile, the setup, the pipelines, the hooks and the images."""
    callers = ("Makefile", "Dockerfile", "tools/", ".github/", ".devcontainer/", "infra/hooks/")
    found = {
        f"{name}: {line}": "--ignore-scripts" in line
        for name in FILES
        if name.startswith(callers)
        for line in installs((ROOT / name).read_text(encoding="utf-8"))
    }

    assert {name.partition(":")[0] for name in found} >= {
        "Makefile",
        "tools/setup/node.sh",
        ".github/workflows/pull-request.yml",
        "infra/hooks/build-page.sh",
    }
    assert [name for name, without in found.items() if not without] == []


@pytest.mark.parametrize(
    "text",
    [
        "npm ci",
        "  run: npm install",
        "for folder in .; do \\\n  npm install --prefix $folder",
        "cd web && npm ci --no-audit",
        "\t@npm update",
    ],
)
def test_a_call_that_would_run_scripts_is_found(text: str) -> None:
    """In a recipe, a step of a pipeline and a loop, over the end of a line."""
    (found,) = installs(text)

    assert "--ignore-scripts" not in found
