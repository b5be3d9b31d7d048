"""What a checkout is like, wherever it is made."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.delivery.workflows import ROOT


def line_ends(root: Path) -> dict[str, tuple[str, str]]:
    """Return of every text that is tracked what is stored and what a checkout gets."""
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    files = {}
    for line in listed:
        facts, _, name = line.partition("\t")
        stored, _, attributes = facts.split(maxsplit=2)
        if stored != "i/-text":
            files[name] = (stored, attributes.strip())
    return files


def test_nothing_is_tracked_that_is_ignored() -> None:
    """What programs leave in a checkout, such as the state of an emulator, is not committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert listed.stdout.splitlines() == []


def test_every_text_has_line_feeds_in_every_checkout() -> None:
    """A script, a policy or a hashed file with the line ends of Windows is another one."""
    files = line_ends(ROOT)

    assert {"infra/hooks/smoke-test.sh", "apim/policies/api.xml"} <= files.keys()
    wrong = [
        name
        for name, (stored, attributes) in files.items()
        if stored not in ("i/lf", "i/none") or "eol=lf" not in attributes
    ]
    assert wrong == []


def test_without_the_attributes_that_is_noticed(tmp_path: Path) -> None:
    """A repository that says nothing of line ends is not like that."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "x.sh").write_text("true\n", encoding="utf-8")
    subprocess.run(["git", "add", "x.sh"], cwd=tmp_path, check=True)

    assert "eol=lf" not in line_ends(tmp_path)["x.sh"][1]
