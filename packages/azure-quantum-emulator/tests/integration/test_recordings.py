"""Recorded traffic of the real service, replayed against the emulator and Azurite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest
from azure.storage.blob import BlobServiceClient

from azure_quantum_emulator.testing import RunningEmulator
from emulator_support.patience import PATIENCE
from emulator_support.recordings import scenarios
from emulator_support.replay import Replay

pytestmark = pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")


@pytest.fixture(scope="module")
def replay(emulator: RunningEmulator, azurite: str) -> Iterator[Replay]:
    """Return what replays scenarios."""
    account = BlobServiceClient.from_connection_string(azurite)
    with httpx.Client(timeout=PATIENCE) as blobs:
        yield Replay(emulator, account, blobs)
    account.close()


@pytest.mark.parametrize("name", scenarios())
def test_a_recorded_scenario_is_answered_as_it_was(
    replay: Replay, name: str, record_property: Callable[[str, object], None]
) -> None:
    """Each request is answered as it was, those to the storage account with what was handed out."""
    right, total, moved = Counter[str](), Counter[str](), 0
    wrong = []
    for verdict in replay.run(scenarios()[name]):
        service = verdict.step.service
        total[service] += 1
        right[service] += not verdict.differences
        moved += verdict.another_moment
        wrong += [f"{verdict.step.operation}: {found}" for found in verdict.differences]

    figures = {
        "recorded workspace requests": (right["quantum"], total["quantum"]),
        "recorded storage requests, signed with what was handed out": (
            right["blob"],
            total["blob"],
        ),
        "workspace requests compared in another status than the recorded": (
            moved,
            total["quantum"],
        ),
    }
    for what, (count, of) in figures.items():
        record_property("figure", (what, count, of))
    assert not wrong, "\n".join(wrong)
