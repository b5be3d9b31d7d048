from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.identifiers import is_job_id, new_job_id, owner_key, provider_job_id

moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2500, 1, 1),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
)


@given(moments, st.integers(min_value=1, max_value=10**15))
def test_a_later_job_sorts_first(moment: datetime, microseconds: int) -> None:
    """Sorted by their text, job ids are in the order newest first."""
    later = moment + timedelta(microseconds=microseconds)

    assert new_job_id(later) < new_job_id(moment)


@given(moments)
def test_a_job_id_is_a_uuid_of_version_8(moment: datetime) -> None:
    """Any UUID library accepts a job id."""
    job_id = new_job_id(moment)

    assert is_job_id(job_id)
    assert (UUID(job_id).version, UUID(job_id).variant) == (8, "specified in RFC 4122")


def test_ids_of_the_same_moment_differ() -> None:
    """Many jobs accepted in one microsecond have different ids."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    assert len({new_job_id(moment) for _ in range(1000)}) == 1000


@given(st.text())
def test_other_texts_are_no_job_ids(text: str) -> None:
    """What is no UUID is no job id."""
    assert not is_job_id(text)


def test_provider_ids_follow_from_job_step_and_index() -> None:
    """The same circuit always has the same provider id, another circuit another one."""
    ids = {provider_job_id("job", step, index) for step in range(12) for index in range(12)}

    assert len(ids) == 144
    assert provider_job_id("job", 1, 1) in ids


def test_an_owner_key_tells_nothing_of_the_caller() -> None:
    """A caller's name does not show in storage, and callers do not share a key."""
    assert owner_key("alice@example.com") != owner_key("bob@example.com")
    assert "alice" not in owner_key("alice@example.com")
