"""The package alone: in an empty folder, with its packages as a release puts them, nothing else."""

from __future__ import annotations

import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools.package import probe
from tools.package.build import build

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "infra" / "hooks"
ISOLATED = ("-I", "-B")  # neither variables nor this folder nor old bytecode play a part


@pytest.fixture(scope="module")
def app() -> Iterator[Path]:
    """Unpack the package into an empty folder, and install its packages as a release does."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("what is deployed is for Linux on x86-64")
    # Not where pytest keeps folders of past runs: this one is large.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        zipfile.ZipFile(io.BytesIO(build(ROOT).archive)).extractall(folder)
        done = subprocess.run(
            ["sh", HOOKS / "install-packages.sh", folder],
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode and "connection broken by" in done.stderr:
            pytest.skip("no package index can be reached")
        assert done.returncode == 0, done.stderr
        yield folder


@pytest.fixture(scope="module")
def python(app: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python that has nothing but what is installed beside the code."""
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "app.pth").write_text(f"{app / '.python_packages/lib/site-packages'}\n")
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def probed(app: Path, python: Path) -> dict[str, Any]:
    """Return what the app does under Microsoft's worker library."""
    asked = ("algorithms", "health")
    done = subprocess.run(
        [python, *ISOLATED, probe.__file__, app, *asked],
        cwd=app,
        env={"PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_what_a_release_deploys_is_whole(app: Path, tmp_path: Path) -> None:
    """The hook that looks at every package before it is deployed finds nothing wrong with it."""
    package = tmp_path / "deployable.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for path in app.rglob("*"):
            archive.write(path, path.relative_to(app))
    done = subprocess.run(
        ["sh", HOOKS / "check-package.sh", package], check=False, capture_output=True, text=True
    )
    package.unlink()

    assert (done.returncode, done.stderr) == (0, "")


def test_the_functions_are_indexed(probed: dict[str, Any]) -> None:
    """The worker library finds every function, by its trigger."""
    triggers = list(probed["functions"].values())

    assert {kind: triggers.count(kind) for kind in triggers} == {
        "httpTrigger": 22,
        "queueTrigger": 7,
        "timerTrigger": 1,
    }


def test_the_catalogue_is_served(probed: dict[str, Any]) -> None:
    """Every algorithm of the repository is in the answer."""
    answer = probed["answers"]["algorithms"]
    folders = {path.parent.name for path in ROOT.glob("algorithms/*/algorithm.json")}

    assert answer["status"] == 200
    assert {entry["id"] for entry in answer["body"]["value"]} == folders


def test_the_health_is_served(probed: dict[str, Any]) -> None:
    """The app answers that it is there."""
    assert probed["answers"]["health"] == {"status": 200, "body": {"status": "Healthy"}}


def test_nothing_came_from_anywhere_else(probed: dict[str, Any], app: Path, python: Path) -> None:
    """Every module is of the package, of its requirements, or of Python itself."""
    own = {"__main__", "worker"}  # the probe
    allowed = (app.resolve(), python.parents[1].resolve(), Path(os.__file__).resolve().parent)
    strangers = {
        name: file
        for name, file in probed["modules"].items()
        if name not in own and not any(map(Path(file).resolve().is_relative_to, allowed))
    }

    assert strangers == {}
    assert Path(probed["modules"]["qjobs"]).is_relative_to(app)


def test_every_module_of_the_package_can_be_loaded(app: Path, python: Path) -> None:
    """What the modules import, also those that a cold start leaves for later, is installed."""
    names = [
        ".".join(path.relative_to(app).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(app.rglob("*.py"))
        if ".python_packages" not in path.parts
    ]
    program = f"import sys; sys.path.insert(0, {str(app)!r}); import {', '.join(names)}"
    environment = {"PATH": os.environ["PATH"], "QDK_PYTHON_TELEMETRY": "none"}
    done = subprocess.run(
        [python, *ISOLATED, "-c", program],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert len(names) > 50
