"""The state machine of sessions, as recorded and documented."""

from __future__ import annotations

import pytest

from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.sessions import FailurePolicy, Session
from emulator_support.items import session


def after(steps: str, policy: FailurePolicy = FailurePolicy.ABORT) -> Session:
    """Return a session after j(ob), s(uccess), f(ailure), c(lose) and t(imeout)."""
    current = session(policy=policy)
    for now, step in enumerate(steps, start=1):
        match step:
            case "j":
                current = current.joined(now)
            case "s" | "f":
                current = current.left(now, failed=step == "f", cost=0.5)
            case "c":
                current = current.closed(now)
            case "t":
                current = current.timed_out(now)
    return current


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ("", "Waiting"),
        ("j", "Executing"),
        ("js", "Executing"),
        ("jsc", "Succeeded"),
        ("c", "Succeeded"),
        ("jc", "Executing"),
        ("jcs", "Succeeded"),
        ("jjcs", "Executing"),
        ("jf", "Failed"),
        ("jjfs", "Failed"),
        ("jcf", "Failed"),
        ("t", "TimedOut"),
        ("jst", "TimedOut"),
    ],
)
def test_a_session_that_aborts(steps: str, status: str) -> None:
    """With the policy Abort the first failure ends the session."""
    assert after(steps).status == status


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ("jf", "Failure(s)"),
        ("jfj", "Failure(s)"),
        ("jfjs", "Failure(s)"),
        ("jfc", "Failed"),
        ("jfjcs", "Failed"),
        ("jfjc", "Failure(s)"),
        ("jsc", "Succeeded"),
        ("jft", "TimedOut"),
    ],
)
def test_a_session_that_continues(steps: str, status: str) -> None:
    """With the policy Continue failures show, and count when it is closed."""
    assert after(steps, FailurePolicy.CONTINUE).status == status


@pytest.mark.parametrize("steps", ["c", "jf", "jc", "t"])
def test_a_session_that_is_over_takes_no_job(steps: str) -> None:
    """Nor does one that is being closed."""
    with pytest.raises(InvalidRequestError, match="terminal state"):
        after(steps + "j")


def test_the_end_is_when_the_last_job_ended() -> None:
    """A session that waits for its jobs has no end before."""
    assert after("jc").ended is None
    assert after("jcs").ended == 3


def test_closing_again_changes_nothing() -> None:
    """A session ends once."""
    assert after("jscc") == after("jsc")


def test_a_session_costs_what_its_jobs_cost() -> None:
    """Before the first job nothing is known of costs."""
    assert after("").cost is None
    assert after("jsjs").cost == 1.0
