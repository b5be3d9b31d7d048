"""Prints a parameter file of infra/ as azd would send it, for `az deployment sub what-if`.

Each `${NAME}` or `${NAME=default}` becomes the value of that environment variable, or the default.
Where nothing is left of a value, the parameter is left out, so that the template's default counts.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_VARIABLE = re.compile(r"\$\{(\w+)(?:=([^}]*))?\}")
_LITERALS = re.compile(r"true|false|-?\d+")


def render(document: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return *document* with its values filled in."""
    filled = {
        name: _fill(entry["value"], environment) for name, entry in document["parameters"].items()
    }
    parameters = {name: {"value": value} for name, value in filled.items() if value != ""}
    return {**document, "parameters": parameters}


def _fill(value: Any, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        # Members of an object are texts, whatever they look like.
        return {name: _text(one, environment) for name, one in value.items()}
    text = _text(value, environment)
    return json.loads(text) if _LITERALS.fullmatch(text) else text


def _text(value: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: environment.get(match[1]) or match[2] or "", value)


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(render(given, os.environ), indent=2))  # noqa: T201 - its output
