from __future__ import annotations

from collections.abc import Iterator

import pytest

from qjobs import bootstrap
from qjobs.settings import SettingError, Settings

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
