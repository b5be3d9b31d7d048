"""Check of an algorithm's folder; its messages name the file, the JSON Pointer and the remedy.

Beyond what the catalogue needs, the schemas have to be what generators of typed clients can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from functions.openapi_schema import UnsupportedSchemaError, converted
from localdev.algorithm_imports import import_faults
from qjobs.adapters.algorithm_files import (
    INPUT_SCHEMA,
    RESULT_SCHEMA,
    BrokenAlgorithmError,
    read_algorithm,
)
from qjobs.domain.pointer import escape

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PROPERTY = re.compile(r"[a-z][A-Za-z0-9]*")
_VALUE = re.compile(r"[A-Z][A-Za-z0-9]*")
_EXACT = 2**53 - 1
"""The largest integer that JavaScript reads as it is written."""
_CHOICES = ("allOf", "anyOf", "oneOf", "not", "const")
"""Keywords of which generators make other types, or none; `const` is an enum of one."""

type Json = dict[str, Any]


def folders(root: Path) -> list[Path]:
    """Return the folders of algorithms in *root*."""
    return sorted(path for path in root.iterdir() if path.is_dir() and path.name != "__pycache__")


def is_id(name: str) -> bool:
    """Return whether an algorithm can have this id, which is also the name of its package."""
    return _ID.fullmatch(name) is not None and not iskeyword(name)


def check_folder(folder: Path) -> list[str]:
    """Return the faults of an algorithm's folder, a line each."""
    found = [
        f"{folder / name}: it is missing"
        for name in ("__init__.py", "algorithm.py")
        if not (folder / name).is_file()
    ]
    if not is_id(folder.name):
        found.append(f"{folder}: name it in lower case with underscores, like random_numbers")
    try:
        files = read_algorithm(folder)
    except BrokenAlgorithmError as error:
        return [*found, *str(error).splitlines()]
    for name, schema in ((INPUT_SCHEMA, files.input_schema), (RESULT_SCHEMA, files.result_schema)):
        found += [f"{folder / name}#{fault}" for fault in _of_the_schema(schema)]
    found += [f"{folder / INPUT_SCHEMA}#{fault}" for fault in _without_ends(files.input_schema)]
    found += list(import_faults(folder))
    nested = "/properties/[^/]+/default"
    found += [
        f"{folder / INPUT_SCHEMA}#{pointer}: only members of the input itself have a default"
        for pointer, _ in _everywhere(files.input_schema, "default")
        if not re.fullmatch(nested, pointer)
    ]
    return found


def _of_the_schema(schema: Json) -> Iterator[str]:
    """Yield the faults of a schema, each with its JSON Pointer."""
    if schema.get("$schema") != _DIALECT:
        yield f"/$schema: write {_DIALECT!r}"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"{_pointer(error.absolute_path)}: it is not JSON Schema: {error.message}"
        return
    if schema.get("type") != "object":
        yield "/type: write 'object'"
    yield from _not_in_openapi(schema)
    for pointer, part in _schemas(schema, ""):
        yield from (f"{pointer}{fault}" for fault in _of_one(part, "$ref" in part))
    yield from _of_the_values(schema)


def _not_in_openapi(schema: Json) -> Iterator[str]:
    """Yield the parts that OpenAPI cannot say, each by itself, so that its pointer is known."""
    inner = ("properties", "$defs", "items", "additionalProperties")
    for pointer, part in _schemas(schema, ""):
        own = {keyword: value for keyword, value in part.items() if keyword not in inner}
        try:
            converted({**own, "$defs": schema.get("$defs", {})})
        except UnsupportedSchemaError as error:
            what = "OpenAPI 3.0.3, which clients are generated from, cannot say it"
            yield f"{pointer}: {what}: {error}"


def _of_one(schema: Json, refers: bool) -> Iterator[str]:  # noqa: FBT001 - a part of the schema
    if not schema.get("description"):
        yield ": write a description"
    if "type" not in schema and not refers:
        yield ": write a type; generators guess one, or make none"
    yield from (
        f"/{keyword}: leave it out; generators make no type of it, or a wrong one"
        for keyword in _CHOICES
        if keyword in schema
    )
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield "/additionalProperties: write false, so that a misspelt member is refused"
    for name in schema.get("properties", {}):
        if not _PROPERTY.fullmatch(name):
            yield f"/properties/{escape(name)}: name it in camelCase, of letters and digits"
    if "enum" in schema:
        yield from _of_the_enum(schema)
    for keyword in ("minimum", "maximum"):
        if abs(schema.get(keyword, 0)) > _EXACT:
            yield f"/{keyword}: stay within {_EXACT}; JavaScript reads no greater number exactly"


def _without_ends(schema: Json) -> Iterator[str]:
    """Yield the numbers of an input that have no least or greatest value."""
    for pointer, part in _schemas(schema, ""):
        kinds = part.get("type", ())
        if not {"integer", "number"} & {*([kinds] if isinstance(kinds, str) else kinds)}:
            continue
        for end in ("minimum", "maximum"):
            if end not in part and f"exclusive{end.capitalize()}" not in part:
                yield f"{pointer}/{end}: write one; an input may have any number without"


def _of_the_enum(schema: Json) -> Iterator[str]:
    if schema.get("type", "string") not in ("string", ["string", "null"]):
        yield "/enum: write minimum and maximum; only texts can be named in every language"
        return
    for index, value in enumerate(schema["enum"]):
        if value is not None and not (isinstance(value, str) and _VALUE.fullmatch(value)):
            yield (
                f"/enum/{index}: write {value!r} in PascalCase, of letters and digits, "
                "as NotShown: it becomes a name in every language"
            )


def _of_the_values(schema: Json) -> Iterator[str]:
    """Yield the examples and defaults that the schema itself refuses."""
    if not schema.get("examples"):
        yield "/examples: write at least one"
    validator = Draft202012Validator(schema)
    for index, example in enumerate(schema.get("examples", [])):
        for error in validator.iter_errors(example):
            yield f"/examples/{index}{_pointer(error.absolute_path)}: {error.message}"
    for name, rule in schema.get("properties", {}).items():
        if isinstance(rule, dict) and "default" in rule:
            whole = {"$defs": schema.get("$defs", {}), **rule}
            for error in Draft202012Validator(whole).iter_errors(rule["default"]):
                yield f"/properties/{escape(name)}/default: {error.message}"


def _schemas(schema: Any, pointer: str) -> Iterator[tuple[str, Json]]:  # noqa: ANN401 - it is JSON
    """Yield a schema and every one inside it, each with its JSON Pointer."""
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for keyword in ("properties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from _schemas(inner, f"{pointer}/{keyword}/{escape(name)}")
    for keyword in ("items", "additionalProperties"):
        yield from _schemas(schema.get(keyword), f"{pointer}/{keyword}")


def _everywhere(schema: Json, keyword: str) -> Iterator[tuple[str, Any]]:
    for pointer, part in _schemas(schema, ""):
        if keyword in part:
            yield f"{pointer}/{keyword}", part[keyword]


def _pointer(path: Any) -> str:  # noqa: ANN401 - jsonschema ships no types
    return "".join(f"/{escape(str(token))}" for token in path)
