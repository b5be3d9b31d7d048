"""The receivers of examples/, made ready to run, each with the library of its language.

Python and JavaScript have theirs from the packages of the project. Those of the compiled languages
are in no registry that tests use: `STANDARD_WEBHOOKS` names a copy of the folder `libraries` of
github.com/standard-webhooks/standard-webhooks, from whose sources they are compiled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PACKAGES = ROOT / "node_modules"
_GO_MODULE = "github.com/standard-webhooks/standard-webhooks/libraries"


def python(folder: Path) -> list[str]:
    """Return the command of the receiver in Python."""
    return [sys.executable, str(shutil.copy(EXAMPLES / "receive.py", folder))]


def javascript(folder: Path) -> list[str]:
    """Return the command of the receiver in JavaScript, beside the packages that it imports."""
    if shutil.which("node") is None or not (PACKAGES / "standardwebhooks").exists():
        pytest.skip("Node.js or standardwebhooks is not installed")
    (folder / "node_modules").symlink_to(PACKAGES)
    return ["node", str(shutil.copy(EXAMPLES / "receive.mjs", folder))]


def java(folder: Path) -> list[str]:
    """Return the command of the receiver in Java."""
    sources = _library("java", "javac") / "src" / "main"
    library = [
        *(sources / "java" / "com" / "standardwebhooks" / "exceptions").glob("*.java"),
        sources / "java" / "com" / "standardwebhooks" / "WebhookBase.java",
        sources / "java11" / "com" / "standardwebhooks" / "Webhook.java",
    ]
    _compile(folder, "javac", "-d", "classes", *library, EXAMPLES / "Receiver.java")
    return ["java", "-cp", str(folder / "classes"), "Receiver"]


def csharp(folder: Path) -> list[str]:
    """Return the command of the receiver in C#."""
    sources = (_library("csharp", "mcs", "mono") / "StandardWebhooks").rglob("*.cs")
    _compile(folder, "mcs", "-out:receiver.exe", *sources, EXAMPLES / "Receiver.cs")
    return ["mono", str(folder / "receiver.exe")]


def go(folder: Path) -> list[str]:
    """Return the command of the receiver in Go."""
    sources = _library("go", "go")
    for file in sources.glob("*.go"):
        if not file.name.endswith("_test.go"):
            (folder / "library" / "go").mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / "library" / "go")
    (folder / "library" / "go.mod").write_text(f"module {_GO_MODULE}\n", encoding="utf-8")
    (folder / "go.mod").write_text(
        f"module receiver\n\nrequire {_GO_MODULE} v0.0.0\n\nreplace {_GO_MODULE} => ./library\n",
        encoding="utf-8",
    )
    shutil.copy(EXAMPLES / "receive.go", folder / "main.go")
    _compile(folder, "go", "build", "-mod=mod", "-o", "receiver", ".")
    return [str(folder / "receiver")]


def _library(language: str, *programs: str) -> Path:
    """Return the folder of the library's sources, or skip the test."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program}")
    folder = Path(os.environ.get("STANDARD_WEBHOOKS", "")) / language
    if not os.environ.get("STANDARD_WEBHOOKS") or not folder.is_dir():
        pytest.skip("STANDARD_WEBHOOKS names no copy of the libraries' sources")
    return folder


def _compile(folder: Path, *command: str | Path) -> None:
    settings = {
        "CGO_ENABLED": "0",
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "GOPROXY": "off",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
