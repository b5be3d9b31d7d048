"""Prints a parameter file of infra/ as azd would send it, for `az deployment sub what-if`.

    python3 .github/render_parameters.py infra/app/main.parameters.json VALUES

VALUES is what `azd env get-values --output json` prints. Each `${NAME}` or `${NAME=default}`
becomes the value of that name, or the default. Where nothing is left of a value, the parameter is
left out, so that the template's default counts.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_VARIABLE = re.compile(r"\$\{(\w+)(?:=([^}]*))?\}")
_TEXT = re.compile(r"^param (\w+) string\b", re.MULTILINE)
_LITERALS = re.compile(r"true|false|-?\d+")


def render(
    document: Mapping[str, Any], values: Mapping[str, str], template: str = ""
) -> dict[str, Any]:
    """Return *document* with its values filled in, of the types that the *template* declares."""
    texts = set(_TEXT.findall(template))
    filled = {
        name: _fill(entry["value"], values, literal=name not in texts)
        for name, entry in document["parameters"].items()
    }
    parameters = {name: {"value": value} for name, value in filled.items() if value != ""}
    return {**document, "parameters": parameters}


def _fill(value: Any, values: Mapping[str, str], *, literal: bool) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        # Members of an object are texts, whatever they look like.
        return {name: _text(one, values) for name, one in value.items()}
    text = _text(value, values)
    return json.loads(text) if literal and _LITERALS.fullmatch(text) else text


def _text(value: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: values.get(match[1]) or match[2] or "", value)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("values", type=Path, metavar="VALUES")
    options = parser.parse_args()
    given, told = (
        json.loads(one.read_text(encoding="utf-8")) for one in (options.file, options.values)
    )
    beside = options.file.with_name("main.bicep").read_text(encoding="utf-8")
    print(json.dumps(render(given, told, beside), indent=2))  # noqa: T201 - its output
