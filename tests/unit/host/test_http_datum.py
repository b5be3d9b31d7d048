"""Requests and responses in the worker's words."""

from __future__ import annotations

from collections.abc import MutableMapping
from http.cookies import SimpleCookie
from typing import Any

import azure.functions as func
import pytest
from azure.functions.http import HttpResponseConverter
from azure_functions_runtime.bindings.datumdef import Datum
from starlette.requests import Request

from localdev.host.http_datum import request_datum, response
from localdev.host.request_target import decode_path


async def handed_over(
    path: bytes = b"/api/x",
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    body: bytes = b"",
) -> dict[str, Any]:
    """Return what the worker gets of a request, without the types around each value."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body}

    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "path": path.decode(),
        "raw_path": path,
        "query_string": query,
        "headers": [(b"host", b"here:7071"), *headers],
    }
    datum = await request_datum(Request(scope, receive), decode_path(path), {"id": "1"})
    assert datum.type == "http"
    return {
        name: value.value
        if isinstance(value, Datum)
        else {key: one.value for key, one in value.items()}
        for name, value in datum.value.items()
    }


async def test_a_request() -> None:
    """The worker gets verb, address, headers, query, route parameters and the body as bytes."""
    assert await handed_over(query=b"a=1", headers=((b"content-length", b"2"),), body=b"{}") == {
        "method": "POST",
        "url": "http://here:7071/api/x?a=1",
        "headers": {"host": "here:7071", "content-length": "2"},
        "query": {"a": "1"},
        "params": {"id": "1"},
        "body": b"{}",
    }


async def test_the_address_is_encoded_anew() -> None:
    """The address has its path encoded as ASP.NET does it, and its query as it came."""
    said = await handed_over(b"/api/%41%2Fb%20c%2B", b"q=%C3%A9+1")

    assert said["url"] == "http://here:7071/api/A%2Fb%20c+?q=%C3%A9+1"
    assert said["query"] == {"q": "é 1"}


async def test_several_values_of_a_name() -> None:
    """Values of a name, whatever its case, are joined; a query parameter without one is left."""
    said = await handed_over(
        query=b"a=1&b=&A=2&c", headers=((b"x-own", b"1"), (b"x-own", b"2"), (b"x-empty", b""))
    )

    assert said["query"] == {"A": "1,2"}
    assert said["headers"] == {"host": "here:7071", "x-own": "1,2", "x-empty": ""}


@pytest.mark.parametrize("headers", [(), ((b"content-length", b"0"),)])
async def test_a_body_without_its_length(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """Without a Content-Length above zero the host passes no body on."""
    assert (await handed_over(headers=headers, body=b"there"))["body"] == b""


def answered(answer: func.HttpResponse | str) -> Datum:
    """Return an answer as the worker gives it back."""
    encoded = HttpResponseConverter.encode(answer, expected_type=None)
    return Datum(encoded.value, encoded.type)


def test_a_response() -> None:
    """Status, headers and body become the response, whose body goes in chunks."""
    answer = func.HttpResponse(
        b"{}",
        status_code=202,
        headers={"Location": "/jobs/1", "Server": "mine", "Connection": "close"},
        mimetype="application/json",
    )

    made = response("GET", answered(answer))

    assert made.status_code == 202
    assert made.body == b"{}"
    assert dict(made.headers) == {
        "location": "/jobs/1",
        "connection": "close",
        "content-type": "application/json",
    }


def test_a_text() -> None:
    """A text is an answer of status 200."""
    made = response("GET", answered("é"))

    assert made.status_code == 200
    assert made.body == "é".encode()
    assert made.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("returned", [None, Datum(None, None)])
def test_nothing(returned: Datum | None) -> None:
    """A function that gives nothing back has failed."""
    with pytest.raises(ValueError, match="has to return"):
        response("GET", returned)


@pytest.mark.parametrize(
    "headers",
    [{"Content-Length": "1"}, {"Content-Length": "3"}, {"Transfer-Encoding": "chunked"}],
)
def test_a_length_that_is_wrong(headers: dict[str, str]) -> None:
    """A function that counts its body wrongly, or frames it, has failed."""
    with pytest.raises(ValueError, match="the right Content-Length"):
        response("GET", answered(func.HttpResponse("{}", headers=headers)))


def test_a_length_that_is_right() -> None:
    """A function may say how long its body is."""
    answer = func.HttpResponse("{}", headers={"Content-Length": "2"})

    assert response("GET", answered(answer)).headers["content-length"] == "2"


@pytest.mark.parametrize("status", [-1, 0, 100, 199, 600])
def test_a_status_that_cannot_be_sent(status: int) -> None:
    """A status that ends no exchange is an error of the function."""
    with pytest.raises(ValueError, match=f"the status {status} cannot"):
        response("GET", answered(func.HttpResponse(status_code=status)))


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_that_has_no_body(status: int) -> None:
    """A body that HTTP forbids is left out."""
    assert response("GET", answered(func.HttpResponse("x", status_code=status))).body == b""


def test_cookies() -> None:
    """Each cookie is a header of its own."""
    returned = answered(func.HttpResponse("x"))
    returned.value["cookies"] = [SimpleCookie("a=1; Path=/"), SimpleCookie("b=2")]

    assert response("GET", returned).headers.getlist("set-cookie") == ["a=1; Path=/", "b=2"]


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "\x00", "é"])
def test_a_header_that_cannot_be_sent(value: str) -> None:
    """A value that would end its header, or is no ASCII, is an error of the function."""
    returned = answered(func.HttpResponse("x"))
    returned.value["headers"]["X-Own"] = Datum(value, "string")

    with pytest.raises(ValueError, match="X-Own"):
        response("GET", returned)
