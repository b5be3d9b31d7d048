"""packages/azure-quantum-emulator asks for what it imports, and this repository pins that."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from azure_quantum_emulator.supervision.azurite_program import VERSION
from tests.architecture.test_documents import EMULATOR

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / EMULATOR).parents[1].joinpath("pyproject.toml").read_text("utf-8"))
BY_ANOTHER = {
    "httptools": "uvicorn imports it for the protocol that the emulator extends",
}
"""What is asked for though no file of the package imports it."""


def requirements() -> dict[str, list[Requirement]]:
    """Return what the package asks for, by the extra, which is empty for what it always needs."""
    project = PROJECT["project"]
    texts = {"": project["dependencies"], **project["optional-dependencies"]}
    return {extra: [Requirement(text) for text in asked] for extra, asked in texts.items()}


def names(*extras: str) -> set[str]:
    """Return the names of what the package asks for with *extras*."""
    return {canonicalize_name(one.name) for extra in extras for one in requirements()[extra]}


def imported() -> Iterator[tuple[Path, str]]:
    """Yield each distribution that a file of the package imports, with the file."""
    top_level = packages_distributions()
    for path in (ROOT / EMULATOR).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Import(names=aliases):
                    modules = [alias.name for alias in aliases]
                case ast.ImportFrom(module=str(module), level=0):
                    modules = [module]
                case _:
                    continue
            for module in modules:
                first, *rest = module.split(".")
                if first == "azure":  # a namespace of many distributions, named like their modules
                    found = "-".join([first, *[part for part in rest if part != "aio"]])
                    yield (
                        path,
                        next(known for known in names("", "pytest") if found.startswith(known)),
                    )
                elif first not in sys.stdlib_module_names and first != EMULATOR.rpartition("/")[2]:
                    yield path, canonicalize_name(top_level[first][0])


def test_what_is_imported_is_asked_for() -> None:
    """A module imports what its package always needs, except where an extra is asked for."""
    extra = {"testing.py": "pytest", "pytest_plugin.py": "pytest"}
    extra |= {"pulser_sequence.py": "pasqal", "pulses.py": "pasqal"}
    missing = {
        f"{path.name}: {name}"
        for path, name in imported()
        # Pulser is two distributions, of which one brings the other.
        if name.replace("pulser-core", "pulser-simulation")
        not in names("", *([extra[path.name]] if path.name in extra else []))
    }
    assert not missing


def test_what_is_asked_for_is_imported() -> None:
    """Nothing is installed for nothing."""
    assert names("") - {name for _, name in imported()} == set(BY_ANOTHER)


def test_the_pins_of_this_repository_are_within_its_ranges() -> None:
    """requirements-dev.txt has all that the package and its tests ask for, in versions that do."""
    lines = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    pins = dict(
        line.partition(" ")[0].split("==") for line in lines if "==" in line and line[0].isalpha()
    )
    asked = [one for extra in requirements().values() for one in extra]
    assert not [
        str(one)
        for one in asked
        if one.name != PROJECT["project"]["name"]
        and not one.specifier.contains(pins.get(canonicalize_name(one.name), "0"))
    ]


def test_it_fetches_the_azurite_that_is_tested_here() -> None:
    """The version for npx is that of package.json."""
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert package["dependencies"] == {"azurite": VERSION}
