from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.package.build import build
from tools.package.bundle import bundled_files

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ("requirements.in", "requirements-overrides.in")
BUILT_FROM = (
    *bundled_files(ROOT),
    *(Path(name) for name in (".funcignore", "pyproject.toml", *REQUIREMENTS)),
)

PROGRAM = """
import sys
from pathlib import Path
{before}
from tools.package.build import build
sys.stdout.buffer.write(build(Path(sys.argv[1])).archive)
"""


def packed(root: Path, before: str, seed: str) -> bytes:
    """Return the package that a fresh process makes of the repository at *root*."""
    environment = {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1800000000"}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before), str(root)],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        capture_output=True,
    ).stdout


def test_two_folders_and_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Neither place, modes, line ends, hash seed nor what else is loaded shows in the zip."""
    for relative in BUILT_FROM:
        target = tmp_path / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / relative).read_bytes().replace(b"\n", b"\r\n"))
        target.chmod(0o600)

    here = packed(ROOT, "import function_app, functions.problems, qjobs.bootstrap", "1")
    assert packed(tmp_path, "", "2") == here


def test_the_bytecode_of_every_module_is_in_the_package() -> None:
    """No module is left to be compiled at a cold start."""
    files = build(ROOT).files
    modules = {path for path in files if path.endswith(".py")}
    compiled = {path for path in files if path.endswith(".pyc")}

    assert len(compiled) == len(modules) > 50
    assert compiled == {
        f"{folder}{'/' if folder else ''}__pycache__/{name.removesuffix('.py')}.cpython-313.pyc"
        for folder, _, name in (module.rpartition("/") for module in modules)
    }
