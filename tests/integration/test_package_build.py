"""`python -m tools.package`, as `make package` calls it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from tools.package import __main__ as command
from tools.package.build import Build
from tools.package.licences import LicenceError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package, with one measurement of its cold start."""
    made = tmp_path_factory.mktemp("build") / "dist"
    assert command.main(["--output", str(made), "--repetitions", "1"]) == 0
    return made


def only(folder: Path, pattern: str) -> Path:
    """Return the one file of that kind."""
    (found,) = folder.glob(pattern)
    return found


def test_three_files_of_one_version_are_written(folder: Path) -> None:
    """Zip, bill of materials and log belong together by name."""
    stem = only(folder, "*.zip").stem

    assert {path.name for path in folder.iterdir()} == {
        f"{stem}.zip",
        f"{stem}.cdx.json",
        f"{stem}.txt",
    }


def test_log_and_bill_have_the_hash_of_the_zip(folder: Path) -> None:
    """Whoever has the zip can see that the others are its own."""
    digest = hashlib.sha256(only(folder, "*.zip").read_bytes()).hexdigest()
    bill = json.loads(only(folder, "*.cdx.json").read_text(encoding="utf-8"))

    assert f"sha256 {digest}\n" in only(folder, "*.txt").read_text(encoding="utf-8")
    assert bill["metadata"]["component"]["hashes"][0]["content"] == digest


def test_the_log_has_sizes_licences_and_cold_start(folder: Path) -> None:
    """Each figure is a line that begins with what it is of."""
    log = only(folder, "*.txt").read_text(encoding="utf-8")
    size = f"{only(folder, '*.zip').stat().st_size / 1000:,.0f}"
    lines = {line[:20].strip(): line.split() for line in log.splitlines()}

    assert size in lines["the zip, stored"]
    assert {"qjobs", "unpacked", "scipy", "start, worker librar"} <= lines.keys()
    assert re.search(r"^all \d+ packages +\d+\.\d$", log, re.MULTILINE)
    assert "licences:" in log


def test_a_package_that_may_not_be_deployed_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every fault is told, nothing is written, and the exit code says so."""

    def refuse(_root: Path) -> Build:
        raise LicenceError("one 1.0: no licence\nother 2.0: no licence")

    monkeypatch.setattr(command, "build", refuse)

    assert command.main(["--output", str(tmp_path / "dist")]) == 1
    assert capsys.readouterr().err.count("error: ") == 2
    assert not (tmp_path / "dist").exists()
