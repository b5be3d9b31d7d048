"""The container image, read without Docker."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.package.bundle import bundled_files

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HADOLINT = Path(sys.executable).with_name("hadolint")


def in_context(path: Path, patterns: list[str]) -> bool:
    """Tell whether Docker sends *path* to the build: the last pattern that fits it decides."""
    sent = True
    for pattern in patterns:
        # A pattern fits a path if it fits the path itself or a folder above it.
        glob = pattern.removeprefix("!")
        expression = re.escape(glob).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if re.fullmatch(f"{expression}(?:/.*)?", path.as_posix()):
            sent = pattern.startswith("!")
    return sent


def hadolint(file: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter."""
    return subprocess.run(
        [HADOLINT, "--no-color", file], capture_output=True, text=True, check=False
    )


def test_the_linter_finds_nothing() -> None:
    """Every instruction, and the shell in it, keeps to the rules."""
    done = hadolint(ROOT / "Dockerfile")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("RUN mkdir -p", "RUN cd /tmp && mkdir -p"),
        ("USER 1654", "USER root"),
        ("CMD [", "CMD bad ["),
    ],
)
def test_the_linter_finds_a_mistake(right: str, wrong: str, tmp_path: Path) -> None:
    """A changed folder, root and a command for a shell are refused."""
    assert right in DOCKERFILE
    file = tmp_path / "Dockerfile"
    file.write_text(DOCKERFILE.replace(right, wrong), encoding="utf-8")

    assert hadolint(file).returncode != 0


def test_the_image_holds_what_the_zip_holds() -> None:
    """`.dockerignore` and `.funcignore` let the same files through."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [Path(name) for name in tracked if (ROOT / name).is_file()]
    sent = {path for path in files if in_context(path, patterns)}

    assert sent == set(bundled_files(ROOT)) & set(files)
    assert Path("function_app.py") in sent


def test_the_image_has_the_python_of_the_bundle() -> None:
    """The tag of the base names the version in `.python-version`."""
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()

    assert re.findall(r"^ARG BASE=.*:4-python([\d.]+)$", DOCKERFILE, re.MULTILINE) == [version]
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert f"azure-functions/python:4-python{version}\n" in workflow


def test_the_image_does_not_run_as_root() -> None:
    """The last user is a number, which Kubernetes can check, and not 0."""
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)

    assert users
    assert int(users[-1]) > 0


def test_the_health_check_asks_what_there_is() -> None:
    """It is the open health function, on the port the host listens on."""
    prefix = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["extensions"]["http"]
    source = (ROOT / "functions" / "http_health.py").read_text(encoding="utf-8")
    (route,) = re.findall(r'route="(\w+)"', source)
    (port,) = re.findall(r"ASPNETCORE_URLS=http://\+:(\d+)", DOCKERFILE)

    assert f"127.0.0.1:{port}/{prefix['routePrefix']}/{route}'" in DOCKERFILE
    assert f"\nEXPOSE {port}\n" in DOCKERFILE
