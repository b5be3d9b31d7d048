from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest

from qjobs.adapters.blob_container import BlobContainer
from qjobs.adapters.blob_job_store import BlobJobStore
from qjobs.adapters.job_record import encode
from qjobs.adapters.storage import StorageAccount
from qjobs.domain import times
from qjobs.domain.errors import UnreadableRecordError
from tests.fakes import START
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
    """What cannot be read, such as a record of a newer version, is left out, and logged once."""
    records = BlobContainer(account, f"jobs-{uuid.uuid4().hex}")
    store = BlobJobStore(records, records)
    jobs = [new_job(0), new_job(2)]
    lost = new_job(1)
    text = (
        json.dumps({**json.loads(encode(lost)), **damage}) if isinstance(damage, dict) else damage
    )
    metadata = {"record": text.replace(" ", "")} if text else {}
    await records.create(f"owner/{lost.id}", "{}", metadata, {"due": times.to_text(START)})
    for job in jobs:
        await store.create(job, REQUEST)

    for _ in range(2):
        page = await store.page("owner", EVERYTHING, 10, None)
        assert list(page.jobs) == jobs[::-1]
        late = await store.overdue(START + timedelta(hours=1), 10)
        assert {stored.job.id for stored in late} == {job.id for job in jobs}
        assert {stored.job.id for stored in await store.walk()} == {job.id for job in jobs}

    [said] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert lost.id in said.getMessage()
    assert said.exc_info is None
    with pytest.raises(UnreadableRecordError):
        await store.get("owner", lost.id)
    with pytest.raises(UnreadableRecordError):
        await store.read("owner", lost.id)
