"""The load test as Azure Load Testing and `make load` are given it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "load"
LOCUSTFILE = (FOLDER / "locustfile.py").read_text(encoding="utf-8")
PIN = re.compile(r"^([a-z-]+==[\d.]+)", re.MULTILINE)


def configuration() -> dict[str, Any]:
    """Return what Azure Load Testing reads."""
    text = (FOLDER / "azure-load-testing.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_what_is_uploaded_is_there() -> None:
    """The script and every file beside it."""
    given = configuration()

    assert given["testType"] == "Locust"
    for name in (given["testPlan"], *given["configurationFiles"]):
        assert (FOLDER / name).is_file(), name


def test_a_run_ends_by_itself() -> None:
    """It has a number of jobs, and a time after which it ends without them."""
    variables = {each["name"]: each["value"] for each in configuration()["env"]}

    assert {"QJOBS_LOAD_JOBS", "LOCUST_RUN_TIME", "LOCUST_USERS"} <= variables.keys()
    assert all(isinstance(value, str) for value in variables.values())
    assert "\nrun-time = " in (FOLDER / "locust.conf").read_text(encoding="utf-8")


def test_no_token_is_written_down() -> None:
    """The engines get their own."""
    given = configuration()

    assert "secrets" not in given
    assert [each["name"] for each in given["env"] if "TOKEN" in each["name"]] == []


def test_the_script_reads_only_what_the_document_names() -> None:
    """Whoever runs it finds every variable in docs/load-test.md or at the top of the script."""
    introduction = LOCUSTFILE.split('"""')[1]
    document = (ROOT / "docs" / "load-test.md").read_text(encoding="utf-8")
    read = set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', LOCUSTFILE))

    assert read
    assert {name for name in read if name not in introduction + document} == set()


def test_the_libraries_are_those_of_the_service() -> None:
    """One version of what both use, so that an update is one."""
    asked = PIN.findall((FOLDER / "requirements.txt").read_text(encoding="utf-8"))

    assert asked
    assert set(asked) <= set(PIN.findall((ROOT / "requirements.in").read_text(encoding="utf-8")))
