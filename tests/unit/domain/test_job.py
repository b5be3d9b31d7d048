from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qjobs.domain.errors import IllegalTransitionError, ProviderRejectedError
from qjobs.domain.job import FINAL, Job, Status
from qjobs.domain.messages import Message, Queue
from qjobs.domain.target import TargetChoice, TargetRequest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOON = timedelta(minutes=1)
JOB = Job(
    id="job",
    owner="owner",
    algorithm="bell",
    status=Status.QUEUED,
    created_at=NOW,
    updated_at=NOW,
    expires_at=NOW,
    due=NOW,
    requested_target=TargetRequest(id="t"),
    shots=1,
)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_final_job_never_moves(status: Status) -> None:
    """Nothing that happens later changes how a job ended."""
    ended = replace(JOB, status=status)

    moves: list[Callable[[], Job]] = [
        lambda: ended.canceling(NOW, SOON),
        lambda: ended.succeeded(NOW),
        lambda: ended.failed(NOW, ProviderRejectedError()),
        lambda: ended.canceled(NOW),
        lambda: ended.submitted(NOW, TargetChoice("t", "p", None, ""), 0, 1, SOON),
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


def test_the_message_of_a_job_is_for_where_it_stands() -> None:
    """A job that is to be started is dispatched; one at the provider or canceling is tracked."""
    placed = JOB.submitted(NOW, TargetChoice("t", "p", None, ""), 0, 1, SOON)

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
        '"attempt": 2, "visits": 5}'
    )

    assert Message(Queue.TRACK, "owner", "job", 3, attempt=2, visits=5).encode() == text


@pytest.mark.parametrize(
    "text",
    ["", "x", "null", "[]", "{}", '{"version": 2}', '{"version": 1, "kind": "qjobs-track"}'],
)
def test_another_text_is_no_message(text: str) -> None:
    """What was not encoded by this version is refused."""
    with pytest.raises(ValueError, match=r".*"):
        Message.decode(text)
