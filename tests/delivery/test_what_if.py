"""What is shown of a what-if, and when it counts as drift."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.workflows import GITHUB

SCRIPT = runpy.run_path(str(GITHUB / "what_if.py"))
PLACE = "/subscriptions/1/resourceGroups/rg-qjobs/providers/Microsoft.Storage/storageAccounts/st1"
SHORT = "rg-qjobs/providers/Microsoft.Storage/storageAccounts/st1"


def change(kind: str, *delta: dict[str, Any]) -> dict[str, Any]:
    """Return a what-if of one resource."""
    return {
        "status": "Succeeded",
        "changes": [{"resourceId": PLACE, "changeType": kind, "delta": list(delta) or None}],
    }


def modified(path: str, kind: str = "Modify", **members: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a property of a delta."""
    return {"path": path, "propertyChangeType": kind, "children": None, **members}


REAL = modified("minimumTlsVersion", before="TLS1_2", after="TLS1_0")


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        (change("Create"), [("Create", SHORT, "")]),
        (change("Delete"), [("Delete", SHORT, "")]),
        (change("NoChange"), []),
        (change("Ignore"), []),
        (change("Unsupported"), []),
        (
            change("Modify", modified("properties", "Array", children=[REAL])),
            [("Modify", SHORT, "properties.minimumTlsVersion")],
        ),
        (change("Modify", modified("tags", "NoEffect", after="x")), []),
        (change("Modify", modified("url", after="[reference('/x').endpoint]")), []),
        (change("Modify", modified("ipRules", after="[]")), [("Modify", SHORT, "ipRules")]),
        (
            change("Modify", modified("tags", "NoEffect"), REAL),
            [("Modify", SHORT, "minimumTlsVersion")],
        ),
    ],
)
def test_only_what_changes_is_a_change(document: dict[str, Any], rows: list[Any]) -> None:
    """Properties without effect, and values that are computed later, are not."""
    assert SCRIPT["changes"](document) == rows


@pytest.mark.parametrize(
    ("document", "unchanged", "code"),
    [
        (change("NoChange"), "true", 0),
        (change("Modify", REAL), "true", 1),
        (change("Modify", REAL), "false", 0),
    ],
)
def test_drift_fails_where_nothing_may_change(
    document: dict[str, Any],
    unchanged: str,
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every night one change is enough; before a release it is what somebody approves."""
    quiet, file = tmp_path / "quantum.json", tmp_path / "app.json"
    quiet.write_text(json.dumps(change("Ignore")), encoding="utf-8")
    file.write_text(json.dumps(document), encoding="utf-8")

    assert SCRIPT["main"]([f"--unchanged={unchanged}", str(quiet), str(file)]) == code
    shown = capsys.readouterr().out
    assert "### Layer quantum: 0 of" in shown
    assert ("| Modify |" in shown) == (document != change("NoChange"))


def test_what_azure_cannot_say_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A resource whose name depends on another is not passed over in silence."""
    file = tmp_path / "app.json"
    file.write_text(json.dumps(change("Unsupported")), encoding="utf-8")

    assert SCRIPT["main"](["--unchanged=true", str(file)]) == 0
    assert f"- Azure cannot say: {SHORT}" in capsys.readouterr().out
