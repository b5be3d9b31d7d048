"""Every result has its evidence beside it: checks, a comparison, a baseline, a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localdev.algorithm_folder import folders
from localdev.commands.new import TEMPLATE

ROOT = Path(__file__).parents[3] / "algorithms"
NUMBER, TEXT = {"type": "number"}, {"type": "string"}


def members(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the schema of an object, without descriptions."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


EVIDENCE = {
    "verified": members(
        {"status": {"type": "string", "enum": ["Verified", "NotVerified"]}, "reason": TEXT}
    ),
    "baseline": members({"description": TEXT, "value": NUMBER}),
    "uncertainty": members(
        {"lower": NUMBER, "upper": NUMBER, "confidence": NUMBER}, {"standardError": NUMBER}
    ),
    "bound": NUMBER,
    "gap": {"type": "number", "minimum": 0},
    "svg": TEXT,
}


def bare(schema: Any) -> Any:  # noqa: ANN401 - it is JSON
    """Return a schema without descriptions."""
    if not isinstance(schema, dict):
        return schema
    return {
        name: {key: bare(value) for key, value in part.items()}
        if name == "properties"
        else bare(part)
        for name, part in schema.items()
        if name != "description"
    }


@pytest.mark.parametrize("folder", [*folders(ROOT), TEMPLATE], ids=lambda folder: folder.name)
def test_a_result_has_its_evidence(folder: Path) -> None:
    """The result schema requires the shared members, each in its one form."""
    schema = json.loads((folder / "result.schema.json").read_text(encoding="utf-8"))
    properties, required = schema["properties"], set(schema["required"])

    assert {"verified", "comparison", "baseline", "svg"} <= required
    assert "uncertainty" in required or {"bound", "gap"} <= required
    for name in EVIDENCE.keys() & properties.keys():
        assert bare(properties[name]) == EVIDENCE[name], name
    comparison = properties["comparison"]
    assert {"method", "value", "seconds"} == set(comparison["required"])
    assert bare(comparison["properties"]["seconds"]) == {"type": "number", "minimum": 0}


@pytest.mark.parametrize("folder", folders(ROOT), ids=lambda folder: folder.name)
def test_a_description_is_for_laymen_first_and_names_its_sources(folder: Path) -> None:
    """The first paragraph tells of time and cost, the last one of sources."""
    text = json.loads((folder / "algorithm.json").read_text(encoding="utf-8"))["description"]
    first, *others = text.split("\n\n")

    assert len(others) >= 1
    assert len(first) > 200
    assert any(word in first for word in ("cost", "free", "price"))
    assert any(word in first for word in ("second", "minute"))
    assert "Source" in others[-1]
