from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qjobs.domain.errors import IllegalTransitionError, InvalidInputError, ProviderRejectedError
from qjobs.domain.job import FINAL, Failure, Job, Placement, Status
from qjobs.domain.messages import Message, Queue
from qjobs.domain.target import TargetRequest
from qjobs.domain.target_choice import TargetChoice

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOON = timedelta(minutes=1)
TARGET = TargetChoice("t", "p", None, "", queue_seconds=90)
JOB = Job(
    id="job",
    owner="owner",
    algorithm="bell",
    status=Status.QUEUED,
    created_at=NOW,
    updated_at=NOW,
    retention=timedelta(days=30),
    due=NOW,
    requested_target=TargetRequest(id="t"),
    shots=1,
)


def placement(step: int, circuits: int) -> Placement:
    """Return a step that is at the provider."""
    return Placement(target=TARGET, step=step, circuits=circuits)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_final_job_never_moves(status: Status) -> None:
    """Nothing that happens later changes how a job ended."""
    ended = replace(JOB, status=status)

    moves: list[Callable[[], Job]] = [
        lambda: ended.canceling(NOW, SOON),
        lambda: ended.succeeded(NOW),
        lambda: ended.failed(NOW, ProviderRejectedError()),
        lambda: ended.canceled(NOW),
        lambda: ended.submitted(NOW, placement(0, 1), SOON),
    ]
    for move in moves:
        with pytest.raises(IllegalTransitionError):
            move()


def test_a_job_that_is_canceling_can_only_be_canceled() -> None:
    """After the wish to cancel a job neither succeeds nor fails."""
    canceling = JOB.canceling(NOW, SOON)
    with pytest.raises(IllegalTransitionError):
        canceling.succeeded(NOW)
    with pytest.raises(IllegalTransitionError):
        canceling.failed(NOW, ProviderRejectedError())

    assert canceling.canceled(NOW).status is Status.CANCELED


def test_an_ended_job_is_never_due() -> None:
    """Reconciliation has nothing to do with a job that ended."""
    assert JOB.canceled(NOW).due is None
    assert JOB.failed(NOW, ProviderRejectedError()).due is None


def test_a_failure_has_a_bounded_detail() -> None:
    """However much a provider has to say, the record stays small."""
    failed = JOB.failed(NOW, ProviderRejectedError("x" * 10_000))

    assert failed.error is not None
    assert len(failed.error.detail) == 500


@pytest.mark.parametrize("length", [499, 500])
def test_a_detail_that_fits_is_kept(length: int) -> None:
    """Nothing is cut off that there is room for."""
    failed = JOB.failed(NOW, ProviderRejectedError("x" * length))

    assert failed.error is not None
    assert failed.error.detail == "x" * length


def test_a_failure_says_what_its_error_says() -> None:
    """Code and title are the error's; the pointer is that of the first violation that has one."""
    error = InvalidInputError.of("Too many.", pointer="/input/pairs")

    failed = JOB.failed(NOW, error)

    assert failed.error == Failure(error.code, error.title(), error.detail, "/input/pairs")
    assert Failure.of(ProviderRejectedError("No.")).pointer is None


MOVES: dict[str, Callable[[Job, datetime], Job]] = {
    "canceling": lambda job, now: job.canceling(now, SOON),
    "canceled": lambda job, now: job.canceled(now),
    "succeeded": lambda job, now: job.succeeded(now),
    "failed": lambda job, now: job.failed(now, ProviderRejectedError()),
    "submitted": lambda job, now: job.submitted(now, placement(0, 2), SOON),
    "submitted again": lambda job, now: job.submitted(now, placement(1, 2), SOON),
    "progressed": lambda job, now: job.progressed(now, 1, running=True, within=SOON),
    "put back": lambda job, now: job.put_back(now, SOON),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_every_change_is_dated(move: Callable[[Job, datetime], Job]) -> None:
    """The record says when it last changed, and when it ended if that was its end."""
    later = NOW + SOON

    moved = move(JOB, later)

    assert moved.updated_at == later
    assert moved.finished_at == (later if moved.final else None)
    assert moved.due == (None if moved.final else later + SOON)


def test_an_ended_job_is_not_expected_any_more() -> None:
    """What was estimated while it ran is not shown beside its end."""
    placed = JOB.submitted(NOW, placement(0, 2), SOON)
    assert placed.estimated_completion == NOW + timedelta(seconds=TARGET.queue_seconds)

    for ended in (placed.succeeded(NOW), placed.canceled(NOW)):
        assert ended.estimated_completion is None


def test_circuits_are_counted_anew_in_each_step() -> None:
    """None is done when a step begins; all are when the job has succeeded."""
    first = JOB.submitted(NOW, placement(0, 3), SOON)
    assert (first.status, first.circuits_done, first.circuits_total) == (Status.SUBMITTED, 0, 3)

    working = first.progressed(NOW, 2, running=True, within=SOON)
    assert (working.status, working.circuits_done) == (Status.RUNNING, 2)
    assert first.progressed(NOW, 0, running=False, within=SOON).status is Status.SUBMITTED

    second = working.submitted(NOW, placement(1, 5), SOON)
    assert (second.status, second.step) == (Status.RUNNING, 1)
    assert (second.circuits_done, second.circuits_total) == (0, 5)
    assert second.succeeded(NOW).circuits_done == 5


def test_a_deadline_has_passed_when_it_is_reached() -> None:
    """The moment itself is too late."""
    job = replace(JOB, deadline=NOW + SOON)

    assert not job.is_past_deadline(NOW)
    assert job.is_past_deadline(NOW + SOON)
    assert not JOB.is_past_deadline(NOW + SOON)


def test_the_message_of_a_job_is_for_where_it_stands() -> None:
    """A job that is to be started is dispatched; one at the provider or canceling is tracked."""
    placed = JOB.submitted(NOW, placement(0, 1), SOON)

    assert JOB.message() == Message(Queue.DISPATCH, "owner", "job", 0)
    assert placed.message().queue is Queue.TRACK
    assert JOB.canceling(NOW, SOON).message().queue is Queue.TRACK


def test_a_message_is_decoded_as_it_was_encoded() -> None:
    """What travels through a queue arrives."""
    message = Message(Queue.TRACK, "owner", "job", 3, attempt=2, visits=5)

    assert Message.decode(message.encode()) == message
    assert message.encode().isascii()


def test_the_format_of_messages_stays() -> None:
    """Messages that wait in a queue while a new version is deployed are understood by it."""
    text = (
        '{"version": 1, "kind": "qjobs-track", "owner": "owner", "job_id": "job", "step": 3, '
        '"attempt": 2, "visits": 5, "failures": 1}'
    )
    before = text.replace(', "failures": 1', "")

    assert Message(Queue.TRACK, "owner", "job", 3, attempt=2, visits=5, failures=1).encode() == text
    revived = Message(Queue.TRACK, "owner", "job", 3, revivals=7)
    assert Message.decode(revived.encode()) == revived
    assert Message.decode(before) == Message(Queue.TRACK, "owner", "job", 3, attempt=2, visits=5)


def test_an_ended_job_is_due_until_it_is_withdrawn() -> None:
    """Only the mark goes then: whatever its caller sees has its last value from the end on."""
    for ended in (JOB.failed(NOW, ProviderRejectedError(), NOW + SOON), JOB.canceled(NOW, due=NOW)):
        assert ended.withdrawing
        assert ended.message().queue is Queue.TRACK
        assert not ended.withdrawn().withdrawing
        assert ended.withdrawn() == replace(ended, due=None)
    assert not JOB.withdrawing


def test_a_job_says_since_when_its_provider_does_not_answer() -> None:
    """The first request that failed counts, until one is answered."""
    waiting = JOB.unanswered(NOW).unanswered(NOW + SOON)

    assert waiting.waiting_since == NOW
    assert waiting.submitted(NOW, placement(0, 2), SOON).waiting_since is None
    assert waiting.progressed(NOW, 0, running=False, within=SOON).waiting_since is None
    assert waiting.canceled(NOW).waiting_since is None


@pytest.mark.parametrize(
    "text",
    ["", "x", "null", "[]", "{}", '{"version": 2}', '{"version": 1, "kind": "qjobs-track"}'],
)
def test_another_text_is_no_message(text: str) -> None:
    """What was not encoded by this version is refused."""
    with pytest.raises(ValueError, match=r".*"):
        Message.decode(text)
