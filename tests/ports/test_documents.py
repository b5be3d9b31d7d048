from __future__ import annotations

from qjobs.domain.algorithm import JSONObject
from qjobs.ports import Documents


async def test_a_document_is_read_as_it_was_written(documents: Documents) -> None:
    """Whatever JSON an algorithm leaves behind comes back unchanged."""
    document: JSONObject = {
        "text": "näme 🐱 \u2028",
        "numbers": [1, 0.1, -(2**53)],
        "none": None,
        "": {},
    }

    assert await documents.put("owner", "job", "input", document)

    assert await documents.get("owner", "job", "input") == document


async def test_a_document_is_written_once(documents: Documents) -> None:
    """The first writer's document stays, and the second is told."""
    await documents.put("owner", "job", "result", {"by": "first"})

    assert not await documents.put("owner", "job", "result", {"by": "second"})

    assert await documents.get("owner", "job", "result") == {"by": "first"}


async def test_a_document_that_was_never_written_is_none(documents: Documents) -> None:
    """Asking for what is not there is no error."""
    assert await documents.get("owner", "job", "result") is None


async def test_documents_of_other_jobs_and_owners_are_others(documents: Documents) -> None:
    """Owner, job and name together name a document."""
    await documents.put("owner", "job", "input", {})

    assert await documents.get("other", "job", "input") is None
    assert await documents.get("owner", "jo", "input") is None
    assert await documents.get("owner", "job", "step-0") is None


async def test_all_documents_of_one_job_are_deleted(documents: Documents) -> None:
    """Those of other jobs stay, whatever their names begin with; doing it twice is no error."""
    for job in ("job", "job-2"):
        for step in range(3):
            await documents.put("owner", job, f"step-{step}", {})

    for _ in range(2):
        await documents.delete("owner", "job")

    assert [await documents.get("owner", "job", f"step-{step}") for step in range(3)] == [None] * 3
    assert [await documents.get("owner", "job-2", f"step-{step}") for step in range(3)] == [{}] * 3


async def test_a_document_is_replaced_if_it_is_the_one_that_is_meant(documents: Documents) -> None:
    """Of two that replace a document one succeeds, and who comes late changes nothing."""
    await documents.put("owner", "job", "step-0", {"by": "first", "n": [1.5, None]})

    old: JSONObject = {"by": "first", "n": [1.5, None]}
    assert await documents.replace("owner", "job", "step-0", old, {"by": "second"})
    assert not await documents.replace("owner", "job", "step-0", old, {"by": "third"})

    assert await documents.get("owner", "job", "step-0") == {"by": "second"}


async def test_a_document_that_is_not_there_is_not_replaced(documents: Documents) -> None:
    """Only `put` makes a document."""
    assert not await documents.replace("owner", "job", "step-0", {}, {"by": "second"})

    assert await documents.get("owner", "job", "step-0") is None
