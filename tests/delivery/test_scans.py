"""What others know to look for: the static analysis, and the audits of packages and image."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.delivery.workflows import FILES, GITHUB, ROOT, commands, jobs


def test_no_vulnerability_is_excused() -> None:
    """The audit reads the closed list of what is deployed, and has no exceptions."""
    (audit,) = [command for _, command in commands() if "pip-audit" in command]

    assert "--requirement requirements.txt --require-hashes --disable-pip" in audit
    assert "ignore" not in audit


def test_the_rules_for_azure_get_every_parameter() -> None:
    """What the templates have no default for, and nothing else, has a value in the options."""
    options = yaml.safe_load((GITHUB / "ps-rule.yaml").read_text(encoding="utf-8"))
    required = {
        name
        for file in ROOT.glob("infra/*/main.bicep")
        for name in re.findall(r"^param (\w+) \w+$", file.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert options["configuration"]["AZURE_PARAMETER_DEFAULTS"].keys() == required
    (rules,) = [job for job in jobs() if job.name == "templates"]
    assert [
        step["with"]["option"] for step in rules.steps if "ps-rule@" in step.get("uses", "")
    ] == [".github/ps-rule.yaml"]


def test_codeql_reads_every_language_that_is_here() -> None:
    """A folder in a language that nobody analyses would not be noticed."""
    languages = {
        ".py": "python",
        **dict.fromkeys((".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx"), "javascript-typescript"),
    }
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    here = {languages[Path(name).suffix] for name in tracked if Path(name).suffix in languages}
    (code,) = [job for job in jobs() if job.name == "code"]

    assert set(code.body["strategy"]["matrix"]["language"]) == {"actions", *here}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_a_scan_finds_is_shown(file: Path) -> None:
    """Every report in SARIF is uploaded under a category of its own, even if the scan fails."""
    for job in (one for one in jobs() if one.workflow == file.name):
        scans = [step for step in job.steps if "sarif" in str(step.get("with", "")).lower()]
        uploads = [step for step in job.steps if "/upload-sarif@" in step.get("uses", "")]
        if scans:
            assert len(scans) == 2 * len(uploads), job.name
            assert all(step["with"]["category"] for step in uploads)
            assert all(step["if"].startswith("always()") for step in uploads)
