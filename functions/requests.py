"""Parsing of HTTP requests: URL, headers, parameters and body, validated strictly."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import azure.functions as func

from functions.json_text import parse_object
from qjobs.bootstrap import catalogue
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.delivery import DeliveryStatus
from qjobs.domain.errors import (
    BodyTooLargeError,
    InvalidParameterError,
    LengthRequiredError,
    MalformedBodyError,
    UnsupportedEncodingError,
    UnsupportedMediaTypeError,
    Violation,
    excerpt,
    listed,
)
from qjobs.domain.job import Status
from qjobs.domain.submission import TAG_RULE, is_tag
from qjobs.domain.trace_context import trace_id, valid_trace_parent
from qjobs.ports import JobFilter

ROUTE_PREFIX = "/api"
"""The same as `extensions.http.routePrefix` of host.json."""
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
_PREFIX = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")
"""No segment is a dot or two: an address must not lead out of the API."""
_IDEMPOTENCY_KEY = re.compile(r"[\x20-\x2b\x2d-\x7e]{1,255}")
"""Without a comma: that is what joins the values of a header that is there twice."""
LONGEST_WAIT = 30
"""Seconds of `Prefer: wait`. A host that is told to stop gives running requests as many."""
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?0*([0-9]+)\"?\s*(?:[,;]|$)", re.IGNORECASE)
_CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_LONGEST_WORD = 50
_DEFAULT_PAGE = 20
_LARGEST_PAGE = 100
_PAGE = re.compile(r"[0-9]{1,3}")


def base_url(req: func.HttpRequest) -> str:
    """Return the absolute URL under which the caller sees this API, without a final slash.

    Behind a gateway that is the forwarded host and prefix: clients refuse to follow a relative
    URL. An authenticated sender is trusted to set them.
    """
    url = urlsplit(req.url)
    host = req.headers.get("x-forwarded-host", "").partition(",")[0].strip()
    scheme = req.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    if not _HOST.fullmatch(host):
        host = url.netloc
    if scheme not in {"http", "https"}:
        scheme = url.scheme
    return f"{scheme}://{host}{_prefix(req)}"


def public_path(req: func.HttpRequest) -> str:
    """Return the path of the request as the caller sees it."""
    path: str = urlsplit(req.url).path
    return _prefix(req) + path.removeprefix(ROUTE_PREFIX)


def json_body(req: func.HttpRequest, largest: int) -> JSONObject:
    """Return the JSON object in the body.

    Raises:
        UnsupportedMediaTypeError: it is not sent as JSON, or not as UTF-8.
        UnsupportedEncodingError: it is compressed.
        LengthRequiredError: it is sent in chunks, of which nothing arrives.
        BodyTooLargeError: it has more than *largest* bytes.
        MalformedBodyError: it is not a JSON object.

    """
    _check_media_type(req)
    _check_encoding(req)
    raw = req.get_body()
    if len(raw) > largest:
        raise BodyTooLargeError(f"The body has {len(raw)} bytes; at most {largest} are allowed.")
    if not raw and "transfer-encoding" in req.headers:
        # The Functions host hands on a chunked body empty, and this header as it came.
        raise LengthRequiredError("A chunked body does not arrive here: send a Content-Length.")
    if not raw:
        raise MalformedBodyError.of("The body is empty; send a JSON object.", pointer="")
    return parse_object(raw)


def preferred_wait(req: func.HttpRequest) -> float:
    """Return the seconds of `Prefer: wait=N` (RFC 7240), at most 30; 0 without it."""
    match = _WAIT.search(req.headers.get("prefer", ""))
    # Only the beginning is a number for int(): a wait of very many digits is a long one too.
    return float(min(int(match[1][:9]), LONGEST_WAIT)) if match else 0.0


def idempotency_key(req: func.HttpRequest) -> str | None:
    """Return the caller's Idempotency-Key.

    Raises:
        InvalidParameterError: it is empty, too long, not printable ASCII, or there twice.

    """
    key: str | None = req.headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        detail = "Must be there once, with 1 to 255 printable ASCII characters other than a comma."
        raise InvalidParameterError.of(detail, parameter="Idempotency-Key")
    return key


def trace_parent(req: func.HttpRequest, context: func.Context) -> str | None:
    """Return the W3C trace context of a request; one that is malformed counts as none.

    It is the Functions host's own, which is in the trace of the caller where the host reports to
    Application Insights; otherwise the host has none, and it is the caller's.
    """
    caller = valid_trace_parent(req.headers.get("traceparent"))
    host = invocation(context)
    return host if caller is None or trace_id(host) == trace_id(caller) else caller


def invocation(context: func.Context) -> str | None:
    """Return the W3C trace context of a function's invocation, if the host has one."""
    return valid_trace_parent(context.trace_context.trace_parent)


def job_filter(req: func.HttpRequest) -> JobFilter:
    """Return the filter that a request for a list sets.

    Raises:
        InvalidParameterError: it names each that no job can have.

    """
    status, algorithm, tag = (req.params.get(name) for name in ("status", "algorithm", "tag"))
    known = [entry["id"] for entry in catalogue().all()]
    violations = []
    if status is not None and status not in list(Status):
        violations.append(Violation(f"Must be one of {', '.join(Status)}.", parameter="status"))
    if algorithm is not None and algorithm not in known:
        violations.append(Violation(f"Must be one of {listed(known)}.", parameter="algorithm"))
    if tag is not None and not is_tag(tag):
        violations.append(Violation(TAG_RULE, parameter="tag"))
    if violations:
        raise InvalidParameterError(violations=violations)
    return JobFilter(Status(status) if status else None, algorithm, tag)


def delivery_status(req: func.HttpRequest) -> DeliveryStatus | None:
    """Return the status that a request for a list of deliveries filters by.

    Raises:
        InvalidParameterError: no delivery can have it.

    """
    status = req.params.get("status")
    if status is not None and status not in list(DeliveryStatus):
        detail = f"Must be one of {', '.join(DeliveryStatus)}."
        raise InvalidParameterError.of(detail, parameter="status")
    return DeliveryStatus(status) if status else None


def page_size(req: func.HttpRequest) -> int:
    """Return the page size that a request for a list sets.

    Raises:
        InvalidParameterError: `top` is not a number in range.

    """
    text = req.params.get("top", str(_DEFAULT_PAGE))
    if not (_PAGE.fullmatch(text) and 1 <= int(text) <= _LARGEST_PAGE):
        detail = f"Must be an integer from 1 to {_LARGEST_PAGE}."
        raise InvalidParameterError.of(detail, parameter="top")
    return int(text)


def _prefix(req: func.HttpRequest) -> str:
    prefix: str | None = req.headers.get("x-forwarded-prefix")
    return ROUTE_PREFIX if prefix is None or not _PREFIX.fullmatch(prefix) else prefix


def _check_media_type(req: func.HttpRequest) -> None:
    media_type, _, parameters = req.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json":
        raise UnsupportedMediaTypeError
    charset = _CHARSET.search(parameters)
    if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        detail = f"{excerpt(charset[1], _LONGEST_WORD)} is not decoded; send UTF-8."
        raise UnsupportedMediaTypeError.of(detail, parameter="Content-Type")


def _check_encoding(req: func.HttpRequest) -> None:
    encoding = req.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity"}:
        detail = f"{excerpt(encoding, _LONGEST_WORD)} is not decoded; send the body as it is."
        raise UnsupportedEncodingError.of(detail, parameter="Content-Encoding")
