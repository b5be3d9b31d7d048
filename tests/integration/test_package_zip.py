"""The package alone: in an empty folder, with requirements.txt installed and nothing else."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localdev.package import probe
from localdev.package.build import build

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)  # the first time, a hundred megabytes are downloaded
ISOLATED = ("-I", "-B")  # neither variables nor this folder nor old bytecode play a part


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the package into an empty folder."""
    folder = tmp_path_factory.mktemp("app")
    zipfile.ZipFile(io.BytesIO(build(ROOT).archive)).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def python(app: Path) -> Iterator[Path]:
    """Make an environment with what the package's requirements.txt names; yield its Python."""
    # Not where pytest keeps folders of past runs: this one is large.
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        interpreter = Path(folder, "bin", "python")
        pip = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--quiet"]
        # The file is complete, so pip need not look for more, nor compile what is loaded once.
        pip += ["--no-deps", "--require-hashes", "--no-compile"]
        pip += ["--requirement", str(app / "requirements.txt")]
        done = subprocess.run(pip, check=False, capture_output=True, text=True)
        if done.returncode and "connection broken by" in done.stderr:
            pytest.skip("no package index can be reached")
        assert done.returncode == 0, done.stderr
        yield interpreter


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


def test_the_functions_are_indexed(probed: dict[str, Any]) -> None:
    """The worker library finds every function, by its trigger."""
    triggers = list(probed["functions"].values())

    assert {kind: triggers.count(kind) for kind in triggers} == {
        "httpTrigger": 10,
        "queueTrigger": 4,
        "timerTrigger": 1,
    }


def test_the_catalogue_is_served(probed: dict[str, Any]) -> None:
    """Every algorithm of the repository is in the answer."""
    answer = probed["answers"]["algorithms"]
    folders = {path.parent.name for path in ROOT.glob("algorithms/*/algorithm.json")}

    assert answer["status"] == 200
    assert {entry["id"] for entry in answer["body"]["algorithms"]} == folders


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
