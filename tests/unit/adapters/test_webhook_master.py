from __future__ import annotations

import pytest

from qjobs.adapters.webhook_master import GivenMaster
from qjobs.domain.errors import WebhooksUnavailableError
from qjobs.settings import SettingError, WebhookSettings


async def test_a_master_secret_of_a_setting_is_read() -> None:
    """As it is, in bytes."""
    assert await GivenMaster("m" * 32).read() == b"m" * 32


@pytest.mark.parametrize("text", [None, "", "m" * 31])
async def test_none_and_a_short_one_are_no_master_secret(text: str | None) -> None:
    """Who could guess it from a signature could forge every event."""
    with pytest.raises(WebhooksUnavailableError):
        await GivenMaster(text).read()


def test_receivers_of_a_laptop_are_places() -> None:
    """Of a name or an address, in any case; there are none where nothing is said."""
    allowed = WebhookSettings.from_environment(
        {"QJOBS_WEBHOOK_ALLOWED": "LOCALHOST:9000 127.0.0.1:80  ::1:9000"}
    ).allowed

    assert allowed == {"localhost:9000", "127.0.0.1:80", "::1:9000"}
    assert WebhookSettings.from_environment({}) == WebhookSettings(None, frozenset())


@pytest.mark.parametrize("text", ["localhost", "http://localhost:9000", "*:80", "a:b", "a:1,b:2"])
def test_what_is_no_place_is_refused(text: str) -> None:
    """The setting is named."""
    with pytest.raises(SettingError, match="QJOBS_WEBHOOK_ALLOWED"):
        WebhookSettings.from_environment({"QJOBS_WEBHOOK_ALLOWED": text})
