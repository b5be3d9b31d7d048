"""Tables in the documents that mirror code are compared with it."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import fields

import azure.functions as func
import pytest

from functions.openapi_document import openapi_document
from functions.problems import failure_response, status_of
from localdev.algorithm_table import row_faults
from qjobs.domain import errors
from qjobs.domain.algorithm import Execute, Inputs, Progress
from qjobs.domain.job import FINAL, Failure, Status
from qjobs.domain.options import OF_PROVIDERS
from qjobs.domain.target_facts import TargetFacts
from qjobs.services import intake
from qjobs.services.hidden_message import HIDDEN
from qjobs.services.start import LINE_OF_OWNER, LONGEST_TURN, PLACES, PLACES_OF_OWNER
from qjobs.settings import Settings
from tests.markdown import ROOT, code_of, documents, table, tracked
from tests.openapi import contract
from tests.routes import http_routes
from tools.algorithm_checks.noisy import MOST_ENTANGLING_GATES, MOST_QUBITS, SECONDS

EMULATOR = "packages/azure-quantum-emulator/src/azure_quantum_emulator"
_STATES = "States of a job"
_CODE = re.compile(r"`([^`]+)`")


def test_every_algorithm_has_its_row() -> None:
    """The table of algorithms has the ids and summaries of the catalogue."""
    manifests = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "algorithms").glob("*/algorithm.json")
    ]
    summaries = {one["id"]: one["summary"] for one in manifests}
    document = (ROOT / "docs" / "algorithms.md").read_text(encoding="utf-8")

    found = row_faults(document, summaries, known=summaries)
    assert not found, "\n".join(found)


def test_the_limits_are_those_of_the_gateway() -> None:
    """Each limit has its row: its default, the seconds it is for, and the headers that tell it."""
    values = json.loads((ROOT / "apim" / "named-values.json").read_text(encoding="utf-8"))
    limits: dict[str, tuple[int, str, set[str]]] = {}
    for file in sorted((ROOT / "apim" / "policies").rglob("*.xml")):
        for element in re.findall(r"<rate-limit-by-key [^>]+>", file.read_text(encoding="utf-8")):
            pairs: list[tuple[str, str]] = re.findall(r"""([\w-]+)=["']([^"']*)""", element)
            attributes = dict(pairs)
            name = attributes["calls"].strip("{}")
            told = {one for key, one in attributes.items() if key.endswith("-header-name")}
            limits[name] = (int(values[name]["default"]), attributes["renewal-period"], told)

    rows = {}
    for of, limit, name, headers in table("docs/api.md", "Limits"):
        (seconds,) = re.findall(r"in (\d+) seconds", of)
        rows[name.strip("`")] = (
            int(limit.replace(",", "")),
            seconds,
            set(_CODE.findall(headers)),
        )
    assert rows == limits
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert f"{int(values['largest-body-bytes']['default']):,} bytes (`largest-body-bytes`)" in text


def test_every_route_has_its_row() -> None:
    """The table of requests has exactly the routes of the function app."""
    routes = {f"{verb} {path}" for verb, path in http_routes()}

    assert {_CODE.findall(row[0])[0] for row in table("docs/api.md", "Operations")} == routes


def test_the_requests_without_a_token_are_named() -> None:
    """The sentence on tokens names the paths of every operation that is open, and no other."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"Every request but those to (.*?) carries an access", text, re.DOTALL)
    served = openapi_document("https://example.com")
    open_paths = {
        path
        for path, item in served["paths"].items()
        if any(operation.get("security") == [] for operation in item.values())
    }

    assert set(_CODE.findall(sentence)) == open_paths


def test_every_member_of_a_submission_has_its_row() -> None:
    """The contract has the same members, and says the same of what is required."""
    schema = contract()["components"]["schemas"]["Submission"]
    rows = {_CODE.findall(name)[0]: meaning for name, meaning in table("docs/api.md", "Submit")}

    assert rows.keys() == schema["properties"].keys()
    required = {name for name, meaning in rows.items() if meaning.startswith("required")}
    assert required == set(schema["required"])


def test_every_option_with_a_type_has_its_place() -> None:
    """The table has the providers and their options as submissions are checked against them."""
    assert list(table("docs/api.md", "Options")) == [
        [
            f"`{provider}`",
            ", ".join(
                f"`{name}` ({kind if isinstance(kind, str) else 'object'})"
                for name, kind in options.items()
            ),
        ]
        for provider, options in OF_PROVIDERS.items()
    ]


def test_every_state_of_a_job_has_its_row() -> None:
    """In the order of a job's life, each with whether it is the end."""
    rows = [(_CODE.findall(name)[0], final) for name, _, final in table("docs/api.md", _STATES)]

    assert rows == [(status.value, "yes" if status in FINAL else "no") for status in Status]


def test_every_error_has_its_row() -> None:
    """Code, status and title are those of the functions; what ends a job is never a 5xx."""
    section = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").partition("\n## Errors\n")[2]
    rows = re.findall(r"^\| `([\w-]+)` \| (\d+) \| (.*?) \|$", section, re.MULTILINE)
    classes = [
        error
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, errors.QJobsError)
    ]
    request = func.HttpRequest(method="GET", url="https://example.com/api/jobs", body=b"")
    expected = {
        (
            error.code,
            failure_response(request, Failure.of(error()), "1", {}).status_code
            if issubclass(error, errors.PermanentError)
            else status_of(error()).value,
            error.title(),
        )
        for error in classes
    }

    assert len(rows) == len(classes)
    assert {(code, int(status), title) for code, status, title in rows} == expected


def test_every_setting_has_its_row() -> None:
    """The table of settings has those of the example file, but for one that is a library's."""
    text = (ROOT / "local.settings.json.example").read_text(encoding="utf-8")
    documented = {
        name for row in table("docs/settings.md", "App settings") for name in _CODE.findall(row[0])
    }

    assert documented == set(json.loads(text)["Values"]) - {"QDK_PYTHON_TELEMETRY"}


def test_a_default_of_a_setting_is_that_of_the_code() -> None:
    """Where it is a number, leaving it out is the same as setting it."""
    text = (ROOT / "local.settings.json.example").read_text(encoding="utf-8")
    values = json.loads(text)["Values"]
    numbers = {
        _CODE.findall(name)[0]: default
        for name, default, _ in table("docs/settings.md", "App settings")
        if default.isdecimal()
    }
    without = {name: value for name, value in values.items() if name not in numbers}

    assert len(numbers) == 4
    assert Settings.from_environment(without | numbers) == Settings.from_environment(without)


@pytest.mark.parametrize("document", documents())
def test_every_command_exists(document: str) -> None:
    """Every make target that a document shows is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for code in code_of((ROOT / document).read_text(encoding="utf-8")):
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", code):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_test_that_a_document_names_exists() -> None:
    """Whoever pastes a path after pytest finds tests there."""
    named = {
        (document, path)
        for document in documents()
        if not document.startswith("packages/")
        for code in code_of((ROOT / document).read_text(encoding="utf-8"))
        for path in re.findall(r"(?<![\w/])(?:tests|packages)/[\w./-]*\w", code)
    }

    assert len(named) > 20
    assert {place for place in named if not (ROOT / place[1]).exists()} == set()


def test_every_guarantee_names_the_test_that_holds_it() -> None:
    """Each row of the table links to tests by name, and they are in the files that it links to."""
    rows = list(table("docs/guarantees.md", "Guarantees"))
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"\[(test_\w+)\]\(\.\./(tests/[\w/]+\.py)\)", row[2])
        assert named, row[0]
        for name, file in named:
            code = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^(async )?def {name}\(", code, re.MULTILINE), (file, name)


def test_the_numbers_of_the_guarantees_are_those_of_the_code() -> None:
    """Places, delays and attempts in the document are constants of the code."""
    text = " ".join((ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8").split())
    words = {4: "four", 8: "eight"}

    assert f"Of the {words[PLACES]} jobs" in text
    assert f"{words[PLACES_OF_OWNER]} at most are of one caller" in text
    assert f"{LINE_OF_OWNER} more of each wait for their turn" in text
    assert f"a turn within {words[int(LONGEST_TURN)]} seconds" in text
    assert f"hidden for {HIDDEN:.0f} seconds" in text
    here, waiting = intake.MOST_OF_OWNER, intake.LINE_OF_OWNER
    assert f"More than {here + waiting} submissions of one caller" in text
    assert f"Of them {here} are worked on" in text
    assert f"all callers {intake.MOST}, and {waiting} more" in text


def test_every_folder_of_tests_is_for_something() -> None:
    """The table of tests to run after a change names each, or files of it."""
    rows = "".join(row[1] for row in table("CONTRIBUTING.md", "Which tests for what"))
    folders = {
        "/".join(parts[: 3 if parts[1] == "unit" else 2])
        for parts in (name.split("/") for name in tracked())
        if parts[0] == "tests" and parts[-1].startswith("test_")
    }

    assert "tests/unit/services" in folders
    assert {folder for folder in folders if not re.search(rf"{folder}\b", rows)} == set()


def test_the_map_names_every_folder() -> None:
    """Every path in the map exists, and every package of the code is on it."""
    rows = [_CODE.findall(row[0])[0] for row in table("AGENTS.md", "Folders")]

    assert not [path for path in rows if not (ROOT / path).exists()]
    packages = {
        f"{path.parent.relative_to(ROOT)}/"
        for top in ("functions", "qjobs", "algorithms", "localdev", "tools", EMULATOR)
        for path in (ROOT / top).rglob("__init__.py")
    }
    algorithms = {package for package in packages if package.startswith("algorithms/")}
    assert packages - algorithms - {"qjobs/"} <= set(rows)


def test_the_map_names_files_that_exist() -> None:
    """Every file that the map mentions is there, wherever its folder is abbreviated."""
    text = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
    tops = (
        "",
        "qjobs",
        "tests",
        EMULATOR,
        "packages/azure-quantum-emulator/tests",
        "localdev/gateway",
    )

    for name in re.findall(r"`([\w/]+\.(?:py|toml|md))`", text):
        assert any((ROOT / top / name).exists() for top in tops), name


def test_what_a_step_gets_and_says_has_a_row_for_each_member() -> None:
    """The tables for authors have the members of the interface, in its order, and true figures."""
    for heading, kind in [("What a step gets", Inputs), ("What a step can say", Execute)]:
        rows = [_CODE.findall(row[0])[0] for row in table("docs/algorithms.md", heading)]
        assert rows == [member.name for member in fields(kind)]
    text = " ".join((ROOT / "docs" / "algorithms.md").read_text(encoding="utf-8").split())
    names = (member.name for member in fields(Progress))
    assert f"`Progress({', '.join(names)})`" in text
    limits = f"more than {MOST_QUBITS} qubits or {MOST_ENTANGLING_GATES} gates on several qubits"
    assert f"{limits} in a circuit, and gives up after {SECONDS:.0f} seconds" in text
    facts = re.findall(r"facts of the target that will run the circuits \((.*?)\)", text)
    assert {*_CODE.findall(facts[0])} <= {member.name for member in fields(TargetFacts)}
