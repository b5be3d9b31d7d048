from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjobs import bootstrap
from qjobs.settings import InsightsSettings, SettingError, Settings

SETTINGS = {
    "AzureWebJobsStorage": "unused",
    "QJOBS_KEY_VAULT_URI": "unused",
}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what the services need to be put together, and forget them afterwards."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    bootstrap.services.cache_clear()
    yield
    bootstrap.services.cache_clear()


@pytest.mark.usefixtures("configured")
def test_routes_and_services_share_one_catalogue() -> None:
    """The files of an algorithm are read and its schemas compiled once in a process."""
    assert bootstrap.services().ports.catalogue is bootstrap.catalogue()


@pytest.mark.parametrize("region", ["westeurope", "eastus2", "kubernetes", "a", "x" * 63])
def test_a_region_has_a_name_that_a_path_can_have(region: str) -> None:
    """The regions of Azure have such names."""
    assert Settings.from_environment({**SETTINGS, "QJOBS_REGION": region}).region == region


@pytest.mark.parametrize("missing", [{}, {"QJOBS_REGION": ""}])
def test_a_region_need_not_be_named(missing: dict[str, str]) -> None:
    """Without a name the functions are those of a laptop."""
    assert Settings.from_environment({**SETTINGS, **missing}).region == "local"


@pytest.mark.parametrize("region", ["West Europe", "west/europe", "..", "-west", "west-", "x" * 64])
def test_another_name_of_a_region_is_refused(region: str) -> None:
    """The error names the setting and shows a right one."""
    with pytest.raises(SettingError, match=r"QJOBS_REGION .* such as westeurope"):
        Settings.from_environment({**SETTINGS, "QJOBS_REGION": region})


AAD = "Authorization=AAD"


@pytest.mark.parametrize(
    ("environment", "destination"),
    [
        ({}, None),
        ({"QJOBS_TELEMETRY_DIRECTORY": ""}, None),
        ({"QJOBS_TELEMETRY_DIRECTORY": "folder"}, Path("folder")),
        ({"APPLICATIONINSIGHTS_CONNECTION_STRING": "a"}, InsightsSettings("a")),
        (
            {"APPLICATIONINSIGHTS_CONNECTION_STRING": "a", "QJOBS_TELEMETRY_DIRECTORY": "folder"},
            InsightsSettings("a"),
        ),
        (
            {
                "APPLICATIONINSIGHTS_CONNECTION_STRING": "a",
                "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": f"ClientId=x;{AAD}",
            },
            InsightsSettings("a", identity=True, identity_client_id="x"),
        ),
        (
            {
                "APPLICATIONINSIGHTS_CONNECTION_STRING": "a",
                "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": AAD,
            },
            InsightsSettings("a", identity=True),
        ),
        ({"APPLICATIONINSIGHTS_AUTHENTICATION_STRING": AAD}, None),
    ],
)
def test_telemetry_goes_where_the_settings_say(
    environment: dict[str, str], destination: object
) -> None:
    """To Application Insights where it is known, as the host's own; else to files, or nowhere."""
    settings = Settings.from_environment({**SETTINGS, **environment})

    assert settings.telemetry.destination == destination


@pytest.mark.parametrize(("site", "service"), [("Func-X", "func-x"), ("", "qjobs")])
def test_the_service_has_the_name_that_the_host_reports(site: str, service: str) -> None:
    """Application Insights tells apps apart by it."""
    settings = Settings.from_environment({**SETTINGS, "WEBSITE_SITE_NAME": site})

    assert settings.telemetry.service == service


def test_without_telemetry_nothing_of_it_is_loaded() -> None:
    """The ports of an app that reports nowhere pay for no library."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from qjobs.adapters.file_catalogue import FileCatalogue\n"
        "from qjobs.azure_ports import AzurePorts\n"
        "from qjobs.settings import Settings\n"
        f"settings = Settings.from_environment({SETTINGS!r})\n"
        "ports = AzurePorts(settings, FileCatalogue(Path('algorithms')))\n"
        "assert not ports.telemetry.enabled\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        check=True,
        capture_output=True,
        text=True,
    )

    assert not [name for name in done.stdout.split() if name.startswith("opentelemetry")]
