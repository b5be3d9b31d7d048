"""HTTP as the real Functions host answers it, byte for byte where it matters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.integration.functions_host.exchange import exchange, raw_request, recorded
from tests.integration.functions_host.recorded_app import ONE_SEGMENT, RETURNED, code, refused
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    content,
    judge,
)
from tests.unit.host.host_process import Host, running, write_app

FILE = "http.json"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Run the recorded app."""
    functions = content(FILE)["routes"]["functions"]
    app = write_app(tmp_path_factory.mktemp("recorded"), code(functions) + RETURNED)
    with running(app) as host:
        yield host


@pytest.mark.parametrize("name", cases(FILE))
def test_a_request(host: Host, name: str, record_property: Record) -> None:
    """A request is answered as recorded, or the list of differences says why not."""
    case = cases(FILE)[name]
    judge(FILE, name, list(_differences(host, case)), record_property)


def _differences(host: Host, case: Case) -> Iterator[object]:
    raw = raw_request(case)
    response = case["response"]
    if (route := _refused_route(raw, response)) is not None:
        yield "refused", route
        return
    answer = exchange(
        host.http.base_url.port or 0, raw, "/api/pid", patience=30 if len(raw) > 2**20 else 3
    )
    for name, value in recorded(response).said().items():
        if value != answer.said()[name]:
            yield name, answer.said()[name], "recorded", value
    if "seen" in response:
        yield from _unlike_seen(answer.body, response["seen"])
    else:
        yield from _unlike_body(answer.body.replace(str(host.log.parent).encode(), b"<root>"), case)


def _refused_route(raw: bytes, response: Mapping[str, Any]) -> str | None:
    """Return the route that a request is for, if the host refuses it."""
    target = raw.split(b" ")[1].decode("latin-1") if b" " in raw else ""
    answering = response.get("seen", {}).get("function")
    for function, spec in content(FILE)["routes"]["functions"].items():
        route = spec["route"]
        if route is None or route in ONE_SEGMENT or not refused(route):
            continue
        aimed = target.removeprefix("/api/").startswith(route.partition("{")[0])
        if answering == function or (answering is None and aimed):
            return str(route)
    return None


def _unlike_body(body: bytes, case: Case) -> Iterator[object]:
    response = case["response"]
    if "bodyHex" in response:
        wanted = bytes.fromhex(response["bodyHex"])
    elif "bodyLength" in response:
        wanted = (response["bodyStart"][:1] * response["bodyLength"]).encode()
    else:
        wanted = response.get("body", "").encode()
    told = "body" in response or wanted or "200" not in response["line"]
    process_ids = wanted.isdigit() and body.isdigit()
    if told and body != wanted and not process_ids:
        yield "body", body[:200], "recorded", wanted[:200]


def _unlike_seen(body: bytes, seen: Mapping[str, Any]) -> Iterator[object]:
    """Yield what the function was given otherwise."""
    try:
        given = json.loads(body)
    except ValueError:
        yield "body", body[:200]
        return
    absent = {
        "headers": [["host", "host.test"]],
        "params": [],
        "routeParams": {},
        "bodyType": "bytes",
        "bodyLength": 0,
        "body": "",
        "form": [],
    }
    for name, value in (absent | dict(seen)).items():
        ours = _shortened(given[name], value)
        if ours != value:
            yield name, ours, "recorded", value


def _shortened(ours: Any, like: Any) -> Any:  # noqa: ANN401 - of JSON
    """Write what is too long as the recording does."""
    if isinstance(like, str) and like.endswith(" characters"):
        return f"{len(ours)} characters"
    if isinstance(like, str) and like.endswith(" headers"):
        return f"{len(ours)} headers"
    if isinstance(ours, list) and isinstance(like, list) and len(ours) == len(like):
        return [_shortened(*pair) for pair in zip(ours, like, strict=True)]
    if isinstance(ours, dict) and isinstance(like, dict) and ours.keys() == like.keys():
        return {name: _shortened(value, like[name]) for name, value in ours.items()}
    return ours
