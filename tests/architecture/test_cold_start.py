from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "qiskit",
    "numpy",
    "jsonschema",
    "azure.storage",
    "azure.identity",
    "azure.keyvault",
    "azure.quantum",
    "azure.core",
    "aiohttp",
    "jwt",
    "cryptography",
    "qdk",
    "opentelemetry",
    "psutil",
)


def modules_after(statements: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after *statements*."""
    code = f"import sys\n{statements}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Return what importing the function app loads."""
    return modules_after("import function_app")


@pytest.mark.parametrize("package", HEAVY)
def test_importing_the_app_loads_no_heavy_package(loaded: set[str], package: str) -> None:
    """A cold start pays for azure.functions and our own light modules only."""
    assert not {name for name in loaded if name == package or name.startswith(f"{package}.")}


def test_importing_the_app_loads_nothing_but_itself_and_azure_functions(loaded: set[str]) -> None:
    """Beyond azure.functions and the standard library everything loaded is ours."""
    base = modules_after("import azure.functions, asyncio, dataclasses, uuid, pathlib")
    ours = ("function_app", "functions", "qjobs")
    others = {
        name
        for name in loaded - base
        if name.partition(".")[0] not in {*sys.stdlib_module_names, *ours}
    }

    assert others == set()


def test_the_catalogue_is_listed_without_loading_an_algorithm() -> None:
    """Listing and describing every algorithm imports none of them, and no Qiskit."""
    loaded = modules_after(
        "from qjobs.bootstrap import catalogue\n"
        "assert [catalogue().describe(entry['id']) for entry in catalogue().all()]"
    )

    assert not {name for name in loaded if name.startswith("algorithms.")}
    assert "qiskit" not in loaded
