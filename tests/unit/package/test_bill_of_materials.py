from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from importlib.metadata import distribution
from typing import Any

import pytest
from cyclonedx.validation.json import JsonStrictValidator

from tools.package.bill_of_materials import SCHEMA, bill_of_materials
from tools.package.release import Release
from tools.package.requirements import Package, Requirements

RELEASE = Release("1.2.3", datetime(2026, 11, 21, 10, 30, tzinfo=UTC))
ANY = distribution("pytest")
REQUIREMENTS = Requirements(
    ("scipy",),
    (Package("numpy", "2.0", ANY, ()), Package("scipy", "1.0", ANY, ("numpy",))),
)
LICENCES = {"numpy": "MIT AND Zlib", "scipy": "BSD-3-Clause"}
ARCHIVE = b"a zip"


@pytest.fixture(scope="module")
def text() -> str:
    """Make a bill of two packages."""
    return bill_of_materials(RELEASE, ARCHIVE, REQUIREMENTS, LICENCES)


@pytest.fixture(scope="module")
def bill(text: str) -> dict[str, Any]:
    """Read it."""
    read: dict[str, Any] = json.loads(text)
    return read


def test_it_is_a_cyclonedx_document(text: str) -> None:
    """It has the form that the specification's own schema asks for."""
    assert JsonStrictValidator(SCHEMA).validate_str(text) is None


def test_it_names_every_package_with_version_and_licence(bill: dict[str, Any]) -> None:
    """Each package can be looked up by its package URL, and has the licence of the audit."""
    told = {one["purl"]: one["licenses"][0]["expression"] for one in bill["components"]}

    assert told == {
        "pkg:pypi/numpy@2.0": "MIT AND Zlib",
        "pkg:pypi/scipy@1.0": "BSD-3-Clause",
    }


def test_it_has_who_needs_whom(bill: dict[str, Any]) -> None:
    """From the app to the last package, so that one can see why a package is there."""
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}

    assert needs == {
        "qjobs": ["pkg:pypi/scipy@1.0"],
        "pkg:pypi/scipy@1.0": ["pkg:pypi/numpy@2.0"],
        "pkg:pypi/numpy@2.0": [],
    }


def test_it_is_of_one_package(bill: dict[str, Any]) -> None:
    """Version, hash and time are those of the zip that it lies beside."""
    app = bill["metadata"]["component"]

    assert (app["name"], app["version"]) == ("qjobs", "1.2.3")
    assert app["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(ARCHIVE).hexdigest()}]
    assert bill["metadata"]["timestamp"] == "2026-11-21T10:30:00+00:00"


def test_it_is_the_same_for_the_same_package(text: str, bill: dict[str, Any]) -> None:
    """Its number comes from the zip, and nothing from the hour or from chance."""
    assert bill_of_materials(RELEASE, ARCHIVE, REQUIREMENTS, LICENCES) == text

    other = json.loads(bill_of_materials(RELEASE, b"another", REQUIREMENTS, LICENCES))
    assert other["serialNumber"] != bill["serialNumber"]
