"""Front Door lets through what belongs to the API, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.bicep.frames import Tree
from tools.bicep.snapshot import Later, variable

APP = Path(__file__).parents[2] / "infra" / "app"


def read(name: str) -> str:
    """Return a template."""
    return (APP / name).read_text(encoding="utf-8")


def test_the_path_is_that_of_the_api() -> None:
    """The route, and the address that callers get, begin with the path of the imported API."""
    (path,) = re.findall(r"^    path: '(\w+)'$", read("gateway/api.bicep"), re.MULTILINE)
    (address,) = re.findall(r"door!\.outputs\.host\}/(\w+)'", read("main.bicep"))

    assert f"patternsToMatch: ['/{path}', '/{path}/*']" in read("front-door.bicep")
    assert address == path


def test_front_door_waits_longer_than_the_gateway() -> None:
    """Who waits for a job gets the gateway's answer, which says what happened."""
    policy = (APP.parents[1] / "apim" / "policies" / "api.xml").read_text(encoding="utf-8")
    gateway = max(map(int, re.findall(r'<forward-request timeout="(\d+)"', policy)))
    (door,) = re.findall(r"originResponseTimeoutSeconds: (\d+)", read("front-door.bicep"))

    assert int(door) > gateway


@pytest.mark.parametrize(
    ("host", "given"), [("api.example.com", "api.example.com"), ("", ""), ("auto", "")]
)
def test_callers_go_to_a_host_that_is_one(host: str, given: str) -> None:
    """`auto`, the default of the named value, means the gateway's own host."""
    parameters = {"gatewayValues": {"public-host": host}}

    assert variable(APP / "main.bicep", Tree(APP.parents[1]), parameters, "givenHost") == given
    urls = re.findall(r"^var apiUrl = (.+)$", read("main.bicep"), re.MULTILINE)
    assert urls == ["empty(givenHost) ? usualUrl : 'https://${givenHost}/quantum'"]


@pytest.mark.parametrize(
    ("host", "own"), [("api.example.com", False), ("", True), ("auto", True), (None, True)]
)
def test_no_request_says_where_links_lead(host: str | None, *, own: bool) -> None:
    """A deployment gives the gateway a host: the one that is set, else its own."""
    values = {} if host is None else {"public-host": host}
    template, parameters = APP / "gateway" / "values.bicep", {"values": values, "twoRegions": False}

    given = variable(template, Tree(APP.parents[1]), parameters, "given")

    assert isinstance(given, dict)
    assert given["public-host"] == (Later.KNOWN if own else host)
