"""The wheel of packages/azure-quantum-emulator, where nothing else of this repository is.

Its environment is empty but for what the wheel's own metadata asks for, in the versions that this
repository pins.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from localdev.repository import AZURITE, ROOT

PACKAGE = ROOT / "packages" / "azure-quantum-emulator"
UV = Path(sys.executable).with_name("uv")
SAMPLE = ("tests/unit/api", "tests/unit/supervision", "tests/integration/test_identity.py")
"""Of its own tests, what takes less than a minute and starts everything there is."""
FOREIGN_TEST = """
CIRCUIT = {"qubits": 2, "circuit": [
    {"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1},
]}


def test_a_job(quantum_emulator):
    with quantum_emulator.connect() as workspace:
        job = workspace.get_targets("ionq.simulator").submit(CIRCUIT, shots=100)
        assert job.get_results()["histogram"] == {"0": 0.5, "3": 0.5}
"""


def run(*line: object, cwd: Path, **environment: str) -> str:
    """Return what a command prints, which knows nothing of the environment of this test."""
    hidden = ("AZURE_", "PYTHON", "PYTEST_", "VIRTUAL_ENV")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    done = subprocess.run(
        list(map(str, line)),
        cwd=cwd,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    directory = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory, cwd=PACKAGE)
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def install(wheel: Path) -> Callable[..., Path]:
    """Return what installs the wheel with extras; it returns the environment's programs.

    The environment is one for all tests, empty at first.
    """
    environment = wheel.parent / "environment"
    run(UV, "venv", "--quiet", "--python", sys.executable, environment, cwd=wheel.parent)
    line = (UV, "pip", "install", "--quiet", "--python", environment / "bin" / "python")
    try:
        run(*line, "--dry-run", "--no-cache", "lark", cwd=wheel.parent)
    except AssertionError as error:
        pytest.skip(f"no package registry can be reached: {str(error).splitlines()[0]}")

    def installed(extras: str = "") -> Path:
        wanted = f"azure-quantum-emulator{extras} @ {wheel.as_uri()}"
        pins, overrides = ROOT / "requirements-dev.txt", ROOT / "requirements-overrides.in"
        run(*line, "--constraint", pins, "--override", overrides, wanted, cwd=wheel.parent)
        return environment / "bin"

    return installed


def test_the_command_is_there(install: Callable[..., Path], tmp_path: Path) -> None:
    """Nothing but the wheel was asked for, and the command explains itself."""
    programs = install()
    shown = run(programs / "azure-quantum-emulator", "--help", cwd=tmp_path)
    assert shown.startswith("usage: azure-quantum-emulator ")


def test_the_test_of_another_project_passes(install: Callable[..., Path], tmp_path: Path) -> None:
    """It asks for the fixture and runs a job by the unmodified SDK; there is nothing to import."""
    programs = install("[pytest]")
    (tmp_path / "test_foreign.py").write_text(FOREIGN_TEST, encoding="utf-8")
    azurite = {"AZURE_QUANTUM_EMULATOR_AZURITE": str(AZURITE)}
    shown = run(programs / "pytest", "-q", "--rootdir", tmp_path, cwd=tmp_path, **azurite)
    assert "1 passed" in shown


@pytest.mark.timeout(3600)
def test_its_own_tests_pass(
    install: Callable[..., Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A sample of them, or with `--whole-emulator` all that need no recordings."""
    programs = install("[tests]")
    copy = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("src", "__pycache__", ".*"))
    which = ("-n", "2") if request.config.getoption("--whole-emulator") else SAMPLE
    azurite = {"AZURE_QUANTUM_EMULATOR_AZURITE": str(AZURITE)}
    shown = run(programs / "pytest", "-q", *which, cwd=copy, **azurite)
    assert " passed" in shown
    assert " failed" not in shown
