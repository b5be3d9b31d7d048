"""HTTP as the real Functions host answers it, byte for byte where it matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from emulator_support.patience import PATIENCE
from tests.integration.functions_host.comparison import differences
from tests.integration.functions_host.exchange import exchange, raw_request
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
    # Where the real host fell silent, how long is waited decides what is seen; else it is patience.
    silent = not response.get("connection", "open").startswith("open")
    silence = (30 if len(raw) > 2**20 else 3) if silent else PATIENCE
    answer = exchange(host.http.base_url.port or 0, raw, "/api/pid", silence)
    yield from differences(answer, response, host.log.parent)


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
