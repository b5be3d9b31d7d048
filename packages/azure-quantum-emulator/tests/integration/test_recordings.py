"""Recorded traffic of the real service, replayed against the emulator and Azurite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import httpx
import pytest
from azure.storage.blob import AccountSasPermissions, BlobServiceClient, ResourceTypes
from azure.storage.blob import generate_account_sas as sign

from azure_quantum_emulator.supervision.azurite import ACCOUNT, ACCOUNT_KEY
from azure_quantum_emulator.testing import RunningEmulator
from emulator_support.patience import PATIENCE
from emulator_support.recordings import scenarios
from emulator_support.replay import DEVIATIONS, Replay

pytestmark = pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")


@pytest.fixture(scope="module")
def replay(emulator: RunningEmulator, azurite: str) -> Iterator[Replay]:
    """Return what replays scenarios."""
    account = BlobServiceClient.from_connection_string(azurite)
    everything = AccountSasPermissions.from_string("rwlac")  # type: ignore[no-untyped-call] # the SDK
    kinds = ResourceTypes(service=True, container=True, object=True)
    expiry = "2100-01-01T00:00:00Z"
    signature = sign(ACCOUNT, ACCOUNT_KEY, kinds, everything, expiry)
    with httpx.Client(params=dict(parse_qsl(signature)), timeout=PATIENCE) as blobs:
        yield Replay(emulator, account.url, blobs)
    account.close()


@pytest.mark.parametrize("name", scenarios())
def test_a_recorded_scenario_is_answered_as_it_was(
    replay: Replay, name: str, record_property: Callable[[str, object], None]
) -> None:
    """Each request gets the recorded status, and an answer of the recorded shape."""
    right, total, deliberate = Counter[str](), Counter[str](), Counter[str]()
    wrong = []
    for step, differences in replay.run(scenarios()[name]):
        total[step.service] += 1
        if not differences:
            right[step.service] += 1
        elif step.operation in DEVIATIONS:
            deliberate[step.operation] += 1
        else:
            wrong.append(f"{step.operation}: {'; '.join(differences)}")

    record_property("figure", ("recorded workspace requests", right["quantum"], total["quantum"]))
    record_property("figure", ("recorded storage requests", right["blob"], total["blob"]))
    for operation, count in deliberate.items():
        record_property("figure", (f"deviations ({DEVIATIONS[operation]})", count, total["blob"]))
    assert not wrong, "\n".join(wrong)


def test_every_deviation_has_its_case() -> None:
    """A deviation that is listed is one of a recorded operation of the storage account."""
    operations = {step.operation for steps in scenarios().values() for step in steps}
    assert set(DEVIATIONS) <= operations
