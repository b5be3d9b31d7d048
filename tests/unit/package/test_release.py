from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.package.release import release


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with one commit."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "All", "--date", "1700000000 +0900")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder*, as nobody in particular; return what it prints."""
    who = ("user.name=Somebody", "user.email=somebody@example.org", "commit.gpgsign=false")
    command = ["git", *(part for one in who for part in ("-c", one)), *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_commit_is_in_the_version(repository: Path) -> None:
    """A package can be traced to the commit it was made of."""
    commit = git(repository, "rev-parse", "HEAD")

    assert release(repository, {}).version == f"1.2.3-g{commit[:12]}"


def test_a_tagged_commit_has_the_version_alone(repository: Path) -> None:
    """A release is named as pyproject.toml says, without a commit."""
    git(repository, "tag", "v1.2.3")

    assert release(repository, {}).version == "1.2.3"


def test_a_tag_of_another_version_does_not_count(repository: Path) -> None:
    """A tag that says something else than pyproject.toml makes no release."""
    git(repository, "tag", "v1.2.4")

    assert "-g" in release(repository, {}).version


def test_a_deployed_file_that_is_not_committed_is_in_the_version(repository: Path) -> None:
    """Whoever packs what is in no commit can see it in the name."""
    clean = release(repository, {}).version
    (repository / "qjobs").mkdir()
    (repository / "qjobs" / "new.py").touch()

    assert release(repository, {}).version == f"{clean}-dirty"


def test_a_file_that_is_not_deployed_does_not_count(repository: Path) -> None:
    """A change of the tests does not make another package."""
    clean = release(repository, {})
    (repository / "tests").mkdir()
    (repository / "tests" / "test_new.py").touch()

    assert release(repository, {}) == clean


def test_the_moment_is_that_of_the_commit(repository: Path) -> None:
    """Two who pack the same commit get the same times."""
    committed = int(git(repository, "log", "-1", "--format=%ct"))

    assert release(repository, {}).moment == datetime.fromtimestamp(committed, UTC)


def test_source_date_epoch_decides_over_the_moment(repository: Path) -> None:
    """The variable of reproducible builds is honoured."""
    moment = release(repository, {"SOURCE_DATE_EPOCH": "1600000000"}).moment

    assert moment == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)


def test_the_version_without_git_says_so(tmp_path: Path) -> None:
    """A copy without its history can be packed too, and always in the same way."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")

    assert release(tmp_path, {}).version == "1.2.3-local"
    assert release(tmp_path, {}).moment == datetime.fromtimestamp(0, UTC)
