"""Linters find nothing in the served document: Spectral's rules for OpenAPI, Redocly's recommended.

Those of Azure's style guide that it does not keep to are listed in docs/api.md.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from functions.openapi_document import openapi_document

FOLDER = Path(__file__).parent
# It would report its use, and ask for its newest version.
_SILENT = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}


def spectral(npm: Path, file: Path) -> list[str]:
    """Return the rules that a document breaks, by Spectral."""
    options = ("--ruleset", FOLDER / "spectral.yaml", "--format", "json", "--quiet")
    done = subprocess.run(
        [npm / ".bin" / "spectral", "lint", *options, file],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return [f"{one['code']} at {one['path']}" for one in json.loads(done.stdout)]


def redocly(npm: Path, file: Path) -> list[str]:
    """Return the rules that a document breaks, by Redocly."""
    options = ("--config", FOLDER / "redocly.yaml", "--format", "json")
    done = subprocess.run(
        [npm / ".bin" / "redocly", "lint", *options, file],
        env=os.environ | _SILENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    problems = json.loads(done.stdout)["problems"]
    return [f"{one['ruleId']} at {one['location'][0]['pointer']}" for one in problems]


@pytest.mark.parametrize("linter", [spectral, redocly])
def test_a_linter_finds_nothing_but_what_was_made_to_be_found(
    npm: Path, tmp_path: Path, linter: Callable[[Path, Path], list[str]]
) -> None:
    """The document is clean; an example that does not fit and a lost operation id are found."""
    document = json.loads(json.dumps(openapi_document("https://quantum.contoso.com/quantum")))
    file = tmp_path / "qjobs.json"
    file.write_text(json.dumps(document), encoding="utf-8")

    assert linter(npm, file) == []

    health = document["paths"]["/health"]["get"]
    del health["operationId"]
    health["responses"]["200"]["content"]["application/json"]["example"] = {"status": 1}
    file.write_text(json.dumps(document), encoding="utf-8")
    found = " ".join(linter(npm, file))
    assert "operation-operationId" in found
    assert "example" in found
