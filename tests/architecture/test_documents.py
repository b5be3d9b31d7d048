"""Tables in the documents that mirror code are compared with it."""

from __future__ import annotations

import json
import re

import azure.functions as func

from functions import http_catalogue, http_health, http_jobs, http_openapi, http_targets
from tests.markdown import ROOT, table

EMULATOR = "packages/azure-quantum-emulator/src/azure_quantum_emulator"
_CODE = re.compile(r"`([^`]+)`")


def test_the_readme_lists_every_algorithm() -> None:
    """The table of algorithms has the ids and summaries of the catalogue."""
    manifests = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "algorithms").glob("*/algorithm.json"))
    ]

    assert list(table("README.md", "The algorithms")) == [
        [f"`{manifest['id']}`", manifest["summary"]] for manifest in manifests
    ]


def test_the_readme_lists_every_route() -> None:
    """The table of requests has exactly the routes of the function app."""
    routes = set()
    for module in (http_catalogue, http_health, http_jobs, http_openapi, http_targets):
        app = func.FunctionApp()
        app.register_functions(module.bp)
        for function in app.get_functions():
            trigger = json.loads(function.get_raw_bindings()[-2])
            routes |= {f"{verb} /{trigger['route']}" for verb in trigger["methods"]}

    assert {_CODE.findall(row[0])[0] for row in table("README.md", "The API")} == routes


def test_the_readme_lists_every_setting() -> None:
    """The table of settings has those of the example file, but for one that is a library's."""
    text = (ROOT / "local.settings.json.example").read_text(encoding="utf-8")
    documented = {name for row in table("README.md", "Settings") for name in _CODE.findall(row[0])}

    assert documented == set(json.loads(text)["Values"]) - {"QDK_PYTHON_TELEMETRY"}


def test_the_readme_names_every_command() -> None:
    """Every make target that the README shows exists."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    for target in re.findall(r"`?\bmake ([a-z]+)\b", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


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
