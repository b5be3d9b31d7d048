"""checkov's security checks pass, but for those that .checkov.yaml explains."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_CHECKOV = ROOT / ".checkov" / "bin" / "checkov"
_SKIPPED = re.compile(r"^ +- (?P<check>CKV\w+)(?: # (?P<reason>.+))?$", re.MULTILINE)
# checkov only counts the files that it cannot read; its parser says where it stopped.
_PARSE = "import sys, pycep; pycep.BicepParser().parse(text=open(sys.argv[1]).read())"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what every check of checkov says, without the configuration that skips some."""
    if not _CHECKOV.exists():
        pytest.skip("checkov is not installed: make setup")
    elsewhere = tmp_path_factory.mktemp("checkov")
    options = "--framework bicep --compact --skip-download --soft-fail --output json"
    done = subprocess.run(
        [str(_CHECKOV), "--directory", str(ROOT / "infra"), *options.split()],
        cwd=elsewhere,
        env={**os.environ, "HOME": str(elsewhere), "LOG_LEVEL": "CRITICAL"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _skips() -> dict[str, str | None]:
    text = (ROOT / ".checkov.yaml").read_text(encoding="utf-8")
    return {match["check"]: match["reason"] for match in _SKIPPED.finditer(text)}


def test_checkov_reads_every_file(report: dict[str, Any]) -> None:
    """A file that it cannot parse would pass unseen."""
    errors = []
    for file in report["results"]["parsing_errors"]:
        python = _CHECKOV.with_name("python")
        done = subprocess.run(
            [python, "-c", _PARSE, file], capture_output=True, text=True, check=False
        )
        said = done.stderr.rpartition("lark.exceptions.")[2].partition("\n")[0]
        errors.append(f"{file}: {said}: write it more simply")

    assert not errors, "\n" + "\n".join(errors)
    assert report["summary"]["resource_count"] > 0


def test_nothing_fails_that_is_not_explained(report: dict[str, Any]) -> None:
    """Each check passes on each resource, or is in .checkov.yaml."""
    failed = [
        f"infra{each['file_path']}:{each['file_line_range'][0]}: {each['check_id']}: "
        f"{each['check_name']}: satisfy it, or skip it in .checkov.yaml with the reason"
        for each in report["results"]["failed_checks"]
        if each["check_id"] not in _skips()
    ]

    assert not failed, "\n" + "\n".join(failed)


def test_every_exception_is_needed(report: dict[str, Any]) -> None:
    """A check that would pass is not skipped."""
    failed = {each["check_id"] for each in report["results"]["failed_checks"]}

    assert _skips().keys() <= failed


def test_every_exception_is_explained() -> None:
    """Beside each check that is skipped is the reason."""
    skips = _skips()

    assert skips
    assert not [check for check, reason in skips.items() if not reason]
