"""HTTP functions behind the host: keys, routes, requests and responses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.host.host_process import Host, running, write_app

APP = """
import hashlib, json
import azure.functions as func

app = func.FunctionApp()
ANONYMOUS, ADMIN = func.AuthLevel.ANONYMOUS, func.AuthLevel.ADMIN

@app.route(route="open", methods=["GET"], auth_level=ANONYMOUS)
async def open(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("open")

@app.route(methods=["GET"])
def guarded(req: func.HttpRequest) -> str:
    return "guarded"

@app.route(methods=["GET"], auth_level=ADMIN)
def locked(req: func.HttpRequest) -> str:
    return "locked"

@app.route(route="items/{id}", methods=["GET"], auth_level=ANONYMOUS)
async def item(req: func.HttpRequest) -> str:
    return "item " + req.route_params["id"]

@app.route(route="items/first", methods=["GET"], auth_level=ANONYMOUS)
async def first(req: func.HttpRequest) -> str:
    return "the first"

@app.route(route="echo/{first}/{second}", auth_level=ANONYMOUS)
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    said = {
        "method": req.method, "url": req.url, "headers": dict(req.headers),
        "params": dict(req.params), "route": dict(req.route_params),
        "size": len(req.get_body()), "sha": hashlib.sha256(req.get_body()).hexdigest(),
    }
    return func.HttpResponse(json.dumps(said), mimetype="application/json")

@app.route(auth_level=ANONYMOUS)
async def fails(req: func.HttpRequest) -> str:
    raise RuntimeError("not for the caller")

@app.route(auth_level=ANONYMOUS)
async def nothing(req: func.HttpRequest) -> str:
    return None

@app.route(auth_level=ANONYMOUS)
async def off(req: func.HttpRequest) -> str:
    return "off"

@app.route(auth_level=ANONYMOUS)
async def answer(req: func.HttpRequest) -> func.HttpResponse:
    response = func.HttpResponse(
        b"\\x00\\xff", status_code=int(req.params.get("status", "201")),
        headers={"X-Own": "mine", "Server": "not mine"}, mimetype="application/octet-stream",
    )
    response.headers.add("Set-Cookie", "a=1; Path=/; HttpOnly")
    response.headers.add("Set-Cookie", "b=2; Secure")
    return response

@app.route(auth_level=ANONYMOUS)
async def splits(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("x", headers={"X-Own": req.params["value"]})
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Run one host for all tests of this file."""
    app = write_app(tmp_path_factory.mktemp("http"), APP)
    keys = ("--host-key", "host-key", "--master-key", "master-key")
    disabled = {"AzureWebJobs.off.Disabled": "true"}
    with running(app, *keys, **disabled) as running_host:
        yield running_host


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ("open", None, 200),
        ("open", "wrong", 200),  # a key that is not needed is not looked at
        ("guarded", None, 401),
        ("guarded", "wrong", 401),
        ("guarded", "host-key", 200),
        ("guarded", "master-key", 200),
        ("locked", None, 401),
        ("locked", "host-key", 401),
        ("locked", "master-key", 200),
    ],
)
def test_keys(host: Host, path: str, key: str | None, expected: int) -> None:
    """A function takes the keys of its level, in the header or in the query."""
    header = {} if key is None else {"x-functions-key": key}
    query = {} if key is None else {"code": key}

    answers = [
        host.request(f"/api/{path}", headers=header),
        host.request(f"/api/{path}", params=query),
    ]

    assert [expected, expected] == [answer.status_code for answer in answers]
    assert all(answer.content == b"" for answer in answers if answer.status_code == 401)


def test_the_header_wins(host: Host) -> None:
    """A key in the query is not looked at where the header has one."""
    answer = host.request("/api/guarded?code=host-key", headers={"x-functions-key": "wrong"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/api/open", 404),  # a verb it does not take is no route
        ("HEAD", "/api/open", 404),
        ("OPTIONS", "/api/open", 404),
        ("GET", "/open", 404),
        ("GET", "/", 404),
        ("GET", "/api", 404),
        ("GET", "/api/open/more", 404),
        ("GET", "/API/Open/", 200),
        ("GET", "/api/items/5", 200),
        ("GET", "/api/items", 404),
        ("GET", "/api/off", 404),  # disabled
        ("PURGE", "/api/echo/a/b", 200),  # any verb
        ("PURGE", "/api/open", 404),
        ("GET", "/admin", 404),
        ("GET", "/api/items/%2E", 404),  # the dot is a segment of its own, and goes
        ("GET", "/api/items/../open", 200),
        ("GET", "/api/op%65n", 200),
        ("GET", "/api/items/%00", 400),
    ],
)
def test_routes(host: Host, method: str, path: str, expected: int) -> None:
    """A request finds its function, or 404 with an empty body."""
    answer = host.request(path, method)

    assert answer.status_code == expected
    assert answer.status_code == 200 or answer.content == b""


def test_the_closest_route_is_taken(host: Host) -> None:
    """Of two functions that would take a path, the one that names it is called."""
    assert host.request("/api/items/first").text == "the first"
    assert host.request("/api/items/5").text == "item 5"


def test_a_request_reaches_the_function(host: Host) -> None:
    """A function sees the request as the host's worker protocol has it."""
    answer = host.request(
        "/api/echo/a%20b/c%2Fd?x=1&x=2&empty=&y=%C3%A9",
        "PUT",
        content=b"\x00body",
        headers=[("X-Own", "1"), ("x-own", "2"), ("Content-Type", "application/octet-stream")],
    )

    said: dict[str, Any] = answer.json()
    assert said["method"] == "PUT"
    assert said["url"] == f"{host.facts['url']}/api/echo/a%20b/c%2Fd?x=1&x=2&empty=&y=%C3%A9"
    assert said["headers"]["x-own"] == "1,2"
    assert said["params"] == {"x": "1,2", "y": "é"}  # one without a value is not passed on
    assert said["route"] == {"first": "a b", "second": "c%2Fd"}
    assert said["size"] == 5


def test_a_body_of_several_megabytes(host: Host) -> None:
    """A large body arrives whole."""
    body = bytes(range(256)) * 4 * 1024 * 5

    said = host.request("/api/echo/a/b", "POST", content=body).json()

    assert said["size"] == len(body)
    assert said["sha"] == hashlib.sha256(body).hexdigest()


def test_a_chunked_body_arrives_empty(host: Host) -> None:
    """Without a Content-Length the host passes no body on, and the connection stays usable."""
    said = host.request("/api/echo/a/b", "POST", content=iter([b"some", b"thing"])).json()

    assert said["size"] == 0
    assert host.request("/api/open").text == "open"


@pytest.mark.parametrize("path", ["fails", "nothing", "splits?value=%C3%A9", "splits?value=a%0Ab"])
def test_a_failure_tells_nothing(host: Host, path: str) -> None:
    """What goes wrong in a function, or with its answer, is a 500 with an empty body."""
    answer = host.request(f"/api/{path}")

    assert answer.status_code == 500
    assert answer.content == b""


def test_a_failure_is_logged(host: Host) -> None:
    """The log has the error that the caller does not see."""
    host.request("/api/fails")

    assert "RuntimeError: not for the caller" in host.log.read_text()


def test_an_answer_reaches_the_caller(host: Host) -> None:
    """Status, headers, each cookie and the body come out as the function gave them."""
    answer = host.request("/api/answer")

    assert answer.status_code == 201
    assert answer.content == b"\x00\xff"
    assert answer.headers["x-own"] == "mine"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "server" not in answer.headers
    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.headers.get_list("set-cookie") == ["a=1; HttpOnly; Path=/", "b=2; Secure"]


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body(host: Host, status: int) -> None:
    """A status that forbids a body goes without one, and the connection stays usable."""
    answer = host.request(f"/api/answer?status={status}")

    assert answer.status_code == status
    assert answer.content == b""
    assert host.request("/api/open").text == "open"


def test_a_text_is_an_answer(host: Host) -> None:
    """A function may return a text, which goes out as such."""
    answer = host.request("/api/items/5")

    assert answer.text == "item 5"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_administration(host: Host) -> None:
    """Anybody may ping the host; the rest takes the master key."""
    master = {"x-functions-key": "master-key"}

    assert host.request("/admin/host/ping").status_code == 200
    for path in ("/admin/host/status", "/admin/functions", "/admin/functions/open"):
        assert host.request(path).status_code == 401
        assert host.request(path, headers={"x-functions-key": "host-key"}).status_code == 403
        assert host.request(path, headers=master).status_code == 200
    assert host.request("/admin/nothing").status_code == 404
    assert host.request("/admin/host/status", headers=master).json()["state"] == "Running"


def test_starting_says_little(host: Host) -> None:
    """The log of a start lists the functions, without the library's account of them."""
    log = host.log.read_text()

    assert "echo: [any verb] /api/echo/{first}/{second}" in log
    assert "Successfully indexed" not in log
    assert "host-key" not in log
