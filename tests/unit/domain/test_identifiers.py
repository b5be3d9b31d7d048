from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.identifiers import (
    creation_time,
    new_job_id,
    owner_key,
    provider_job_id,
    uuid_in_lower_case,
)

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
def test_a_job_id_says_when_the_job_was_created(moment: datetime) -> None:
    """To the microsecond."""
    assert creation_time(new_job_id(moment)) == moment


@given(moments)
def test_a_job_id_is_a_uuid_of_version_8(moment: datetime) -> None:
    """Any UUID library accepts a job id."""
    job_id = new_job_id(moment)

    assert uuid_in_lower_case(job_id) == job_id
    assert (UUID(job_id).version, UUID(job_id).variant) == (8, "specified in RFC 4122")


def test_ids_of_the_same_moment_differ() -> None:
    """Many jobs accepted in one microsecond have different ids."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    assert len({new_job_id(moment) for _ in range(1000)}) == 1000


@given(st.uuids())
def test_a_uuid_of_any_version_is_one_in_any_case(some: UUID) -> None:
    """Whoever made it, and in capitals or not, a UUID has one spelling here."""
    assert uuid_in_lower_case(str(some)) == uuid_in_lower_case(str(some).upper()) == str(some)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "f0000000-0000-8000-8000-00000000000",
        "f0000000-0000-8000-8000-0000000000000",
        "g0000000-0000-8000-8000-000000000000",
        "f0000000000080008000000000000000",
        "{f0000000-0000-8000-8000-000000000000}",
        "urn:uuid:f0000000-0000-8000-8000-000000000000",
        " f0000000-0000-8000-8000-000000000000",
        "f0000000-0000-8000-8000-000000000000\n",
        "f0000000-0000-8000-8000-00000000000\uff10",
        "../f0000000-0000-8000-8000-000000000000",
    ],
)
def test_another_text_is_no_uuid(text: str) -> None:
    """Only the form with four hyphens is one; others would be several spellings of an address."""
    assert uuid_in_lower_case(text) is None


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    """No text makes the check fail, and hardly any is a UUID."""
    assert uuid_in_lower_case(text) is None


def test_provider_ids_follow_from_job_step_and_index() -> None:
    """The same circuit always has the same provider id, another circuit another one."""
    ids = {provider_job_id("job", step, index) for step in range(12) for index in range(12)}

    assert len(ids) == 144
    assert provider_job_id("job", 1, 1) in ids


def test_an_owner_key_tells_nothing_of_the_caller() -> None:
    """A caller's name does not show in storage, and callers do not share a key."""
    assert owner_key("alice@example.com") != owner_key("bob@example.com")
    assert "alice" not in owner_key("alice@example.com")
