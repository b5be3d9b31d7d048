"""The files that describe an algorithm, as small as the catalogue takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OBJECT = {"type": "object"}


def describe_algorithm(
    folder: Path,
    *,
    qubits: int = 2,
    steps: int = 1000,
    input_schema: dict[str, Any] = OBJECT,
    result_schema: dict[str, Any] = OBJECT,
    **members: Any,  # noqa: ANN401 - JSON
) -> Path:
    """Write the three files of an algorithm with the name of *folder*; return the folder.

    Args:
        folder: that is made
        qubits: the limit of each circuit
        steps: the limit of each job
        input_schema: of the input
        result_schema: of the result
        members: more ones of the manifest, or others

    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {
        "id": folder.name,
        "version": "1.0.0",
        "title": "A test",
        "summary": "For tests.",
        "description": "For tests.",
        "tags": ["test"],
        "shots": {"default": 1000, "minimum": 1, "maximum": 5000},
        "target": {"mode": "Simulator"},
        "limits": {"qubits": qubits, "steps": steps},
    }
    for name, content in (
        ("algorithm.json", manifest | members),
        ("input.schema.json", input_schema),
        ("result.schema.json", result_schema),
    ):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder
