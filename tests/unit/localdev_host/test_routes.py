"""Routes: templates, constraints, and which of several is taken."""

from __future__ import annotations

import pytest

from localdev.host.routes import Route, TemplateError, ordered

ANY: frozenset[str] = frozenset()
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def match(template: str, path: str, method: str = "GET") -> dict[str, str] | None:
    """Return the parameters of *path* under *template*, for any verb."""
    return Route(template, ANY).match(method, path)


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
        ("api/jobs/{id?}", "/api/jobs", {}),
        ("api/jobs/{id?}", "/api/jobs/1", {"id": "1"}),
        ("api/jobs/{id=7}", "/api/jobs", {"id": "7"}),
        ("api/jobs/{id:int=7}", "/api/jobs/8", {"id": "8"}),
        ("api/jobs/{id:int?}", "/api/jobs/x", None),
        ("files/{*path}", "/files/a/b", {"path": "a/b"}),
        ("files/{**path}", "/files/a/b", {"path": "a/b"}),
        ("files/{*path}", "/files", {}),  # what is null is not passed on
        ("files/{*path:int}", "/files/a", None),
        ("api/{name}", "/api/a%20b%C3%A9", {"name": "a bé"}),
        ("api/{name}", "/api/a%2Fb", {"name": "a%2Fb"}),  # a slash stays encoded, as in Kestrel
        ("api/{name}/{part}", "/api/a%2Fb", None),
    ],
)
def test_a_template_takes_a_path(template: str, path: str, expected: dict[str, str] | None) -> None:
    """A template takes the paths that ASP.NET's routing takes, with their parameters."""
    assert match(template, path) == expected


@pytest.mark.parametrize(
    ("constraint", "taken", "refused"),
    [
        ("int", ["0", "-5", "2147483647"], ["2147483648", "1.5", "x", "1_0"]),
        ("long", ["9223372036854775807"], ["9223372036854775808"]),
        ("bool", ["true", "FALSE"], ["1", "yes"]),
        ("guid", [GUID, GUID.upper(), GUID.replace("-", "")], ["1", GUID[:-1], "-" + GUID]),
        ("alpha", ["abC"], ["a1", "é"]),
        ("decimal", ["1", "-1.5", ".5"], ["x", "nan", "1_0"]),
        ("double", ["1", "-1.5e3"], ["x", "1_0"]),
        ("float", ["1.25"], ["x"]),
        ("datetime", ["2026-11-20", "2026-11-20T10:00:00"], ["soon"]),
        ("required", ["x"], []),
        ("min(3)", ["3", "10"], ["2", "x"]),
        ("max(3)", ["3", "-10"], ["4", "x"]),
        ("range(2,4)", ["2", "4"], ["1", "5", "x"]),
        ("minlength(2)", ["ab"], ["a"]),
        ("maxlength(2)", ["ab"], ["abc"]),
        ("length(2)", ["ab"], ["a", "abc"]),
        ("length(2,3)", ["ab", "abc"], ["a", "abcd"]),
        ("regex(^a(b|c)$)", ["ab", "AC"], ["ad", "xab"]),
        ("regex(^\\d{{3}}$)", ["123"], ["12", "1234"]),
        ("alpha:maxlength(2)", ["ab"], ["abc", "a1"]),
    ],
)
def test_constraints(constraint: str, taken: list[str], refused: list[str]) -> None:
    """A constraint lets a value through, or the path belongs to another route."""
    template = f"jobs/{{id:{constraint}}}"

    assert taken == [value for value in taken if match(template, f"/jobs/{value}")]
    assert [value for value in refused if match(template, f"/jobs/{value}")] == []


@pytest.mark.parametrize(
    "template",
    [
        "jobs/{id}.json",
        "jobs/{id:file}",
        "jobs/{id:int!}",
        "jobs/{id:min(a)}",
        "jobs/{id:range(1)}",
        "jobs/{id:length(x)}",
        "jobs/{id:regex([)}",
        "jobs/{id:min}",
        "jobs/{id:int(3)}",
        "jobs/{*rest}/more",
        "jobs/{id?}/more",
        "jobs/{id",
        "jobs/id}",
    ],
)
def test_unsupported_templates(template: str) -> None:
    """What is not understood is refused when the route is made, not when a request comes."""
    with pytest.raises(TemplateError):
        ordered([(Route(template, ANY), None)])


def test_verbs() -> None:
    """A route takes its verbs, or any if it names none."""
    posts = Route("jobs", frozenset({"POST"}))

    assert posts.match("POST", "/jobs") == {}
    assert posts.match("GET", "/jobs") is None
    assert posts.match("HEAD", "/jobs") is None
    assert match("jobs", "/jobs", "PURGE") == {}


def test_the_order_in_which_routes_are_tried() -> None:
    """Literals go before parameters, more constraints and longer templates first."""
    expected = [
        "api/jobs/first/{part}",
        "api/jobs/first",
        "api/jobs/last",
        "api/jobs/{id:int:min(3)}",
        "api/jobs/{id:int}",
        "api/jobs/{id}/result",
        "api/jobs/{id}",
        "api/jobs/{*rest}",
        "api/jobs",
        "api/{other}",
    ]

    for given in (expected, expected[::-1], sorted(expected)):
        tried = ordered([(Route(template, ANY), None) for template in given])
        assert expected == [route.template for route, _ in tried]
