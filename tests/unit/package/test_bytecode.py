from __future__ import annotations

import importlib.util
import marshal
import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from tools.package.bytecode import BytecodeError, compiled

FILES = {
    "shapes/__init__.py": b'"""Shapes."""\n',
    "shapes/square.py": b"SIDES = 4\ndef where():\n    return where.__code__.co_filename\n",
    "shapes/square.json": b"{}",
}


def written(folder: Path) -> Path:
    """Write the files and their bytecode to *folder*."""
    for name, content in (FILES | compiled(FILES)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def run(program: str, folder: Path, **environment: str) -> str:
    """Run *program* in a fresh interpreter in *folder*; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_every_module_has_bytecode_where_python_looks_for_it() -> None:
    """The paths are those that Python itself would write to."""
    places = {name: importlib.util.cache_from_source(name) for name in FILES if name[-3:] == ".py"}

    assert set(compiled(FILES)) == set(places.values())


def test_the_bytecode_does_what_pythons_own_does(tmp_path: Path) -> None:
    """It is the code that py_compile makes, under the same kind of header."""
    source = tmp_path / "square.py"
    source.write_bytes(FILES["shapes/square.py"])
    py_compile.compile(
        str(source),
        str(tmp_path / "square.pyc"),
        dfile="shapes/square.py",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    expected = (tmp_path / "square.pyc").read_bytes()
    actual = compiled(FILES)["shapes/__pycache__/square.cpython-313.pyc"]

    assert actual[:16] == expected[:16]
    assert marshal.loads(actual[16:]) == marshal.loads(expected[16:])


def test_python_loads_the_bytecode_instead_of_the_source(tmp_path: Path) -> None:
    """Not even a source that was changed is compiled: nothing checks it."""
    written(tmp_path)
    (tmp_path / "shapes" / "square.py").write_text("SIDES = 5", encoding="utf-8")

    assert run("from shapes import square; print(square.SIDES)", tmp_path) == "4"


def test_a_traceback_names_the_file_where_it_is(tmp_path: Path) -> None:
    """The relative path that the bytecode has gives way to the real one."""
    written(tmp_path)

    place = run("from shapes import square; print(square.where())", tmp_path)
    assert place == str(tmp_path / "shapes" / "square.py")


def test_another_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytecode that the deployed Python would not read is not written."""
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-314")

    with pytest.raises(BytecodeError, match=r"cpython-313.*cpython-314"):
        compiled(FILES)


def test_a_module_that_is_no_python_is_refused() -> None:
    """What cannot be compiled is not deployed."""
    with pytest.raises(SyntaxError):
        compiled({"broken.py": b"def ("})
