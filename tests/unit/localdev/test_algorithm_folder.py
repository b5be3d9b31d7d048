"""The check of an algorithm's folder, with one mistake at a time in a copy of a good one."""

from __future__ import annotations

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localdev import algorithm_folder
from localdev.algorithm_folder import check_folder
from localdev.commands import up
from localdev.repository import ROOT
from qjobs.adapters.algorithm_files import (
    INPUT_SCHEMA,
    MANIFEST,
    RESULT_SCHEMA,
    read_algorithm,
)

type Change = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a good algorithm, to break."""
    copied: Path = shutil.copytree(
        ROOT / "algorithms" / "ghz", tmp_path / "ghz", ignore=shutil.ignore_patterns("__pycache__")
    )
    return copied


def sets(file: str, pointer: str, value: object) -> Change:
    """Return what sets a member of a file; a pointer has `/` between names."""

    def change(folder: Path) -> None:
        document = json.loads((folder / file).read_text(encoding="utf-8"))
        *parents, name = pointer.split("/")
        member: Any = document
        for parent in parents:
            member = member[int(parent) if isinstance(member, list) else parent]
        member[name] = value
        (folder / file).write_text(json.dumps(document), encoding="utf-8")

    return change


def adds(line: str) -> Change:
    """Return what adds a line to the program."""

    def change(folder: Path) -> None:
        program = folder / "algorithm.py"
        program.write_text(f"{program.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "file", "words"),
    [
        (adds("import pandas"), "algorithm.py", "import of pandas: it is not in requirements.txt"),
        (adds("from pytest import mark"), "algorithm.py", "import of pytest: it is not in"),
        (adds("def f(): import pytest.x"), "algorithm.py", "import of pytest.x: it is not in"),
        (
            adds("from algorithms.emoticons.algorithm import algorithm"),
            "algorithm.py",
            "import of algorithms.emoticons.algorithm: it is no part of this algorithm",
        ),
        (adds("from algorithms import emoticons"), "algorithm.py", "algorithms.emoticons: it is"),
        (adds("import qjobs.services.submit"), "algorithm.py", "of the engine an algorithm sees"),
        (adds("from azure import quantum"), "algorithm.py", "an algorithm calls nothing"),
        (adds("def"), "algorithm.py", "it is not Python"),
        (sets(MANIFEST, "version", "x"), MANIFEST, "#/version: write a version, such as 1.0.0"),
        (sets(MANIFEST, "version", "1.0"), MANIFEST, "#/version: write a version"),
        (sets(MANIFEST, "version", "01.0.0"), MANIFEST, "#/version: write a version"),
        (
            sets(INPUT_SCHEMA, "properties/own", {"type": "integer", "description": "Own."}),
            INPUT_SCHEMA,
            "#/properties/own/minimum: write one",
        ),
        (
            sets(INPUT_SCHEMA, "properties/own", {"description": "A.", "if": {}, "type": "string"}),
            INPUT_SCHEMA,
            "#/properties/own: OpenAPI 3.0.3, which clients are generated from, cannot say it",
        ),
        (
            sets(
                RESULT_SCHEMA, "properties/own", {"description": "A.", "type": ["string", "array"]}
            ),
            RESULT_SCHEMA,
            "#/properties/own: OpenAPI 3.0.3",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(
    folder: Path, change: Change, file: str, words: str
) -> None:
    """The file, the pointer or the line, and the rule of docs/algorithms.md."""
    change(folder)

    assert any(file in fault and words in fault for fault in check_folder(folder)), check_folder(
        folder
    )


@pytest.mark.parametrize(
    "line",
    ["import json", "from qiskit.circuit import Gate", "import numpy", "from . import algorithm",
     "from qjobs import domain", "import algorithms.ghz.algorithm"],
)  # fmt: skip
def test_what_is_deployed_may_be_imported(folder: Path, line: str) -> None:
    """The standard library, what requirements.txt has, the domain, and the folder itself."""
    adds(line)(folder)

    assert check_folder(folder) == []


@pytest.mark.parametrize("version", ["0.1.0", "1.0.0-rc.1+build.5", "10.20.30"])
def test_a_version_is_semantic(folder: Path, version: str) -> None:
    """Every form that Semantic Versioning allows is taken."""
    sets(MANIFEST, "version", version)(folder)

    assert check_folder(folder) == []


def drops(file: str, pointer: str) -> Change:
    """Return what removes a member of a file."""

    def change(folder: Path) -> None:
        document = json.loads((folder / file).read_text(encoding="utf-8"))
        *parents, name = pointer.split("/")
        member: Any = document
        for parent in parents:
            member = member[parent]
        del member[name]
        (folder / file).write_text(json.dumps(document), encoding="utf-8")

    return change


def writes(file: str, text: str) -> Change:
    """Return what replaces the content of a file."""
    return lambda folder: (folder / file).write_bytes(text.encode("latin-1"))


def replaces(file: str, old: str, new: str) -> Change:
    """Return what replaces some text of a file, once."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def test_a_good_folder_has_no_fault(folder: Path) -> None:
    """What all the mistakes below begin with is right."""
    assert algorithm_folder.check_folder(folder) == []


MISTAKES: list[tuple[Change, str]] = [
    (lambda folder: (folder / "__init__.py").unlink(), "/__init__.py: it is missing"),
    (lambda folder: (folder / "algorithm.py").unlink(), "/algorithm.py: it is missing"),
    (lambda folder: (folder / RESULT_SCHEMA).unlink(), "/result.schema.json: No such file"),
    (lambda folder: (folder / MANIFEST).unlink(), "/algorithm.json: No such file"),
    (
        replaces(MANIFEST, '"title": "GHZ device check",', '"title": "GHZ device check,'),
        "/algorithm.json: line 4, column 30: it is not JSON",
    ),
    (writes(MANIFEST, "[]"), "/algorithm.json: it is not a JSON object"),
    (writes(INPUT_SCHEMA, '"\xe9"'), "/input.schema.json: it is not UTF-8"),
    (sets(MANIFEST, "id", "bell"), "/algorithm.json#/id: write 'ghz'"),
    (drops(MANIFEST, "summary"), "/algorithm.json#/summary: it is missing"),
    (sets(MANIFEST, "title", ""), "/algorithm.json#/title: it is missing or empty"),
    (sets(MANIFEST, "title", 1), "/algorithm.json#/title: write a text"),
    (sets(MANIFEST, "colour", 1), "/algorithm.json#/colour: there is no such member"),
    (sets(MANIFEST, "tags", "one"), "/algorithm.json#/tags: write a list of texts"),
    (sets(MANIFEST, "shots/default", 0), "/algorithm.json#/shots: write minimum, default"),
    (sets(MANIFEST, "shots/maximum", "9"), "/algorithm.json#/shots: write minimum, default"),
    (sets(MANIFEST, "target", {"mode": "simulator"}), "/algorithm.json#/target: write a mode"),
    (sets(MANIFEST, "limits", {"qubits": True}), "/algorithm.json#/limits: write qubits"),
    (sets(MANIFEST, "limits/steps", 0), "/algorithm.json#/limits: write qubits and, for more"),
    (sets(MANIFEST, "limits/depth", 5), "/algorithm.json#/limits: write qubits"),
    (sets(MANIFEST, "needs", {"sampling": 1}), "/algorithm.json#/needs: write sampling"),
    (sets(MANIFEST, "needs", {"samples": True}), "/algorithm.json#/needs: write sampling"),
    (sets(MANIFEST, "needs", "sampling"), "/algorithm.json#/needs: write sampling"),
    (sets(INPUT_SCHEMA, "$schema", "x"), "/input.schema.json#/$schema: write 'https"),
    (sets(INPUT_SCHEMA, "properties/qubits/minimum", "2"), "#/properties/qubits/minimum: it is"),
    (sets(INPUT_SCHEMA, "type", "array"), "#/type: write 'object'"),
    (sets(INPUT_SCHEMA, "if", {}), "cannot say it: there is no if"),
    (sets(INPUT_SCHEMA, "properties/qubits/type", ["integer", "string"]), "cannot say it"),
    (drops(INPUT_SCHEMA, "properties/method/type"), "#/properties/method: write a type"),
    (drops(INPUT_SCHEMA, "properties/qubits/description"), "#/properties/qubits: write a desc"),
    (drops(RESULT_SCHEMA, "description"), "/result.schema.json#: write a description"),
    (
        drops(RESULT_SCHEMA, "properties/parities/items/properties/angle/type"),
        "#/properties/parities/items/properties/angle: write a type",
    ),
    (
        sets(RESULT_SCHEMA, "properties/bounds/additionalProperties", {}),
        "#/properties/bounds/additionalProperties: write false",
    ),
    (sets(INPUT_SCHEMA, "oneOf", [{"type": "object"}]), "#/oneOf: leave it out"),
    (
        sets(INPUT_SCHEMA, "properties/qubits/const", 2),
        "#/properties/qubits/const: leave it out",
    ),
    (
        sets(INPUT_SCHEMA, "properties/max-qubits", {"type": "integer", "description": "x"}),
        "#/properties/max-qubits: name it in camelCase",
    ),
    (
        sets(INPUT_SCHEMA, "properties/method/enum", ["Shown", "not-shown"]),
        "#/properties/method/enum/1: write 'not-shown' in PascalCase",
    ),
    (
        sets(
            RESULT_SCHEMA,
            "properties/parities/items/properties/ideal",
            {"type": "integer", "description": "x", "enum": [1, -1]},
        ),
        "/ideal/enum: write minimum and maximum",
    ),
    (
        sets(INPUT_SCHEMA, "properties/qubits/maximum", 2**53),
        "#/properties/qubits/maximum: stay within 9007199254740991",
    ),
    (drops(INPUT_SCHEMA, "examples"), "/input.schema.json#/examples: write at least one"),
    (sets(INPUT_SCHEMA, "examples/1/qubits", 1), "#/examples/1/qubits: 1 is less than"),
    (sets(INPUT_SCHEMA, "properties/qubits/default", 99), "#/properties/qubits/default: 99 is"),
    (
        sets(
            INPUT_SCHEMA,
            "properties/more",
            {
                "type": "object",
                "description": "x",
                "additionalProperties": False,
                "properties": {"one": {"type": "integer", "description": "x", "default": 1}},
            },
        ),
        "#/properties/more/properties/one/default: only members of the input itself",
    ),
]


@pytest.mark.parametrize(("mistake", "complaint"), MISTAKES)
def test_a_mistake_is_named_with_its_place(folder: Path, mistake: Change, complaint: str) -> None:
    """Each is one line that begins with the file and says what to write."""
    mistake(folder)

    faults = algorithm_folder.check_folder(folder)

    assert any(complaint in fault for fault in faults), faults
    assert all(fault.startswith(str(folder)) for fault in faults)


@pytest.mark.parametrize("member", ["limits/steps", "needs"])
def test_what_may_be_left_out_is_no_mistake(folder: Path, member: str) -> None:
    """An algorithm of one step needs no `limits.steps`, and one without needs no `needs`."""
    sets(MANIFEST, "limits/steps", 1)(folder)
    sets(MANIFEST, "needs", {})(folder)

    drops(MANIFEST, member)(folder)

    assert algorithm_folder.check_folder(folder) == []
    assert read_algorithm(folder).manifest["limits"]["steps"] == 1


def test_a_folder_without_any_file_is_no_algorithm(tmp_path: Path) -> None:
    """Whatever is beside the algorithms is taken for one that is not finished."""
    (tmp_path / "Not-An-Algorithm").mkdir()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "README.md").touch()

    (found,) = algorithm_folder.folders(tmp_path)

    assert any("in lower case" in fault for fault in algorithm_folder.check_folder(found))


def test_a_broken_algorithm_keeps_the_stack_from_starting(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends at once and says which file, and where in it."""
    (folder / MANIFEST).write_text("{\n", encoding="utf-8")
    monkeypatch.setattr(up, "ALGORITHMS", folder.parent)
    monkeypatch.setattr(up, "hold", None)
    parser = ArgumentParser()
    up.add_arguments(parser)

    assert up.run(parser.parse_args([])) == 1

    assert f"{folder / MANIFEST}: line 2, column 1: it is not JSON" in capsys.readouterr().err
