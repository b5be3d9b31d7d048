"""What is installed beside the code when it is deployed."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

from localdev.package.bundle import PACKAGES, bundled_files
from localdev.package.requirements import read_requirements
from tests.delivery.workflows import ROOT

SCRIPT = (ROOT / "infra" / "hooks" / "install-packages.sh").read_text(encoding="utf-8")
RENDER = ROOT / ".github" / "render_parameters.py"
PLATFORM = "_x86_64"


def platforms() -> set[str]:
    """Return the platforms that the script asks pip for."""
    numbers = re.search(r"for glibc in ([\d ]+); do", SCRIPT)
    assert numbers
    named = re.findall(r"--platform (manylinux\d+_x86_64)", SCRIPT)
    return {*named, *(f"manylinux_2_{number}_x86_64" for number in numbers[1].split())}


@pytest.mark.parametrize("name", [one.name for one in read_requirements(ROOT).packages])
def test_every_package_has_a_wheel_for_the_platform(name: str) -> None:
    """The wheel that is installed here is one of those that the script lets pip take."""
    wheel = distribution(name).read_text("WHEEL") or ""
    tags = re.findall(r"^Tag: \S+?-\S+?-(\S+)$", wheel, re.MULTILINE)
    assert tags
    if not any(tag == "any" or tag.endswith(PLATFORM) for tag in tags):
        pytest.skip("installed for another platform than the one that is deployed to")

    assert {"any", *platforms()} & set(tags), tags


def test_the_service_is_deployed_with_its_packages() -> None:
    """Azd runs the script before it packs, and Azure is not asked to install anything."""
    service = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))["services"]["api"]

    assert service["remoteBuild"] is False
    assert service["hooks"]["prepackage"]["run"] == "infra/hooks/install-packages.sh"


def test_installed_packages_are_no_part_of_the_code(tmp_path: Path) -> None:
    """Azd packs the packages with the code, compiled; the reproducible zip leaves them out."""
    lines = (ROOT / ".funcignore").read_text(encoding="utf-8")
    (tmp_path / ".funcignore").write_text(lines, encoding="utf-8")
    inside = tmp_path / PACKAGES / "lib" / "one" / "__pycache__"
    inside.mkdir(parents=True)
    (inside / "module.pyc").touch()
    (tmp_path / "host.json").touch()

    assert list(bundled_files(tmp_path)) == [Path("host.json")]
    assert f"!/{PACKAGES}/\n!/{PACKAGES}/**/__pycache__/\n" in lines


def test_a_second_region_gets_the_package_of_the_first() -> None:
    """The hook is told which file was deployed, so that it packs no other."""
    text = (ROOT / ".github" / "actions" / "deploy" / "action.yml").read_text(encoding="utf-8")

    assert re.search(r"export QJOBS_PACKAGE=\S+-deployable\.zip\"\n", text)
    assert 'azd deploy api --no-prompt --from-package "$QJOBS_PACKAGE"' in text
    assert "QJOBS_PACKAGE" in (ROOT / "infra/hooks/deploy-secondary.sh").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def render() -> Callable[..., dict[str, Any]]:
    """Return the function of the script."""
    function: Callable[..., dict[str, Any]] = runpy.run_path(str(RENDER))["render"]
    return function


def test_parameters_are_rendered_as_azd_would(render: Callable[..., dict[str, Any]]) -> None:
    """Values take the place of variables, with their types; what is empty is left out."""
    document = {
        "parameters": {
            "name": {"value": "${NAME}"},
            "private": {"value": "${PRIVATE=false}"},
            "instances": {"value": "${INSTANCES=-1}"},
            "version": {"value": "${VERSION=3.13}"},
            "unset": {"value": "${UNSET=}"},
            "values": {"value": {"limit": "${LIMIT=}", "host": "${NAME}"}},
        }
    }
    rendered = render(document, {"NAME": "trial", "INSTANCES": "2"})

    assert {name: one["value"] for name, one in rendered["parameters"].items()} == {
        "name": "trial",
        "private": False,
        "instances": 2,
        "version": "3.13",
        "values": {"limit": "", "host": "trial"},
    }


@pytest.mark.parametrize("layer", ["quantum", "app", "container"])
def test_every_parameter_file_can_be_rendered(
    layer: str, render: Callable[..., dict[str, Any]]
) -> None:
    """Nothing of the syntax of variables is left in any of them."""
    file = ROOT / "infra" / layer / "main.parameters.json"

    rendered = render(json.loads(file.read_text(encoding="utf-8")), {"AZURE_ENV_NAME": "trial"})

    assert "${" not in json.dumps(rendered["parameters"])
    assert rendered["parameters"]["environmentName"] == {"value": "trial"}
