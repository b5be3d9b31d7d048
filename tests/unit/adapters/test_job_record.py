from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.adapters.job_record import LARGEST_RECORD, decode, encode
from qjobs.domain.errors import InputRejectedError, ProviderRejectedError, QJobsError, Violation
from qjobs.domain.identifiers import new_job_id, owner_key
from qjobs.domain.job import Job, Status
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import TargetChoice

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
TARGET = TargetChoice(
    "t" * 100,
    "p" * 50,
    Mode.NOISY_SIMULATOR,
    f"Has the noise of {'d' * 100}. Shortest expected wait (1000000000 s), the cheapest or else "
    "the first by id of 100 with it, of the 100 available devices that can run the job and are "
    "simulated.",
    10**9,
    NOW,
    "d" * 100,
)
LARGE = Job(
    id=new_job_id(NOW),
    owner=owner_key("alice"),
    algorithm="a" * 64,
    status=Status.CANCELING,
    created_at=NOW,
    updated_at=NOW,
    retention=timedelta(days=30),
    due=NOW,
    requested_target=TargetRequest(mode=Mode.NOISY_SIMULATOR),
    shots=10**9,
    seed=2**31 - 1,
    name="🐱" * 100,
    tags=("t" * 50,) * 10,
    deadline=NOW + timedelta(days=30),
    step=999,
    placed_at=NOW,
    waiting_since=NOW,
    visits=10**6,
    circuits_done=10**6,
    circuits_total=10**6,
    estimated_completion=NOW,
    target=TARGET,
    trace_parent=f"00-{'a' * 32}-{'b' * 16}-01",
)
"""A job whose every member is as long as it can be."""
COSTLY = ["🐱", "\x7f", "\0", '"', "\\", " ", "\ud800", "é", "<", "\n", "\u2028"]
"""Characters that take more room than others, or that a header cannot have."""
CHARACTERS = st.characters(exclude_categories=()) | st.sampled_from(COSTLY)
TARGET_IDS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
TAGS = st.lists(st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,49}\Z"), max_size=10)


def texts(most: int) -> st.SearchStrategy[str]:
    """Return texts of up to *most* characters, often of one costly character alone."""
    return st.text(CHARACTERS, max_size=most) | st.sampled_from(COSTLY).map(lambda one: one * most)


JOBS = st.builds(
    lambda name, tags, requested, target: replace(
        LARGE,
        name=name,
        tags=tuple(tags),
        requested_target=TargetRequest(id=requested),
        target=target and replace(TARGET, id=target),
    ),
    st.none() | texts(100),
    TAGS,
    TARGET_IDS,
    st.none() | TARGET_IDS,
)
ERRORS = texts(700).map(ProviderRejectedError) | st.builds(
    lambda detail, pointer: InputRejectedError(detail, [Violation("No.", pointer)]),
    texts(700),
    texts(300),
)


def assert_fits(record: str) -> None:
    """Hold a record to what storage and HTTP client take as a header."""
    assert len(record) <= LARGEST_RECORD
    assert all("!" <= character <= "~" for character in record)


@given(JOBS | st.just(LARGE), ERRORS)
def test_every_record_fits_and_is_read_as_it_was(job: Job, error: QJobsError) -> None:
    """Whatever characters callers and providers use, storage takes the record."""
    for state in (job, job.canceled(NOW, error)):
        record = encode(state)
        assert_fits(record)
        failure = state.error and replace(
            state.error, detail=as_json(state.error.detail), pointer=as_json(state.error.pointer)
        )
        assert decode(record) == replace(state, name=as_json(state.name), error=failure)


def as_json[T](text: T) -> T:
    """Return a text as JSON has it, to which two halves of a character are one."""
    read: T = json.loads(json.dumps(text))
    return read


@pytest.mark.parametrize("character", COSTLY)
def test_the_largest_job_with_the_longest_reason_fits(character: str) -> None:
    """Name, tags, pointer and reason are as long as they can be, all at once."""
    error = InputRejectedError(character * 700, [Violation("No.", character * 300)])

    assert_fits(encode(replace(LARGE, name=character * 100).canceled(NOW, error)))


@pytest.mark.parametrize(
    ("detail", "kept"), [("🐱" * 500, 199), ("a " * 250, 500), ("é" * 500, 399)]
)
def test_a_reason_keeps_what_there_is_room_for(detail: str, kept: int) -> None:
    """It is cut by the bytes that it takes, and ends with an ellipsis if it was cut."""
    error = LARGE.canceled(NOW, ProviderRejectedError(detail)).error

    assert error is not None
    assert error.detail == (detail if kept == 500 else detail[:kept] + "…")


def test_a_record_that_is_too_large_is_refused() -> None:
    """Nothing that storage would refuse is sent to it."""
    with pytest.raises(ValueError, match="bytes"):
        encode(replace(LARGE, tags=("x" * 8000,)))


@pytest.mark.parametrize("text", [None, "nonsense", 5])
def test_a_record_without_a_trace_context_is_a_job(text: object) -> None:
    """An earlier version wrote none; a malformed one counts as none."""
    record = json.loads(encode(LARGE))
    missing = {name: value for name, value in record.items() if name != "traceParent"}

    assert decode(json.dumps(missing)) == replace(LARGE, trace_parent=None)
    assert decode(json.dumps({**record, "traceParent": text})) == replace(LARGE, trace_parent=None)
