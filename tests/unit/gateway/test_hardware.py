"""Where hardware is reserved, the functions are told who may not use it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.gateway.conftest import Door, bearer, opened

ALL = "jobs.read jobs.submit"


@pytest.mark.parametrize(
    ("claims", "lacks"),
    [
        ({"scp": ALL}, True),
        ({"scp": f"{ALL} jobs.hardware"}, False),
        ({"scp": f"{ALL} xjobs.hardware"}, True),
        ({"scp": f"{ALL} jobs.hardware-user"}, True),
        ({"scp": ALL, "roles": ["jobs.hardware-user"]}, True),
        ({"roles": ["jobs.submitter"]}, True),
        ({"roles": ["jobs.submitter", "jobs.hardware-user"]}, False),
        ({"roles": ["jobs.submitter", "jobs.hardware"]}, True),
        ({"roles": ["jobs.submitter", "x,jobs.hardware-user"]}, True),
    ],
)
@pytest.mark.parametrize("sent", [{}, {"x-caller-lacks": "nothing"}])
async def test_the_functions_are_told_who_lacks_the_scope(
    claims: dict[str, Any], sent: dict[str, str], *, lacks: bool
) -> None:
    """Scopes of people, roles of applications; what a client says of it does not arrive."""
    async with opened({"hardware-scope": "jobs.hardware"}) as door:
        headers = {**sent, **bearer({"oid": "alice", **claims})}
        await door.ask("POST", "/algorithms/ghz/jobs", None, json={}, headers=headers)

    (seen,) = door.backend.seen
    assert seen.headers.getall("x-caller-lacks", []) == (["jobs.hardware"] if lacks else [])


async def test_by_default_nothing_is_reserved(door: Door) -> None:
    """Whoever may submit may submit to hardware, and nobody can say otherwise of another."""
    await door.ask("POST", "/algorithms/ghz/jobs", json={}, headers={"x-caller-lacks": "forged"})

    assert "x-caller-lacks" not in door.backend.seen[0].headers
