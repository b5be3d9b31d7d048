"""What is installed beside the code when it is deployed."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.delivery.workflows import ROOT
from tools.package.bundle import bundled_files
from tools.package.requirements import read_requirements

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


def service() -> dict[str, Any]:
    """Return the service of azure.yaml."""
    project = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = project["services"]["api"]
    return found


def test_the_service_is_deployed_with_its_packages() -> None:
    """What azd packs is laid out before, and Azure is not asked to install anything."""
    assert service()["remoteBuild"] is False
    assert service()["hooks"]["prepackage"]["run"] == "infra/hooks/stage-package.sh"
    script = (ROOT / "infra" / "hooks" / "stage-package.sh").read_text(encoding="utf-8")
    assert f"folder={service()['dist']}\n" in script


@pytest.mark.parametrize("event", ["postpackage", "predeploy"])
def test_nothing_is_deployed_unchecked(event: str) -> None:
    """Neither what azd has packed nor what it was given, which it does not pack."""
    assert service()["hooks"][event]["run"] == "infra/hooks/check-package.sh"


def test_the_second_region_follows_while_the_package_is_there() -> None:
    """Azd deletes what it has packed when the services are deployed, before the project's hooks."""
    assert service()["hooks"]["postdeploy"]["run"] == "infra/hooks/deploy-secondary.sh"


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """Return what azd packs, of a checkout with much that must stay behind, without pip."""
    checkout = tmp_path / "checkout"
    for path in (*bundled_files(ROOT), Path(".funcignore")):
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, checkout / path)
    for name in (
        *(".env", ".venv/pyvenv.cfg", ".git/config", ".azure/trial/.env", ".python_packages/old"),
        *("tests/test_one.py", "docs/deploy.md", "infra/app/main.bicep", "local.settings.json"),
        *("venv/pyvenv.cfg", "notes.txt", "apim/policies/api.xml", "dist/deployable/old.py"),
        *("functions/__pycache__/old.cpython-312.pyc", "qjobs/.cache/x", "algorithms/.env"),
    ):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    python = tmp_path / "python3.13"
    # pip is asked for a folder and puts something there; nothing else is done.
    python.write_text(
        "#!/bin/sh\nfor last; do :; done\n"
        '[ "$2" != pip ] || { mkdir -p "$last"; : >"$last/one"; }\n'
    )
    python.chmod(0o755)
    script = ROOT / "infra" / "hooks" / "stage-package.sh"
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["sh", script], cwd=checkout, env=environment, check=True)
    return checkout / "dist" / "deployable"


def test_what_azd_packs_is_the_package_with_its_packages(staged: Path) -> None:
    """The code of `make package`, what pip has installed, and nothing else of the checkout."""
    files = {path.relative_to(staged) for path in staged.rglob("*") if path.is_file()}

    installed = Path(".python_packages/lib/site-packages/one")
    assert files == {*bundled_files(ROOT), installed, Path(".funcignore")}


def test_azd_leaves_nothing_of_it_out(staged: Path) -> None:
    """Without the file azd leaves out all bytecode, and a pattern means to it what it may.

    What else it leaves out are files and folders of these names, wherever they are.
    """
    names = {path.name for path in staged.rglob("*")}

    assert (staged / ".funcignore").read_text(encoding="utf-8") == ""
    assert names.isdisjoint({".azure", "local.settings.json"})


def test_a_package_that_is_named_is_not_packed_anew(tmp_path: Path) -> None:
    """Else the two regions would get different ones; nothing is touched before that is noticed."""
    (tmp_path / "dist" / "deployable").mkdir(parents=True)
    done = subprocess.run(
        ["sh", ROOT / "infra" / "hooks" / "stage-package.sh"],
        cwd=tmp_path,
        env=os.environ | {"QJOBS_PACKAGE": "released.zip"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert 'azd deploy api --from-package "released.zip"' in done.stderr
    assert "unset QJOBS_PACKAGE" in done.stderr
    assert (tmp_path / "dist" / "deployable").is_dir()


def test_packages_are_installed_for_the_platform(tmp_path: Path) -> None:
    """And not for this machine; compiled by the platform's Python, so that starts need not."""
    asked = tmp_path / "asked"
    python = tmp_path / "python3.13"
    python.write_text(f'#!/bin/sh\necho "$*" >>{asked}\nmkdir -p .python_packages\n')
    python.chmod(0o755)
    code = tmp_path / "code"
    (code / ".python_packages" / "left").mkdir(parents=True)
    script = ROOT / "infra" / "hooks" / "install-packages.sh"
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}

    def install() -> list[str]:
        subprocess.run(["sh", script, code], env=environment, check=True)
        return asked.read_text(encoding="utf-8").splitlines()[-2:]

    installed, compiled = install()
    for option in ("-m pip install", "--only-binary=:all:", "--no-deps", "--python-version 3.13"):
        assert option in installed
    target = ".python_packages/lib/site-packages"
    assert installed.endswith(f"--requirement requirements.txt --target {target}")
    assert not (code / ".python_packages" / "left").exists()
    assert f"--invalidation-mode unchecked-hash {target} function_app.py functions" in compiled

    # A released package brings its own, the same bytes every time.
    (code / "functions" / "__pycache__").mkdir(parents=True)
    assert install()[1].endswith(target)


@pytest.mark.parametrize("answer", ["exit 1", "exit 127"])
def test_no_packages_without_the_python_of_the_platform(answer: str, tmp_path: Path) -> None:
    """Its bytecode would be of no use; the message says what to install."""
    for name in ("python3.13", "python3"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    script = ROOT / "infra" / "hooks" / "install-packages.sh"
    done = subprocess.run(
        ["sh", script, tmp_path],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "no Python 3.13 with pip: install it, or run make setup" in done.stderr


def test_a_second_region_gets_the_package_of_the_first() -> None:
    """The hook is told which file was deployed, so that it packs no other."""
    text = (ROOT / ".github" / "actions" / "deploy" / "action.yml").read_text(encoding="utf-8")

    assert re.search(r"export QJOBS_PACKAGE=\S+-deployable\.zip\"\n", text)
    assert 'azd deploy api --no-prompt --from-package "$QJOBS_PACKAGE"' in text


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


def test_a_text_of_digits_stays_a_text(render: Callable[..., dict[str, Any]]) -> None:
    """Where the template declares one: a zone, or an environment that is named after a year."""
    document = {"parameters": {"zones": {"value": "${Z}"}, "units": {"value": "${U}"}}}
    template = "param zones string = ''\nparam units int = 1\n"

    rendered = render(document, {"Z": "1", "U": "1"}, template)["parameters"]

    assert rendered == {"zones": {"value": "1"}, "units": {"value": 1}}


@pytest.mark.parametrize("layer", ["quantum", "app", "container"])
def test_every_parameter_file_can_be_rendered(
    layer: str, render: Callable[..., dict[str, Any]]
) -> None:
    """Nothing of the syntax of variables is left in any of them."""
    file = ROOT / "infra" / layer / "main.parameters.json"

    rendered = render(json.loads(file.read_text(encoding="utf-8")), {"AZURE_ENV_NAME": "trial"})

    assert "${" not in json.dumps(rendered["parameters"])
    assert rendered["parameters"]["environmentName"] == {"value": "trial"}
