"""The files that describe an algorithm, read and checked as far as the catalogue relies on them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjobs.domain.algorithm import JSONObject
from qjobs.domain.target import Mode

MANIFEST, INPUT_SCHEMA, RESULT_SCHEMA = FILES = (
    "algorithm.json",
    "input.schema.json",
    "result.schema.json",
)
REQUIRED = (
    *("id", "version", "title", "summary", "description"),
    *("tags", "shots", "target", "limits"),
)
"""The members that `algorithm.json` must have."""
MEMBERS = (*REQUIRED, "needs")
_NUMBER, _PART = r"(0|[1-9][0-9]*)", r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PART})?(\+{_PART})?")


class BrokenAlgorithmError(Exception):
    """A folder that describes no algorithm; the message names each file and place."""


@dataclass(frozen=True, slots=True)
class AlgorithmFiles:
    """The content of the files of one folder."""

    manifest: JSONObject
    input_schema: JSONObject
    result_schema: JSONObject


def read_algorithm(folder: Path) -> AlgorithmFiles:
    """Return the description of the algorithm in *folder*.

    Raises:
        BrokenAlgorithmError: a file is missing, is not JSON, or lacks what the catalogue shows.

    """
    manifest, input_schema, result_schema = (_json_object(folder / name) for name in FILES)
    faults = list(_faults(manifest, folder.name))
    if faults:
        raise BrokenAlgorithmError("\n".join(f"{folder / MANIFEST}#{fault}" for fault in faults))
    manifest["needs"] = {"sampling": False} | manifest.get("needs", {})
    manifest["limits"] = {"steps": 1} | manifest["limits"]
    return AlgorithmFiles(manifest, input_schema, result_schema)


def _json_object(file: Path) -> JSONObject:
    try:
        document = json.loads(file.read_bytes().decode("utf-8"))
    except OSError as error:
        raise BrokenAlgorithmError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BrokenAlgorithmError(f"{file}: it is not UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BrokenAlgorithmError(f"{file}: {place}: it is not JSON: {error.msg}") from error
    if not isinstance(document, dict):
        raise BrokenAlgorithmError(f"{file}: it is not a JSON object")
    return document


def _faults(manifest: JSONObject, folder: str) -> Iterator[str]:
    """Yield the faults of a manifest, each with its JSON Pointer."""
    missing = [member for member in REQUIRED if not manifest.get(member)]
    yield from (f"/{member}: it is missing or empty" for member in missing)
    yield from (f"/{member}: there is no such member" for member in manifest.keys() - {*MEMBERS})
    checks = {
        "id": (manifest.get("id") == folder, f"write {folder!r}, the name of the folder"),
        **{
            member: (isinstance(manifest.get(member), str), "write a text")
            for member in ("title", "summary", "description")
        },
        "version": (_is_version(manifest.get("version")), "write a version, such as 1.0.0"),
        "tags": (_are_texts(manifest.get("tags")), "write a list of texts"),
        "shots": (
            _are_shots(manifest.get("shots")),
            "write minimum, default and maximum, integers from 1 that do not decrease",
        ),
        "target": (_is_target(manifest.get("target")), f"write a mode, one of {[*map(str, Mode)]}"),
        "limits": (
            _are_limits(manifest.get("limits")),
            "write qubits and, for more than one step, steps, integers from 1",
        ),
        "needs": (
            _are_needs(manifest.get("needs", {})),
            "write sampling, true or false, or leave it out",
        ),
    }
    for member, (good, advice) in checks.items():
        if member not in missing and not good:
            yield f"/{member}: {advice}"


def _is_version(value: Any) -> bool:  # noqa: ANN401 - it is JSON
    """Return whether a value is a version of Semantic Versioning 2.0.0."""
    return isinstance(value, str) and _VERSION.fullmatch(value) is not None


def _are_texts(value: Any) -> bool:  # noqa: ANN401 - it is JSON
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _are_shots(value: Any) -> bool:  # noqa: ANN401 - it is JSON
    if not isinstance(value, dict) or value.keys() != {"minimum", "default", "maximum"}:
        return False
    numbers = [value["minimum"], value["default"], value["maximum"]]
    return all(type(one) is int for one in numbers) and [1, *numbers] == sorted([1, *numbers])


def _is_target(value: Any) -> bool:  # noqa: ANN401 - it is JSON
    return isinstance(value, dict) and value.keys() == {"mode"} and value["mode"] in [*Mode]


def _are_limits(value: Any) -> bool:  # noqa: ANN401 - it is JSON
    return (
        isinstance(value, dict)
        and {"qubits"} <= value.keys() <= {"qubits", "steps"}
        and all(type(limit) is int and limit >= 1 for limit in value.values())
    )


def _are_needs(value: Any) -> bool:  # noqa: ANN401 - it is JSON
    return isinstance(value, dict) and all(
        name == "sampling" and isinstance(one, bool) for name, one in value.items()
    )
