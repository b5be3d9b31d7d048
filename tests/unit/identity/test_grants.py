from __future__ import annotations

from dataclasses import replace

import pytest

from localdev.identity.grants import CODE_SECONDS, REFRESH_SECONDS, Grant, Grants, challenge_of
from localdev.identity.refusals import RefusedError

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
REDIRECT = "http://127.0.0.1:7077/redirect.html"
GRANT = Grant(
    client_id="page",
    user="alice",
    scopes=("openid", "api://qjobs/jobs.read"),
    nonce="n",
    redirect_uri=REDIRECT,
    challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the grants."""
    return Clock()


@pytest.fixture
def grants(clock: Clock) -> Grants:
    """Return grants of which nothing was redeemed."""
    return Grants(clock)


def redeem(grants: Grants, code: str, **changed: str) -> Grant:
    """Redeem a code as the page does, but for what is changed."""
    asked = {"client_id": "page", "redirect_uri": REDIRECT, "verifier": VERIFIER} | changed
    return grants.redeem_code(code, **asked)


def refusal(grants: Grants, code: str, **changed: str) -> tuple[str, int]:
    """Return name and number of the refusal of a code."""
    with pytest.raises(RefusedError) as refused:
        redeem(grants, code, **changed)
    return refused.value.error, refused.value.number


def test_the_challenge_is_that_of_the_standard() -> None:
    """The example of RFC 7636, appendix B."""
    assert challenge_of(VERIFIER) == GRANT.challenge


def test_a_code_is_good_for_its_grant(grants: Grants, clock: Clock) -> None:
    """Until the last moment of its minute."""
    code = grants.new_code(GRANT)
    clock.now += CODE_SECONDS - 0.1

    assert redeem(grants, code) == GRANT


def test_a_code_that_was_redeemed_is_refused(grants: Grants) -> None:
    """A code works once."""
    code = grants.new_code(GRANT)
    redeem(grants, code)

    assert refusal(grants, code) == ("invalid_grant", 54005)


def test_an_expired_code_is_refused(grants: Grants, clock: Clock) -> None:
    """A code lives a minute."""
    code = grants.new_code(GRANT)
    clock.now += CODE_SECONDS

    assert refusal(grants, code) == ("invalid_grant", 70008)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"verifier": "another" * 7}, ("invalid_grant", 501481)),
        ({"redirect_uri": "http://127.0.0.1:7077/"}, ("invalid_client", 500112)),
        ({"client_id": "another"}, ("invalid_grant", 700005)),
    ],
)
def test_a_code_of_another_request_is_refused_and_gone(
    grants: Grants, changed: dict[str, str], expected: tuple[str, int]
) -> None:
    """Who has stolen a code cannot try verifiers, and the code is of no use to anyone after it."""
    code = grants.new_code(GRANT)

    assert refusal(grants, code, **changed) == expected
    assert refusal(grants, code) == ("invalid_grant", 54005)


def test_an_unknown_code_is_refused(grants: Grants) -> None:
    """A code that was never issued is worth nothing."""
    assert refusal(grants, "made-up") == ("invalid_grant", 70000)


def test_a_refresh_token_works_once(grants: Grants) -> None:
    """One that is used again is refused, as it may have been stolen."""
    token = grants.new_refresh_token(GRANT)

    assert grants.redeem_refresh_token(token, "page")[0] == GRANT
    with pytest.raises(RefusedError, match=r"AADSTS70000: .* already redeemed"):
        grants.redeem_refresh_token(token, "page")


def test_renewing_does_not_prolong_the_sign_in(grants: Grants, clock: Clock) -> None:
    """After a day the user signs in again, however often tokens were renewed."""
    first = grants.new_refresh_token(GRANT)
    clock.now += REFRESH_SECONDS / 2
    grant, until = grants.redeem_refresh_token(first, "page")
    second = grants.new_refresh_token(grant, until)
    clock.now += REFRESH_SECONDS / 2

    with pytest.raises(RefusedError, match="AADSTS700084"):
        grants.redeem_refresh_token(second, "page")


def test_a_refresh_token_of_another_application_is_refused(grants: Grants) -> None:
    """Nor does asking redeem it."""
    token = grants.new_refresh_token(GRANT)

    with pytest.raises(RefusedError, match="AADSTS70000"):
        grants.redeem_refresh_token(token, "another")
    assert grants.redeem_refresh_token(token, "page")[0] == GRANT


def test_what_is_over_is_forgotten(grants: Grants, clock: Clock) -> None:
    """Codes that nobody redeems take no memory for ever."""
    old = grants.new_code(GRANT)
    clock.now += 3 * CODE_SECONDS
    grants.new_code(replace(GRANT, user="bob"))

    assert refusal(grants, old) == ("invalid_grant", 70000)
