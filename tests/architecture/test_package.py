from __future__ import annotations

import json
from pathlib import Path

import pytest

from qjobs.settings import Settings, WorkspaceSettings
from tools.package.bundle import BUNDLE, bundled_files

ROOT = Path(__file__).parents[2]


def test_the_package_holds_the_bundle_and_nothing_else() -> None:
    """What .funcignore lets through is exactly what is deployed."""
    names = {path.parts[0] for path in bundled_files(ROOT)}

    assert names == set(BUNDLE)


def example_values() -> dict[str, str]:
    """Return the settings of the example file."""
    text = (ROOT / "local.settings.json.example").read_text(encoding="utf-8")
    values: dict[str, str] = json.loads(text)["Values"]
    return values


def test_the_example_settings_are_complete() -> None:
    """The settings of the example file are enough to start."""
    settings = Settings.from_environment(example_values())

    assert isinstance(settings.workspace, WorkspaceSettings)
    assert settings.workspace.location == "eastus"


@pytest.mark.parametrize("name", [name for name in example_values() if name.startswith("QJOBS_")])
def test_every_setting_of_the_example_is_read(name: str) -> None:
    """The example file has no setting that nothing reads."""
    readers = [ROOT / "qjobs" / "settings.py", *(ROOT / "functions").glob("*.py")]

    assert any(name in path.read_text(encoding="utf-8") for path in readers)


def test_every_setting_that_is_read_is_in_the_example() -> None:
    """A setting that the code knows can be found in the example file, apart from identities."""
    documented = {
        line.strip().strip('"').partition(":")[0].rstrip(".")
        for line in (ROOT / "qjobs" / "settings.py").read_text(encoding="utf-8").splitlines()
        if line.strip().startswith('"""QJOBS_')
    }

    assert documented <= set(example_values())
    assert len(documented) >= 9


def test_the_route_prefix_is_that_of_the_host() -> None:
    """Addresses that we hand out have the prefix under which the host serves them."""
    from functions.requests import ROUTE_PREFIX  # noqa: PLC0415 - only this test needs it

    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))

    assert f"/{host['extensions']['http']['routePrefix']}" == ROUTE_PREFIX
