from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.unit.soak.cases import outcome
from tools.soak import __main__ as command
from tools.soak.audit import Finding


@pytest.mark.parametrize("options", [["--jobs", "0"], ["--jobs", "many"], ["--seed", "x"]])
def test_a_wrong_option_is_refused(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is started: the exit code is 2, and the option is named."""
    monkeypatch.setattr("sys.argv", ["soak", *options])

    with pytest.raises(SystemExit) as ended:
        command.main()

    assert ended.value.code == 2
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("findings", "code"), [([], 0), ([Finding("lost", "a job", "it has no record")], 1)]
)
def test_the_exit_code_says_whether_the_audit_passed(
    findings: Sequence[Finding],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report is printed and written, with the plot beside it."""
    monkeypatch.setattr("sys.argv", ["soak", "--burst", "0", "--report", str(tmp_path)])
    monkeypatch.setattr(command, "run", lambda *_: replace(outcome(), findings=findings))

    assert command.main() == code

    report = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert report.strip() in capsys.readouterr().out
    assert ("lost: a job: it has no record" in report) is bool(findings)
    assert len(ET.parse(tmp_path / "latency.svg").getroot()) > 5
