"""What commands print where there is no terminal."""

from __future__ import annotations

import pytest

from localdev.terminal.console import notes, output


def test_plain_output_has_the_same_width_everywhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log is not cut because the terminal that it was started from was narrow."""
    line = "word " * 20
    monkeypatch.setenv("COLUMNS", "40")
    output().print(line)
    notes().print(line)

    printed = capsys.readouterr()

    assert printed.out == printed.err == f"{line}\n"
