"""Two function apps in two regions on the same storage, as real hosts: each shows that it runs."""

from __future__ import annotations

import asyncio
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from localdev.repository import ROOT
from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_heartbeats import BlobHeartbeats
from qjobs.adapters.storage import StorageAccount
from qjobs.domain.errors import FunctionsNotRunningError
from qjobs.domain.heartbeat import FUNCTIONS, NOT_RUNNING_AFTER
from qjobs.services.functions_health import FunctionsHealth
from tests.fakes import FakeClock
from tests.unit.host.host_process import Host, running

_TICK = 1.1
"""Seconds after which the time of storage, in whole seconds, is another."""

type Noted = dict[tuple[str, str], datetime]


@pytest.fixture
async def heartbeats(azurite: str) -> AsyncIterator[BlobHeartbeats]:
    """Return the heartbeats that the hosts leave."""
    account = StorageAccount(azurite)
    yield BlobHeartbeats(BlobContainer(account, "heartbeats"))
    await account.close()


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return a folder with this repository's app, to which hosts may write."""
    for name in ("function_app.py", "host.json"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    for name in ("functions", "qjobs", "algorithms", "apim"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def settings(azurite: str, region: str, **others: str) -> Mapping[str, str]:
    """Return the app settings of a region."""
    return {
        "AzureWebJobsStorage": azurite,
        "QJOBS_KEY_VAULT_URI": "https://vault.invalid/",
        "QJOBS_RECONCILE_SCHEDULE": "*/2 * * * * *",
        "QJOBS_REGION": region,
        **others,
    }


async def noted(heartbeats: BlobHeartbeats, *regions: str) -> Noted:
    """Return when each function of some regions last ran."""
    return {
        (beat.region, beat.function): beat.at
        for beat in await heartbeats.last()
        if beat.region in regions
    }


async def expected(heartbeats: BlobHeartbeats, *regions: str) -> Noted:
    """Return when the functions of some regions began to be expected, some time ago."""
    for region in regions:
        for function in FUNCTIONS:
            await heartbeats.expect(region, function)
    begun = await noted(heartbeats, *regions)
    await asyncio.sleep(_TICK)
    return begun


async def until_silent(heartbeats: BlobHeartbeats, begun: Noted, silent: Noted) -> Noted:
    """Return the beats once no function is silent but those that should be."""
    regions = {region for region, _ in begun}
    deadline = time.monotonic() + PATIENCE
    while True:
        now = await noted(heartbeats, *regions)
        if {key: at for key, at in now.items() if at == begun[key]} == silent:
            return now
        assert time.monotonic() < deadline, now
        await asyncio.sleep(0.2)


async def test_two_regions_show_that_they_run(
    azurite: str, app: Path, heartbeats: BlobHeartbeats
) -> None:
    """Each gets its own heartbeats from the queues that both read, and each tells of both."""
    regions = [f"region-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    begun = await expected(heartbeats, *regions)
    with ExitStack() as hosts:
        started = [
            hosts.enter_context(running(app, **settings(azurite, region))) for region in regions
        ]

        now = await until_silent(heartbeats, begun, silent={})

        for host in started:
            assert now.keys() <= told(host)


def told(host: Host) -> set[tuple[str, str]]:
    """Return the functions of which a host tells whoever asks, without a key."""
    answer = host.request("/api/health/functions")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "Healthy"
    return {(one["region"], one["function"]) for one in answer.json()["functions"]}


@pytest.mark.parametrize("disabled", [("dispatch", "outputs"), ("track", "deliver")])
async def test_disabled_functions_are_missed_in_their_region(
    azurite: str, app: Path, heartbeats: BlobHeartbeats, disabled: tuple[str, str]
) -> None:
    """The other region receives their heartbeats, and cannot answer for them."""
    whole, broken = regions = [f"region-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    begun = await expected(heartbeats, *regions)
    off = {f"AzureWebJobs.{function}.Disabled": "true" for function in disabled}
    silent = {(broken, function): begun[broken, function] for function in disabled}
    with (
        running(app, **settings(azurite, whole)),
        running(app, **settings(azurite, broken, **off)) as host,
    ):
        await until_silent(heartbeats, begun, silent=silent)
        assert host.request("/api/health").status_code == 200

    clock = FakeClock(max(silent.values()) + NOT_RUNNING_AFTER + timedelta(seconds=0.5))
    health = FunctionsHealth(heartbeats=heartbeats, clock=clock, region=whole)
    with pytest.raises(FunctionsNotRunningError) as error:
        await health()
    sentences = {one.rstrip(".") for one in error.value.detail.split(". ")}
    assert {one for one in sentences if any(region in one for region in regions)} == {
        f"{function} in {broken} has not run for 30 minutes" for function in disabled
    }
