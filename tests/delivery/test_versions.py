"""Versions of tools: what documents and scripts say is what is required and installed."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from tests.delivery.workflows import ROOT
from tests.markdown import documents

PYTHON = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
DOCUMENTS = [name for name in documents() if not name.startswith("packages/")]


def read(name: str) -> str:
    """Return a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def numbers(version: str) -> tuple[int, ...]:
    """Return a version in a form that has an order."""
    return tuple(int(part) for part in version.split("."))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_one_python(document: str) -> None:
    """It is that of `.python-version`."""
    named = re.findall(r"Python (\d+\.\d+)", read(document))

    assert set(named) <= {PYTHON}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("README.md", "It takes Python {python},"),
        ("CONTRIBUTING.md", "It takes Python {python},"),
        ("docs/package.md", "with bytecode for Python {python}"),
        ("docs/deploy.md", "and Python {python} with pip"),
        ("docs/deploy.md", "| `QJOBS_PYTHON_VERSION` | {python} |"),
        ("infra/app/main.parameters.json", "QJOBS_PYTHON_VERSION={python}"),
        ("infra/app/main.bicep", "param pythonVersion string = '{python}'"),
        ("infra/hooks/install-packages.sh", "for candidate in python{python} "),
        ("infra/hooks/install-packages.sh", "sys.version_info[:2] != ({major}, {minor})"),
        ("infra/hooks/install-packages.sh", "--python-version {python} "),
        ("infra/hooks/check_package.py", 'BYTECODE = "cpython-{major}{minor}"'),
        ("Dockerfile", "function_app.cpython-{major}{minor}.pyc"),
        ("tools/setup/python.sh", "for candidate in python{python} "),
        ("tools/setup/python.sh", "sys.version_info[:2] != ({major}, {minor})"),
        ("pyproject.toml", 'requires-python = ">={python},'),
        ("pyproject.toml", 'python_version = "{python}"'),
    ],
)
def test_what_depends_on_the_python_names_it(file: str, words: str) -> None:
    """Bytecode of another version is of no use, and a platform of another has no such wheels."""
    major, minor = PYTHON.split(".")

    assert words.format(python=PYTHON, major=major, minor=minor) in read(file)


def test_the_azd_of_the_document_is_the_one_that_is_required() -> None:
    """What azure.yaml refuses is not what the reader was told to install."""
    required = yaml.safe_load(read("azure.yaml"))["requiredVersions"]["azd"]
    lowest = required.removeprefix(">= ")

    assert re.findall(r"azd-install\) (\S+) or\s+newer", read("docs/deploy.md")) == [lowest]


def test_the_azd_of_the_pipelines_is_one_whose_package_is_found() -> None:
    """The hook says of which releases it knows where they put it, and which to install."""
    required = yaml.safe_load(read("azure.yaml"))["requiredVersions"]["azd"]
    (pinned,) = re.findall(
        r"setup-azd@.*\n.*\n\s+version: (\S+)", read(".github/actions/azure/action.yml")
    )
    script = read("infra/hooks/check-package.sh")
    ((first, last),) = re.findall(r"releases (\d+\.\d+) to (\d+\.\d+)", script)

    assert numbers(required.removeprefix(">= "))[:2] == numbers(first)
    assert numbers(first) <= numbers(pinned)[:2] <= numbers(last)
    assert re.findall(r"install (\d+\.\d+\.\d+)\.", script) == [pinned]


def test_one_node_is_enough_for_all() -> None:
    """What every package takes is what the reader is told to install."""
    folders = (".", "web", "tests/browser", "tests/generators")
    ranges = {json.loads(read(f"{one}/package.json"))["engines"]["node"] for one in folders}
    assert ranges == {">=20", "^20.19.0 || >=22.12.0"}  # the second is within the first

    for file in ("README.md", "CONTRIBUTING.md"):
        assert re.findall(r"Node\.js ([\d.]+) \(or ([\d.]+)\) or\s+later", read(file)) == [
            ("20.19", "22.12")
        ]
    for file in ("infra/hooks/build-page.sh", "docs/deploy.md"):
        assert re.findall(r"Node\.js ([\d.]+) or (?:later|newer)", read(file)) == ["20.19"]
    azurite = (
        "packages/azure-quantum-emulator/src/azure_quantum_emulator/supervision/azurite_program.py"
    )
    assert re.findall(r"Node\.js (\d+) or later", read(azurite)) == ["20"]


def test_there_is_one_bicep() -> None:
    """Whatever names a release of the compiler names the one that the pipeline installs."""
    installed = re.findall(
        r"az bicep install --version v([\d.]+)", read(".github/workflows/pull-request.yml")
    )
    places = [*ROOT.glob(".github/**/*.yml"), ROOT / "infra" / "bicepconfig.json"]
    text = "".join(place.read_text(encoding="utf-8") for place in places)
    text += "".join(map(read, DOCUMENTS))
    named = re.findall(r"(?i)\bbicep[^\n]{0,40}?\bv?(0\.\d+\.\d+)", text)

    assert installed
    assert set(named) == set(installed)
