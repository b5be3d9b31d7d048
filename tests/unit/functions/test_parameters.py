from __future__ import annotations

import azure.functions as func
import pytest

from functions.endpoint import endpoint
from functions.parameters import QUERY, check_query
from qjobs.domain.errors import InvalidParameterError
from tests.openapi import contract

ALL_OF_A_LIST = "algorithm, continuationToken, status, tag, top"


def request(query: str) -> func.HttpRequest:
    """Return a request as the host hands it over: its parameters are only in its URL."""
    return func.HttpRequest("GET", f"http://host/api/jobs{query}", body=b"")


def refused(operation: str, query: str) -> dict[str | None, str]:
    """Return what is wrong with each parameter of a query."""
    with pytest.raises(InvalidParameterError) as error:
        check_query(request(query), operation)
    return {one.parameter: one.detail for one in error.value.violations}


@pytest.mark.parametrize(
    ("operation", "query", "names"),
    [
        ("list_jobs", "?status=", ["status"]),
        ("list_jobs", "?status", ["status"]),
        ("list_jobs", "?top=5&tag=&algorithm", ["tag", "algorithm"]),
        ("list_jobs", "?state=Failed&limit=1", ["state", "limit"]),
        ("list_jobs", "?Status=Failed", ["Status"]),
        ("list_jobs", "?top=1&top=2", ["top"]),
        ("list_jobs", "?top=&top=1", ["top"]),
        ("list_jobs", "?%74op=1&top=1", ["top"]),
        ("list_jobs", "?top=1;tag=x&tag[]=x", ["tag[]"]),
        ("list_jobs", "?=1", [""]),
        ("list_jobs", "?api-version=2026-01-01", ["api-version"]),
        ("get_job", "?top=5", ["top"]),
        ("list_targets", "?x=1", ["x"]),
        ("submit_job", "?input=1", ["input"]),
        ("an operation of tomorrow", "?x", ["x"]),
    ],
)
def test_what_an_operation_does_not_take_is_refused_by_name(
    operation: str, query: str, names: list[str]
) -> None:
    """Unknown, empty and repeated parameters are named, each of them."""
    assert list(refused(operation, query)) == names


@pytest.mark.parametrize("name", ["api-version", "API-Version"])
def test_a_version_is_refused_with_the_reason(name: str) -> None:
    """Whoever chooses a version, as Azure's clients do, learns that there are none."""
    assert refused("get_job", f"?{name}=2026-01-01") == {
        name: "There are no versions of the API to choose from; leave it out."
    }


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("list_jobs", ""),
        ("list_jobs", "?"),
        ("list_jobs", "?&&top=5&"),
        ("list_jobs", "?status=Failed&algorithm=ghz&tag=a&top=5&continuationToken=x"),
        ("list_jobs", "?tag=%C3%BC"),
        ("list_targets", "?code=a-key&clientId=default&subscription-key=b"),
        ("list_targets", "?code="),
    ],
)
def test_what_an_operation_takes_is_let_pass(operation: str, query: str) -> None:
    """An operation's own parameters are fine, and so are the keys of the platform in front."""
    check_query(request(query), operation)


def test_a_refusal_says_what_would_be_right() -> None:
    """Each kind of mistake has its own words, and the parameters that there are."""
    assert refused("list_jobs", "?limit=1&status&top=1&top=1") == {
        "limit": f"Unknown parameter; this operation has: {ALL_OF_A_LIST}.",
        "status": "Must not be empty; leave it out.",
        "top": "Must not be there more than once.",
    }
    assert refused("list_targets", "?x=1") == {"x": "Unknown parameter; this operation has none."}


def test_a_thousand_parameters_are_answered_in_a_few_lines() -> None:
    """What is told is bounded, in number and in length."""
    told = refused("list_jobs", "?" + "&".join(f"{'x' * 500}{one}" for one in range(1000)))

    assert len(told) <= 20
    assert all(len(name or "") <= 200 for name in told)


async def test_every_operation_is_checked_before_it_does_anything() -> None:
    """The decorator of the functions checks the query, also of one that has no parameters."""

    @endpoint
    async def list_targets(req: func.HttpRequest) -> func.HttpResponse:
        pytest.fail("the operation is not reached")

    assert (await list_targets(request("?x=1"))).status_code == 400


def test_the_parameters_are_those_of_the_contract() -> None:
    """Each operation takes the query parameters that the contract has for it."""
    documented = {
        operation["operationId"].replace("-", "_"): frozenset(
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        )
        for path in contract()["paths"].values()
        for operation in path.values()
    }

    assert {name: names for name, names in documented.items() if names} == QUERY
