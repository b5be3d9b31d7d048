"""The catalogue of algorithms, read from the files in their folders."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from qjobs.adapters.algorithm_files import MANIFEST, BrokenAlgorithmError, read_algorithm
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import UnknownAlgorithmError, Violation
from qjobs.domain.submission import SubmissionRules, escape
from qjobs.domain.target import Mode, TargetRequest

_log = logging.getLogger(__name__)
_LONGEST_MESSAGE = 300
_MOST_VIOLATIONS = 20


@dataclass(frozen=True)
class FileCatalogue:
    """The `Catalogue` over the folder `algorithms/`.

    An algorithm whose files are broken is left out, and logged as an error: the others go on.
    """

    folder: Path
    """The folder that has a folder for each algorithm."""

    def all(self) -> Sequence[JSONObject]:
        """Return the short description of every algorithm, ordered by id."""
        return [
            {member: manifest[member] for member in ("id", "version", "title", "summary", "tags")}
            for manifest in self._manifests.values()
        ]

    def describe(self, algorithm: str) -> JSONObject:
        """Return the full description of one algorithm."""
        manifest, schema = self._manifest(algorithm), self._schema(algorithm)
        return {
            **manifest,
            "inputSchema": schema,
            "resultSchema": self._read(algorithm, "result.schema.json"),
            "examples": [{"input": example} for example in schema.get("examples", [])],
        }

    def submission_rules(self, algorithm: str) -> SubmissionRules:
        """Return the rules for submissions to one algorithm."""
        manifest = self._manifest(algorithm)
        shots = manifest["shots"]
        target = TargetRequest(mode=Mode(manifest["target"]["mode"]))
        return SubmissionRules(shots["default"], shots["minimum"], shots["maximum"], target)

    def check(self, algorithm: str, candidate: JSONObject) -> tuple[JSONObject, list[Violation]]:
        """Return the input with the schema's defaults filled in, and its violations."""
        schema = self._schema(algorithm)
        filled = _with_defaults(schema, candidate)
        errors = self._validator(algorithm, "input.schema.json").iter_errors(filled)
        violations = chain.from_iterable(map(_violations, errors))
        return filled, list(islice(violations, _MOST_VIOLATIONS))

    def check_result(self, algorithm: str, result: JSONObject) -> list[str]:
        """Return the rules of the result schema that a result breaks."""
        errors = self._validator(algorithm, "result.schema.json").iter_errors(result)
        violations = chain.from_iterable(map(_violations, errors))
        return [f"{one.pointer or '/'}: {one.detail}" for one in violations]

    @cached_property
    def _manifests(self) -> dict[str, JSONObject]:
        manifests = {}
        for folder in sorted(path.parent for path in self.folder.glob(f"*/{MANIFEST}")):
            try:
                manifests[folder.name] = read_algorithm(folder).manifest
            except BrokenAlgorithmError as error:
                facts = {"action": "algorithm_left_out", "algorithm": folder.name}
                _log.error("An algorithm is left out. %s", error, extra=facts)
        return manifests

    @cached_property
    def _cache(self) -> dict[tuple[str, str], Any]:
        return {}

    def _manifest(self, algorithm: str) -> JSONObject:
        if algorithm not in self._manifests:
            known = ", ".join(self._manifests)
            raise UnknownAlgorithmError(f"There is no algorithm of that id; there are: {known}.")
        return self._manifests[algorithm]

    def _schema(self, algorithm: str) -> JSONObject:
        self._manifest(algorithm)
        return self._read(algorithm, "input.schema.json")

    def _read(self, algorithm: str, name: str) -> JSONObject:
        key = (algorithm, name)
        if key not in self._cache:
            text = (self.folder / algorithm / name).read_text(encoding="utf-8")
            self._cache[key] = json.loads(text)
        document: JSONObject = self._cache[key]
        return document

    def _validator(self, algorithm: str, name: str) -> Any:  # noqa: ANN401 - jsonschema ships no types
        key = (algorithm, f"validator of {name}")
        if key not in self._cache:
            from jsonschema import Draft202012Validator  # noqa: PLC0415 - 60 ms to import

            self._cache[key] = Draft202012Validator(self._read(algorithm, name))
        return self._cache[key]


def _with_defaults(schema: JSONObject, candidate: JSONObject) -> JSONObject:
    """Return *candidate* with the defaults of absent top-level properties."""
    defaults = {
        name: deepcopy(rule["default"])
        for name, rule in schema.get("properties", {}).items()
        if "default" in rule
    }
    return {**defaults, **candidate}


def _violations(error: Any) -> Iterator[Violation]:  # noqa: ANN401 - jsonschema ships no types
    path = "".join(f"/{escape(str(token))}" for token in error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                yield Violation("Unknown member.", pointer=f"{path}/{escape(name)}")
    else:
        yield Violation(_message(error), pointer=path)


def _message(error: Any) -> str:  # noqa: ANN401 - jsonschema ships no types
    """Return an error message that needs no knowledge of Python or regular expressions."""
    expected = error.validator_value
    if error.validator == "type":
        kinds = expected if isinstance(expected, str) else " or ".join(expected)
        return f"Must be of type {kinds}."
    if error.validator == "pattern" and (meaning := error.schema.get("description")):
        return f"Must be: {meaning}"
    # The library repeats the offending value, which may be as long as the body.
    text = str(error.message)
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"
