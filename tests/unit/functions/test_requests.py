from __future__ import annotations

import azure.functions as func
import pytest

from functions import requests
from functions.caller import owner_of
from qjobs.domain.errors import (
    BodyTooLargeError,
    InvalidParameterError,
    LengthRequiredError,
    MalformedBodyError,
    RequestError,
    UnsupportedEncodingError,
    UnsupportedMediaTypeError,
)
from tests.invocation import invocation

JSON = "application/json"


def request(
    *,
    body: bytes = b"{}",
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    url: str = "http://host:7071/api/jobs",
) -> func.HttpRequest:
    """Return a request as the host hands it over."""
    return func.HttpRequest("POST", url, headers=headers or {}, params=params or {}, body=body)


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{}", "", UnsupportedMediaTypeError),
        (b"{}", "text/plain", UnsupportedMediaTypeError),
        (b"{}", "application/jsonx", UnsupportedMediaTypeError),
        (b"{}", "application/json; charset=utf-16", UnsupportedMediaTypeError),
        (b"{}", 'application/json; x=1; Charset="latin1"', UnsupportedMediaTypeError),
        (b"", JSON, MalformedBodyError),
        (b"{", JSON, MalformedBodyError),
        (b" " * 10_001, JSON, BodyTooLargeError),
    ],
)
def test_a_bad_body_is_refused(body: bytes, content_type: str, error: type[RequestError]) -> None:
    """Whatever is wrong with a body, it is an error of the request."""
    with pytest.raises(error):
        requests.json_body(request(body=body, headers={"content-type": content_type}), 10_000)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "Application/JSON; charset=utf-8"},
        {"content-type": 'application/json;charset="UTF-8"; x-charset=latin1'},
        {"content-type": JSON, "content-encoding": "Identity"},
        {"content-type": JSON, "content-encoding": ""},
        {"content-type": JSON, "transfer-encoding": "chunked"},
    ],
)
def test_a_body_is_read_whatever_else_its_headers_say(headers: dict[str, str]) -> None:
    """UTF-8, no encoding, and a body that arrived although it was chunked are fine."""
    assert requests.json_body(request(body=b'{"a": 1}', headers=headers), 100) == {"a": 1}


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, identity", "x" * 9000])
def test_an_encoding_is_refused_by_name(encoding: str) -> None:
    """A body that is compressed is not taken for a broken one."""
    sent = request(headers={"content-type": JSON, "content-encoding": encoding})

    with pytest.raises(UnsupportedEncodingError) as refused:
        requests.json_body(sent, 100)

    [violation] = refused.value.violations
    assert violation.parameter == "Content-Encoding"
    assert violation.detail.startswith(encoding[:10])
    assert len(violation.detail) < 100


@pytest.mark.parametrize("encoding", ["chunked", "gzip, chunked"])
def test_a_chunked_body_that_did_not_arrive_has_its_remedy(encoding: str) -> None:
    """The Functions host hands on the header and no body: that is not an empty one."""
    headers = {"content-type": JSON, "transfer-encoding": encoding}

    with pytest.raises(LengthRequiredError, match="Content-Length"):
        requests.json_body(request(body=b"", headers=headers), 100)


def test_an_empty_body_is_called_empty() -> None:
    """Nothing is said of chunks where there were none."""
    headers = {"content-type": JSON, "content-length": "0"}

    with pytest.raises(MalformedBodyError) as refused:
        requests.json_body(request(body=b"", headers=headers), 100)

    assert [one.detail for one in refused.value.violations] == [
        "The body is empty; send a JSON object."
    ]


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=10", 10),
        ("respond-async, wait=5", 5),
        ('wait="7"', 7),
        ("Wait = 3; x", 3),
        ("wait=31", 30),
        ("wait=3600", 30),
        ("wait=99999999999", 30),
        ("wait=" + "9" * 5000, 30),
        ("wait=" + "0" * 5000 + "8", 8),
        ("wait=00000000000", 0),
        ("wait=²", 0),
        ("wait=-1", 0),
        ("wait=soon", 0),
        ("await=5", 0),
        ("", 0),
    ],
)
def test_the_wait_preference_is_read_leniently(prefer: str, seconds: float) -> None:
    """A preference that makes no sense is ignored, as RFC 7240 wants; a long one is capped."""
    assert requests.preferred_wait(request(headers={"prefer": prefer})) == seconds


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({}, "http://host:7071/api"),
        ({"x-forwarded-host": "api.example.com"}, "http://api.example.com/api"),
        (
            {"x-forwarded-host": "api.example.com:8443, inner", "x-forwarded-proto": "https"},
            "https://api.example.com:8443/api",
        ),
        ({"x-forwarded-host": "bad host/\r\n"}, "http://host:7071/api"),
        ({"x-forwarded-prefix": "/quantum/v1.0"}, "http://host:7071/quantum/v1.0"),
        ({"x-forwarded-prefix": ""}, "http://host:7071"),
        ({"x-forwarded-prefix": "/../.."}, "http://host:7071/api"),
        ({"x-forwarded-prefix": "/a/./b"}, "http://host:7071/api"),
        ({"x-forwarded-prefix": "/%2e%2e"}, "http://host:7071/api"),
        ({"x-forwarded-host": "[::1]:80", "x-forwarded-proto": "ftp"}, "http://[::1]:80/api"),
    ],
)
def test_addresses_are_those_the_caller_sees(headers: dict[str, str], base: str) -> None:
    """Behind a proxy the forwarded host counts, unless it is no host."""
    assert requests.base_url(request(headers=headers)) == base


@pytest.mark.parametrize("key", ["", "x" * 256, "ä", "a\tb", "a,b", "a, a"])
def test_a_bad_idempotency_key_is_refused_by_name(key: str) -> None:
    """The problem names the header; one that is there twice arrives with a comma."""
    with pytest.raises(InvalidParameterError) as refused:
        requests.idempotency_key(request(headers={"idempotency-key": key}))

    assert [violation.parameter for violation in refused.value.violations] == ["Idempotency-Key"]


def test_every_fault_of_a_filter_is_named() -> None:
    """What no job can have is refused, instead of an empty list that looks like an answer."""
    sent = {"status": "done", "algorithm": "foo", "tag": " "}
    with pytest.raises(InvalidParameterError) as refused:
        requests.job_filter(request(params=sent))

    assert [one.parameter for one in refused.value.violations] == [*sent]


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("top", "0", requests.page_size),
        ("top", "101", requests.page_size),
        ("top", "9" * 5000, requests.page_size),
        ("top", "²", requests.page_size),
        ("top", "0000000150", requests.page_size),
        ("status", "done", requests.job_filter),
        ("algorithm", "foo", requests.job_filter),
        ("algorithm", "GHZ", requests.job_filter),
        ("tag", "-a", requests.job_filter),
        ("tag", "a" * 51, requests.job_filter),
        ("tag", "a b", requests.job_filter),
    ],
)
def test_a_bad_parameter_is_refused_by_name(name: str, text: str, read: object) -> None:
    """The problem names the query parameter."""
    assert callable(read)
    with pytest.raises(InvalidParameterError) as refused:
        read(request(params={name: text}))

    assert [violation.parameter for violation in refused.value.violations] == [name]


CALLER = f"00-{'a' * 32}-{'b' * 16}-01"
SAME_TRACE = f"00-{'a' * 32}-{'c' * 16}-01"
OTHER_TRACE = f"00-{'d' * 32}-{'c' * 16}-01"


@pytest.mark.parametrize(
    ("caller", "host", "taken"),
    [
        (CALLER, "", CALLER),  # the host does not report to Application Insights
        ("nonsense", "", None),
        ("", "", None),
        (CALLER, SAME_TRACE, SAME_TRACE),  # the host's request comes between
        (CALLER, OTHER_TRACE, CALLER),  # the caller looks for its own trace
        ("nonsense", OTHER_TRACE, OTHER_TRACE),
        ("", OTHER_TRACE, OTHER_TRACE),
        (CALLER, "nonsense", CALLER),
    ],
)
def test_a_request_is_in_the_trace_of_its_caller(caller: str, host: str, taken: str | None) -> None:
    """Below what the Functions host reports of it, where that is in the same trace."""
    req = request(headers={"traceparent": caller})

    assert requests.trace_parent(req, invocation(host)) == taken


def test_callers_are_told_apart_by_their_header() -> None:
    """Each name has its own jobs; without a name the key's holder has."""
    owners = {owner_of(request(headers={"x-caller-id": name})) for name in ("alice", "bob")}

    assert len(owners | {owner_of(request())}) == 3


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 129])
def test_a_bad_caller_name_is_refused(name: str) -> None:
    """The name of a caller is an identifier."""
    with pytest.raises(InvalidParameterError):
        owner_of(request(headers={"x-caller-id": name}))
