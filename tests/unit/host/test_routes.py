"""Routes: templates, and which of several is taken."""

from __future__ import annotations

import pytest

from localdev.host.configuration import ConfigurationError, UnsupportedError
from localdev.host.keys import Level
from localdev.host.routes import Route
from localdev.host.worker import Function

ANY: frozenset[str] = frozenset()


def route(template: str, methods: frozenset[str] = ANY) -> Route:
    """Return a route of a function."""
    return Route(template, methods, Function("id", "made", ()), Level.ANONYMOUS)


def match(template: str, path: str, method: str = "GET") -> dict[str, str] | None:
    """Return the parameters of *path* under *template*, for any verb."""
    return route(template).match(method, path)


@pytest.mark.parametrize(
    ("template", "path", "expected"),
    [
        ("api/jobs", "/api/jobs", {}),
        ("api/jobs", "/API/Jobs", {}),  # case does not matter
        ("api/jobs", "/api/jobs/", {}),  # nor does a slash at the end
        ("api/jobs", "/api/jobs/1", None),
        ("api/jobs", "/api", None),
        ("api/jobs", "/api//jobs", None),
        ("", "/", {}),
        ("api/jobs/{id}", "/api/jobs/Abc", {"id": "Abc"}),
        ("api/jobs/{id}", "/api/jobs", None),
        ("api/jobs/{id}", "/api/jobs//", None),  # a parameter is never empty
        ("{a}/{b}", "/x/y", {"a": "x", "b": "y"}),
        ("api/{name}", "/api/a bé", {"name": "a bé"}),
        ("api/{name}", "/api/a%2Fb", {"name": "a%2Fb"}),
        ("api/{name}/{part}", "/api/a%2Fb", None),
    ],
)
def test_a_template_takes_a_path(template: str, path: str, expected: dict[str, str] | None) -> None:
    """A template takes the paths that ASP.NET's routing takes, with their parameters."""
    assert match(template, path) == expected


@pytest.mark.parametrize(
    "parameter",
    ["{id:int}", "{id:regex(^\\d{{3}}$)}", "{id=7}", "{id?}", "{*rest}", "{**rest}", "{id}.json"],
)
def test_a_parameter_of_which_more_is_asked(parameter: str) -> None:
    """What only the Functions host understands is refused by name, not taken for a literal."""
    with pytest.raises(UnsupportedError) as refused:
        route(f"jobs/{parameter}").rank  # noqa: B018 - looks at every segment

    assert parameter in str(refused.value)


@pytest.mark.parametrize("template", ["jobs/{id", "jobs/id}", "jobs//list", "jobs/{}", "{a{b}}"])
def test_what_is_no_template(template: str) -> None:
    """What ASP.NET refuses is refused when the route is made, not when a request comes."""
    with pytest.raises(ConfigurationError, match="no route template"):
        route(template).rank  # noqa: B018 - likewise


def test_verbs() -> None:
    """A route takes its verbs, or any if it names none."""
    posts = route("jobs", frozenset({"POST"}))

    assert posts.match("POST", "/jobs") == {}
    assert posts.match("GET", "/jobs") is None
    assert posts.match("HEAD", "/jobs") is None
    assert match("jobs", "/jobs", "PURGE") == {}


def test_the_order_in_which_routes_are_tried() -> None:
    """Literals go before parameters, and longer templates before shorter ones."""
    expected = [
        "api/jobs/first/{part}",
        "api/jobs/first",
        "api/jobs/last",
        "api/jobs/{id}/result",
        "api/jobs/{id}",
        "api/jobs",
        "api/{other}",
    ]

    for given in (expected, expected[::-1], sorted(expected)):
        tried = sorted(map(route, given), key=lambda each: each.rank)
        assert expected == [each.template for each in tried]
