"""The catalogue of algorithms, read from the files in their folders."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from qjobs.adapters.algorithm_files import MANIFEST, BrokenAlgorithmError, read_algorithm
from qjobs.adapters.schema_validator import validator_of
from qjobs.adapters.schema_violations import schema_violations
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import MOST_COUNTED, UnknownAlgorithmError, Violation, listed
from qjobs.domain.submission import SubmissionRules
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import Needs

_log = logging.getLogger(__name__)


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
        return SubmissionRules(
            shots["default"],
            shots["minimum"],
            shots["maximum"],
            TargetRequest(mode=Mode(manifest["target"]["mode"])),
            Needs(sampling=manifest["needs"]["sampling"]),
            manifest["limits"]["steps"],
        )

    def most_qubits(self, algorithm: str) -> int:
        """Return the number of qubits that no circuit of an algorithm exceeds."""
        limit: int = self._manifest(algorithm)["limits"]["qubits"]
        return limit

    def check(self, algorithm: str, candidate: JSONObject) -> tuple[JSONObject, list[Violation]]:
        """Return the input with the schema's defaults filled in, and its violations."""
        schema = self._schema(algorithm)
        filled = _with_defaults(schema, candidate)
        errors = self._validator(algorithm, "input.schema.json").iter_errors(filled)
        return filled, schema_violations(islice(errors, MOST_COUNTED + 1))

    def check_result(self, algorithm: str, result: JSONObject) -> list[str]:
        """Return the rules of the result schema that a result breaks."""
        errors = self._validator(algorithm, "result.schema.json").iter_errors(result)
        violations = schema_violations(islice(errors, MOST_COUNTED))
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
            known = listed(self._manifests)
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
            self._cache[key] = validator_of(self._read(algorithm, name))
        return self._cache[key]


def _with_defaults(schema: JSONObject, candidate: JSONObject) -> JSONObject:
    """Return *candidate* with the defaults of absent top-level properties."""
    defaults = {
        name: deepcopy(rule["default"])
        for name, rule in schema.get("properties", {}).items()
        if "default" in rule
    }
    return {**defaults, **candidate}
