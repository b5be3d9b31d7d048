"""What `make mutants` changes, and how it tells what was not noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from localdev.repository import ROOT
from tools.mutants.__main__ import main, report
from tools.mutants.mutation import COPIED, MODULES, TESTS
from tools.mutants.place import place_of

CODE = """\
from dataclasses import dataclass


def first(a: int) -> int:
    return a


@dataclass
class Thing:
    async def __call__(self) -> None:
        one = 1
        two = 2
"""
DIFF = """\
--- pack/code.py
+++ pack/code.py
@@ -1,3 +1,3 @@
 async def __call__(self) -> None:
     one = 1
-    two = 2
+    two = 3
"""


@pytest.mark.parametrize("name", [*MODULES, *TESTS, *COPIED])
def test_what_it_names_is_there(name: str) -> None:
    """A file that was moved is changed no more, and nobody would see."""
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    ("name", "diff", "place"),
    [
        ("pack.code.xǁThingǁ__call____mutmut_12", DIFF, "pack/code.py:12"),
        ("pack.code.x_first__mutmut_1", "", "pack/code.py:4"),
        (
            "pack.code.x_first__mutmut_2",
            "--- a\n+++ b\n@@ -2,1 +2,1 @@\n-    return a\n+    return 1\n",
            "pack/code.py:5",
        ),
    ],
)
def test_a_change_is_found_in_its_file(tmp_path: Path, name: str, diff: str, place: str) -> None:
    """The diff counts from the function on, the place from the beginning of the file."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "code.py").write_text(CODE, encoding="utf-8")

    assert place_of(name, diff, tmp_path) == place


@pytest.mark.parametrize("name", ["pack.code.first", "pack.code.x_second__mutmut_1"])
def test_a_change_of_nothing_is_none(tmp_path: Path, name: str) -> None:
    """Names that mean nothing are not given a place."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "code.py").write_text(CODE, encoding="utf-8")

    with pytest.raises(ValueError, match=name if "mutmut" not in name else "no second"):
        place_of(name, "", tmp_path)


def test_the_score_counts_what_no_test_reaches_as_unnoticed() -> None:
    """A change that made the tests run for ever was noticed; one that none ran was not."""
    module = "qjobs.domain.schedule.x_retry_after__mutmut_"
    results = {
        f"{module}1": "killed",
        f"{module}2": "timeout",
        f"{module}3": "no tests",
        f"{module}4": "survived",
    }
    diff = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n def retry_after():\n-    a\n+    b\n"

    lines = report(results, {f"{module}4": diff}).splitlines()

    assert lines[0].startswith("qjobs/domain/schedule.py:")
    assert "+    b" in lines
    assert lines[-2:] == [
        "tried 4: 1 killed, 1 no tests, 1 survived, 1 timeout",
        "score: 50 % were noticed",
    ]


@pytest.mark.parametrize("file", ["tests/fakes.py", "qjobs/nowhere.py", "/nowhere.py", "qjobs"])
def test_only_files_of_the_engine_are_changed(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another name is refused before anything is copied."""
    with pytest.raises(SystemExit) as error:
        main([file])

    assert error.value.code == 2
    assert f"{file} is no file of qjobs/" in capsys.readouterr().err
