from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from localdev.package.bundle import bundled_files, read_bundle
from localdev.package.bytecode import compiled

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from pathlib import Path
{before}
from localdev.package.archive import pack
from localdev.package.bundle import read_bundle
from localdev.package.bytecode import compiled
from localdev.package.release import release
root = Path(sys.argv[1])
files = read_bundle(root)
sys.stdout.buffer.write(pack(files | compiled(files), release(root).moment))
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
    copy = tmp_path / "elsewhere"
    for relative in (*bundled_files(ROOT), Path(".funcignore"), Path("pyproject.toml")):
        target = copy / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (ROOT / relative).read_bytes().replace(b"\n", b"\r\n")
        target.write_bytes(content)
        target.chmod(0o600)

    here = packed(ROOT, "import function_app, functions.problems, qjobs.bootstrap", "1")
    assert packed(copy, "", "2") == here


def test_the_bytecode_of_every_module_is_in_the_package() -> None:
    """No module is left to be compiled at a cold start."""
    files = read_bundle(ROOT)
    modules = [path for path in files if path.endswith(".py")]

    assert len(compiled(files)) == len(modules) > 50
