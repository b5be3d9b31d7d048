from __future__ import annotations

import pytest

from qjobs.adapters.circuit_breaker import CircuitBreaker
from qjobs.domain.errors import (
    ProviderRejectedError,
    ProviderUnavailableError,
    UnknownProviderJobError,
)


class Time:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


@pytest.fixture
def time() -> Time:
    """Return the time of the breaker."""
    return Time()


@pytest.fixture
def breaker(time: Time) -> CircuitBreaker:
    """Return a breaker that opens after three failures."""
    return CircuitBreaker(threshold=3, now=time)


def fail(breaker: CircuitBreaker, retry_after: float | None = None) -> None:
    """Let a call through that does not succeed."""
    with pytest.raises(ProviderUnavailableError, match="not there"), breaker.call():
        raise ProviderUnavailableError("not there", retry_after)


def succeed(breaker: CircuitBreaker) -> None:
    """Let a call through that succeeds."""
    with breaker.call():
        pass


def left(breaker: CircuitBreaker) -> float | None:
    """Return the seconds for which a call is refused, None if it is not."""
    try:
        breaker.check()
    except ProviderUnavailableError as refused:
        return refused.retry_after
    return None


def test_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    """Two are let be; after three, no call goes through and each is told when."""
    fail(breaker)
    fail(breaker)
    assert left(breaker) is None

    fail(breaker)

    assert left(breaker) == 1
    with pytest.raises(ProviderUnavailableError), breaker.call():
        pytest.fail("it went through")


def test_a_success_starts_the_count_again(breaker: CircuitBreaker) -> None:
    """What fails now and then is not in trouble."""
    for _ in range(5):
        fail(breaker)
        fail(breaker)
        succeed(breaker)

    assert left(breaker) is None


@pytest.mark.parametrize("error", [ProviderRejectedError, UnknownProviderJobError, ValueError])
def test_an_error_that_is_a_response_counts_as_one(
    breaker: CircuitBreaker, error: type[Exception]
) -> None:
    """A service that refuses a job is there."""
    for _ in range(5):
        with pytest.raises(error), breaker.call():
            raise error

    assert left(breaker) is None


@pytest.mark.parametrize(("asked", "open_for"), [(1.5, 1.5), (120, 120), (86_400, 300)])
def test_a_retry_after_opens_it_at_once(
    breaker: CircuitBreaker, asked: float, open_for: float
) -> None:
    """It is open for as long as the service asked, up to five minutes."""
    fail(breaker, asked)

    assert left(breaker) == open_for


def test_one_call_finds_out_whether_it_can_close(breaker: CircuitBreaker, time: Time) -> None:
    """While it tries the others are refused; when it succeeds all go through."""
    fail(breaker, 10)
    time.seconds += 4
    assert left(breaker) == 6
    time.seconds += 6

    with breaker.call():
        assert left(breaker) == 2

    assert left(breaker) is None
    fail(breaker)
    fail(breaker)
    assert left(breaker) is None


def test_it_stays_open_for_longer_each_time(breaker: CircuitBreaker, time: Time) -> None:
    """Twice as long as before, up to a minute."""
    for _ in range(3):
        fail(breaker)
    pauses = []
    for _ in range(9):
        pauses.append(left(breaker) or 0)
        time.seconds += pauses[-1]
        fail(breaker)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_try_that_is_given_up_lets_another_one_try(breaker: CircuitBreaker, time: Time) -> None:
    """A call that is cancelled says nothing about the service."""
    fail(breaker, 10)
    time.seconds += 10

    with pytest.raises(KeyboardInterrupt), breaker.call():
        raise KeyboardInterrupt

    assert left(breaker) is None
    fail(breaker)
    assert left(breaker) == 20


def test_calls_that_began_before_do_not_count_twice(breaker: CircuitBreaker, time: Time) -> None:
    """A wave of calls that fail together opens it once, and one that succeeds late closes nothing.

    A later Retry-After that is longer counts.
    """
    success, failure, throttled = breaker.call(), breaker.call(), breaker.call()
    for call in (success, failure, throttled):
        call.__enter__()
    fail(breaker, 10)

    success.__exit__(None, None, None)
    assert left(breaker) == 10
    for call, asked, expected in ((failure, None, 10), (throttled, 30, 30)):
        error = ProviderUnavailableError(retry_after=asked)
        assert not call.__exit__(type(error), error, None)
        assert left(breaker) == expected
    time.seconds += 30
    succeed(breaker)
    assert left(breaker) is None
