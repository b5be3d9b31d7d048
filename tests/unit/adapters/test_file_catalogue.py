from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.domain.errors import InvalidInputError, UnknownAlgorithmError
from qjobs.domain.target import Mode
from qjobs.domain.target_choice import Needs
from tests.algorithm_folder import describe_algorithm

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 1, "default": 3},
        "names": {"type": "array", "items": {"type": "string"}, "default": []},
        "nested": {
            "type": "object",
            "properties": {"a/b": {"type": "integer"}},
            "additionalProperties": False,
        },
    },
    "required": ["nested"],
    "additionalProperties": False,
    "examples": [{"nested": {}}],
}
MANIFEST = {
    "id": "one",
    "version": "1.0.0",
    "title": "One",
    "summary": "The first.",
    "description": "For tests.",
    "tags": ["test"],
    "shots": {"default": 100, "minimum": 10, "maximum": 1000},
    "target": {"mode": "NoisySimulator"},
    "limits": {"qubits": 2, "steps": 1},
}


@pytest.fixture
def catalogue(tmp_path: Path) -> FileCatalogue:
    """Return a catalogue of one algorithm, beside folders that are none."""
    for name in ("one", "not-an-algorithm", "__pycache__"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "algorithm.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "one" / "input.schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "one" / "result.schema.json").write_text('{"type": "object"}')
    return FileCatalogue(tmp_path)


def test_the_list_is_short(catalogue: FileCatalogue) -> None:
    """A list has what one needs to choose."""
    assert catalogue.all() == [
        {
            "id": "one",
            "version": "1.0.0",
            "title": "One",
            "summary": "The first.",
            "tags": ["test"],
        }
    ]


def test_a_description_has_schemas_and_examples(catalogue: FileCatalogue) -> None:
    """One entry has all that one needs to call."""
    described = catalogue.describe("one")

    assert described["inputSchema"] == SCHEMA
    assert described["resultSchema"] == {"type": "object"}
    assert described["examples"] == [{"input": {"nested": {}}}]


def test_submission_rules_come_from_the_manifest(catalogue: FileCatalogue) -> None:
    """Shots and default target are the algorithm's own."""
    rules = catalogue.submission_rules("one")

    assert (rules.default_shots, rules.minimum_shots, rules.maximum_shots) == (100, 10, 1000)
    assert rules.target.mode is Mode.NOISY_SIMULATOR
    assert rules.needs == Needs()
    assert rules.most_steps == 1


def test_what_a_manifest_leaves_out_is_described(catalogue: FileCatalogue) -> None:
    """Clients find needs and limits of every algorithm, whether its author wrote them or not."""
    described = catalogue.describe("one")

    assert described["needs"] == {"sampling": False}
    assert described["limits"] == {"qubits": 2, "steps": 1}


def test_needs_and_steps_come_from_the_manifest(tmp_path: Path) -> None:
    """An algorithm that needs samples or runs in steps says so in its manifest."""
    folder = describe_algorithm(
        tmp_path / "dice", needs={"sampling": True}, limits={"qubits": 2, "steps": 5}
    )
    rules = FileCatalogue(folder.parent).submission_rules("dice")

    assert rules.needs == Needs(sampling=True)
    assert rules.most_steps == 5


@pytest.mark.parametrize("name", ["two", "..", "not-an-algorithm", "__pycache__", "One", ""])
def test_an_unknown_id_is_refused(catalogue: FileCatalogue, name: str) -> None:
    """Only folders with a manifest are algorithms."""
    with pytest.raises(UnknownAlgorithmError):
        catalogue.describe(name)


def test_defaults_are_filled_in_and_not_shared(catalogue: FileCatalogue) -> None:
    """Absent properties get the schema's defaults, each input its own."""
    first, _ = catalogue.check("one", {"nested": {}})
    first["names"].append("changed")
    second, wrong = catalogue.check("one", {"nested": {}, "count": 5})

    assert second == {"nested": {}, "count": 5, "names": []}
    assert wrong == []


@pytest.mark.parametrize(
    ("candidate", "pointers"),
    [
        ({}, [""]),
        ({"nested": {}, "count": 0}, ["/count"]),
        ({"nested": {"a/b": "x"}}, ["/nested/a~1b"]),
        ({"nested": {"c~d": 1}}, ["/nested/c~0d"]),
        ({"nested": {}, "names": ["a", 2, "c", 4]}, ["/names/1", "/names/3"]),
        ({"nested": {}, "extra": 1, "more": 2}, ["/extra", "/more"]),
    ],
)
def test_every_fault_has_a_pointer(
    catalogue: FileCatalogue, candidate: dict[str, Any], pointers: list[str]
) -> None:
    """Each violation says where it is, with JSON Pointer's escapes."""
    _, wrong = catalogue.check("one", candidate)

    assert sorted(str(violation.pointer) for violation in wrong) == pointers


def test_what_a_caller_is_told_is_bounded(catalogue: FileCatalogue) -> None:
    """However large a faulty value is, what is told is short, and there is only so much."""
    huge = {"nested": {}, "names": [["x" * 100]] * 9000}

    _, wrong = catalogue.check("one", huge)
    error = InvalidInputError(violations=wrong)

    assert len(error.violations) == 20
    assert all(len(violation.detail) <= 300 for violation in error.violations)
    assert error.detail == "20 of more than 1000 violations are listed."


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("algorithm.json", '{"id": "two",'),
        ("algorithm.json", "{}"),
        ("algorithm.json", "[]"),
        ("algorithm.json", json.dumps(MANIFEST)),
        ("input.schema.json", "{"),
        ("result.schema.json", None),
    ],
)
def test_a_broken_algorithm_is_left_out(
    catalogue: FileCatalogue, caplog: pytest.LogCaptureFixture, file: str, text: str | None
) -> None:
    """The others go on, and the log names the file."""
    folder = catalogue.folder / "two"
    shutil.copytree(catalogue.folder / "one", folder)
    (folder / "algorithm.json").write_text(json.dumps({**MANIFEST, "id": "two"}))
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(text)

    assert [entry["id"] for entry in catalogue.all()] == ["one"]
    assert catalogue.describe("one")["title"] == "One"
    with pytest.raises(UnknownAlgorithmError):
        catalogue.describe("two")
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert str(folder / file) in record.getMessage()
    assert vars(record)["action"] == "algorithm_left_out"
