from __future__ import annotations

import asyncio

import pytest

from emulator_support.patience import PATIENCE
from qjobs.adapters.target_list import TargetList
from qjobs.domain.errors import ProviderUnavailableError
from qjobs.domain.target import Target
from tests.fakes import DEVICE, SIMULATOR


class Workspace:
    """A workspace that tells its targets, or does not."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.asked = 0
        self.targets = [SIMULATOR]
        self.error: ProviderUnavailableError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.list = TargetList(self.read, PATIENCE, lambda: self.seconds)

    async def read(self) -> list[Target]:
        """Return the targets once the gate is open."""
        self.asked += 1
        await self.gate.wait()
        if self.error:
            raise self.error
        return self.targets


@pytest.fixture
async def workspace() -> Workspace:
    """Return a workspace without trouble."""
    return Workspace()


async def test_the_list_is_read_once_in_half_a_minute(workspace: Workspace) -> None:
    """A list of thirty seconds is fresh, an older one is read again."""
    assert await workspace.list() == [SIMULATOR]
    workspace.targets = [SIMULATOR, DEVICE]
    workspace.seconds += 30
    assert await workspace.list() == [SIMULATOR]

    workspace.seconds += 1

    assert await workspace.list() == [SIMULATOR, DEVICE]
    assert workspace.asked == 2


async def test_who_asks_at_once_shares_one_request(workspace: Workspace) -> None:
    """However many there are; and one who goes away keeps nobody else from the list."""
    workspace.gate.clear()
    tasks = [asyncio.create_task(workspace.list()) for _ in range(40)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.sleep(0)
    workspace.gate.set()

    assert await asyncio.gather(*tasks[1:]) == [[SIMULATOR]] * 39
    assert workspace.asked == 1


async def test_an_older_list_is_used_while_the_workspace_is_in_trouble(
    workspace: Workspace,
) -> None:
    """For a quarter of an hour; after that, it is an error that says when to come again."""
    await workspace.list()
    workspace.error = ProviderUnavailableError(retry_after=86_400)
    workspace.seconds += 899
    assert await workspace.list() == [SIMULATOR]

    workspace.seconds += 2
    with pytest.raises(ProviderUnavailableError) as refused:
        await workspace.list()

    assert refused.value.retry_after == 298


async def test_a_workspace_in_trouble_is_not_asked_by_everybody(workspace: Workspace) -> None:
    """After a failure no request is sent until its time has come."""
    workspace.error = ProviderUnavailableError(retry_after=60)
    for _ in range(20):
        with pytest.raises(ProviderUnavailableError):
            await workspace.list()
    assert workspace.asked == 1

    workspace.error = None
    workspace.seconds += 60

    assert await workspace.list() == [SIMULATOR]
    assert workspace.asked == 2


async def test_nobody_waits_for_a_workspace_that_does_not_respond(workspace: Workspace) -> None:
    """Beyond the limit the older list is returned, or an error; the request goes on alone."""
    workspace.list.limit = workspace.list._shared.limit = 0.0  # noqa: SLF001 - a limit that is over
    workspace.gate.clear()
    with pytest.raises(ProviderUnavailableError):
        await workspace.list()
    workspace.gate.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert await workspace.list() == [SIMULATOR]

    workspace.gate.clear()
    workspace.seconds += 31
    for _ in range(3):
        assert await workspace.list() == [SIMULATOR]
    assert workspace.asked == 2


async def test_an_error_that_nobody_waits_for_is_not_reported_as_lost(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    """The request goes on without its callers, and its failure is one line of the log."""
    workspace.list._shared.limit = 0.0  # noqa: SLF001 - as above
    workspace.error = ProviderUnavailableError("down")
    with pytest.raises(ProviderUnavailableError):
        await workspace.list()
    for _ in range(5):
        await asyncio.sleep(0)

    assert [record.getMessage() for record in caplog.records] == ["No targets: down"]
