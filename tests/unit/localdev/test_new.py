"""The folder of a new algorithm, made from a template."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from localdev.algorithm_folder import check_folder
from localdev.commands.new import TEMPLATE, make

ROOT = Path(__file__).parents[3]
CODE = ("algorithms", "functions", "localdev", "qjobs", "tools")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a copy of what the command reads and writes."""
    for folder in CODE:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "algorithms.md", tmp_path / "docs")
    return tmp_path


def table(repository: Path) -> list[str]:
    """Return the ids in the table of algorithms, in its order."""
    text = (repository / "docs" / "algorithms.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"(?ms)^## The algorithms$(.*?)^## ", text)
    return [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]


def test_the_template_is_an_algorithm() -> None:
    """Its folder keeps to every rule."""
    assert check_folder(TEMPLATE) == []


def test_a_new_algorithm_passes_its_checks(repository: Path) -> None:
    """As the document says: the folder is made, compiled, and its examples give results."""
    text = (repository / "docs" / "algorithms.md").read_text(encoding="utf-8")
    (documented,) = re.findall(r"```sh\n\.venv/bin/python (.*)\n```", text)
    for command in (documented.split(), ["-m", "tools.algorithm_checks", "mine"]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=repository,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "mine" in done.stdout
    assert TEMPLATE.name not in "".join(
        file.read_text(encoding="utf-8") for file in (repository / "algorithms/mine").glob("*.*")
    )


@pytest.mark.parametrize("name", ["aaa", "maximum_cut", "zeta2"])
def test_it_has_its_row_in_the_table(repository: Path, name: str) -> None:
    """The table stays ordered by id, and nothing else in the document changes."""
    before = (repository / "docs" / "algorithms.md").read_text(encoding="utf-8").splitlines()

    assert make(name, repository) == 0

    after = (repository / "docs" / "algorithms.md").read_text(encoding="utf-8").splitlines()
    assert name in table(repository)
    assert table(repository) == sorted(table(repository))
    assert [line for line in after if f"| `{name}` |" not in line] == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ghz", "algorithms/ghz is there already"),
        ("Mine", "is no id"),
        ("my-algorithm", "is no id"),
        ("../mine", "is no id"),
        ("2nd", "is no id"),
        ("class", "is no id"),
        ("mine_", "is no id"),
        ("", "is no id"),
    ],
)
def test_what_cannot_be_made_says_why(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str, reason: str
) -> None:
    """Nothing is written then."""
    before = sorted(repository.rglob("*"))

    assert make(name, repository) == 1

    assert reason in capsys.readouterr().err
    assert sorted(repository.rglob("*")) == before
