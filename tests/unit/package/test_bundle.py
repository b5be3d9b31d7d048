from __future__ import annotations

from pathlib import Path

import pytest

from tools.package.bundle import read_bundle


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a repository that leaves out one folder and one kind of file."""
    (tmp_path / ".funcignore").write_text(".*\nleft/\n*.log\n!keep.log\n", encoding="utf-8")
    for name in (
        "function_app.py",
        "qjobs/left/out.py",
        "qjobs/deep/er.py",
        "qjobs/some.log",
        "qjobs/keep.log",
        "answer.json",
        "elsewhere/file.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_what_funcignore_names_is_left_out(root: Path) -> None:
    """It is read as git reads its own, and the paths have slashes."""
    assert set(read_bundle(root)) == {"function_app.py", "qjobs/deep/er.py", "qjobs/keep.log"}


def test_what_lies_beside_the_code_is_left_out(root: Path) -> None:
    """A file that somebody has put into the checkout is not deployed, whatever its name."""
    assert not read_bundle(root).keys() & {"answer.json", "elsewhere/file.py"}


def test_line_ends_are_those_of_the_repository(root: Path) -> None:
    """A checkout with the line ends of Windows gives the same package."""
    (root / "function_app.py").write_bytes(b"a = 1\r\nb = '\\r\\n'\r\n")

    assert read_bundle(root)["function_app.py"] == b"a = 1\nb = '\\r\\n'\n"


def test_what_is_no_text_stays_as_it_is(root: Path) -> None:
    """A picture may hold the bytes of a line end."""
    (root / "function_app.py").write_bytes(b"\x89PNG\r\n\x1a\n\0")

    assert read_bundle(root)["function_app.py"] == b"\x89PNG\r\n\x1a\n\0"
