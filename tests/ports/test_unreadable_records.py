from __future__ import annotations

import json
import uuid

import pytest

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_job_store import BlobJobStore, UnreadableRecordError
from qjobs.adapters.job_record import encode
from qjobs.adapters.storage import StorageAccount
from tests.ports.test_job_store import EVERYTHING, REQUEST, new_job


@pytest.mark.parametrize(
    "damage",
    [
        None,
        "no-json",
        "[]",
        '{"version":1}',
        {"version": 9},
        {"version": None},
        {"status": "Unheard"},
        {"requestedTarget": None},
        {"createdAt": "soon"},
        {"due": 5},
    ],
)
async def test_an_unreadable_record_hides_no_other(
    account: StorageAccount,
    damage: str | dict[str, object] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A list leaves out what cannot be read, such as a record of a newer version, and logs it."""
    records = BlobContainer(account, f"jobs-{uuid.uuid4().hex}")
    store = BlobJobStore(records, records)
    jobs = [new_job(0), new_job(2)]
    lost = new_job(1)
    text = (
        json.dumps({**json.loads(encode(lost)), **damage}) if isinstance(damage, dict) else damage
    )
    metadata = {"record": text.replace(" ", "")} if text else {}
    await records.create(f"owner/{lost.id}", "{}", metadata)
    for job in jobs:
        await store.create(job, REQUEST)

    page = await store.page("owner", EVERYTHING, 10, None)

    assert list(page.jobs) == jobs[::-1]
    assert lost.id in caplog.text
    with pytest.raises(UnreadableRecordError):
        await store.get("owner", lost.id)
