"""Settings of HTTP, signals and workers, as with the real Functions host."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from emulator_support.patience import PATIENCE
from tests.integration.functions_host.comparison import differences
from tests.integration.functions_host.exchange import exchange
from tests.integration.functions_host.recorded_app import code
from tests.integration.functions_host.recordings import (
    FOLDER,
    MISSING,
    Case,
    Record,
    cases,
    content,
    judge,
)
from tests.unit.host.host_process import Host, eventually, running, write_app

FILE = "settings.json"
WORKER = "worker.json"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)

FUNCTIONS = """
level = getattr(LEVELS, os.environ.get("APP_AUTH", "FUNCTION"))
app.function_name("fun")(app.route(route="fun", methods=["GET"], auth_level=level)(seen("fun")))

@app.route(route="pause/{n}")
async def pause(req: func.HttpRequest) -> str:
    note(began="pause")
    await asyncio.sleep(float(req.route_params["n"]))
    return str(os.getpid())

@app.route(route="block/{n}")
def block(req: func.HttpRequest) -> str:
    note(began="block")
    time.sleep(float(req.route_params["n"]))
    return str(os.getpid())
"""
CHUNKED = {
    "text": b"5\r\nhello\r\n0\r\n\r\n",
    "json": b'7\r\n{"a":1}\r\n0\r\n\r\n',
    "empty": b"0\r\n\r\n",
    "two-chunks": b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
}
_BOTH = 1.9
"""Seconds in which two functions of a second each are over, if they run at the same time."""


def _app(folder: Path, http: object = None) -> Path:
    functions = content("http.json")["routes"]["functions"]
    return write_app(folder, code(functions) + FUNCTIONS, {"extensions": {"http": http or {}}})


type Stops = Callable[[Case], list[object]]


@pytest.fixture(scope="module")
def stops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stops]:
    """Return what says how a stop during a request differs; all run at once, since they wait."""
    found: dict[str, Future[list[object]]] = {}
    with ThreadPoolExecutor(8) as pool:

        def unlike(case: Case) -> list[object]:
            for each in cases(FILE).values() if not found else ():
                if _request_under_way(each) is not None:
                    folder = tmp_path_factory.mktemp("stop")
                    found[each["id"]] = pool.submit(_unlike_stop, each, folder)
            return found[case["id"]].result()

        yield unlike


@pytest.mark.parametrize("name", cases(FILE))
def test_a_setting(name: str, tmp_path: Path, stops: Stops, record_property: Record) -> None:
    """A setting changes what it changes there, or the list of differences says why not."""
    case = cases(FILE)[name]
    unlike = (
        stops(case) if _request_under_way(case) is not None else list(_differences(case, tmp_path))
    )
    judge(FILE, name, unlike, record_property)


def _request_under_way(case: Case) -> str | None:
    """Return the path of the request that a signal came during, if a case is about one."""
    if "stopTookAndCode" in case:
        return str(case["answer"][0]["path"])
    return str(case["path"]) if "signal" in case and "path" in case else None


def _differences(case: Case, folder: Path) -> Iterator[object]:
    if case.get("requests") or "chunked" in case:
        app = _app(folder, case.get("http"))
        settings = {
            n: v.replace("<path>", str(folder)) for n, v in case.get("settings", {}).items()
        }
        with running(app, **settings) as host:
            yield from _unlike_answers(case, host)
    else:
        yield "there is nothing to compare"


def _unlike_answers(case: Case, host: Host) -> Iterator[object]:
    port = host.http.base_url.port or 0
    for request in case.get("requests", ()):
        answer = exchange(port, request["request"].encode(), "/api/pid")
        yield from differences(answer, request["response"], host.log.parent)
    for request in case.get("chunked", ()):
        kind = "Content-Type: application/json\r\n" if request["id"] == "json" else ""
        head = f"POST /api/echo/x HTTP/1.1\r\nHost: host.test\r\n{kind}"
        raw = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + CHUNKED[request["id"]]
        answer = exchange(port, raw, "/api/pid")
        yield from differences(answer, request["response"], host.log.parent)


def _unlike_stop(case: Case, folder: Path) -> list[object]:
    path = _request_under_way(case) or ""
    if case.get("signal", "SIGINT") != "SIGINT":
        return ["it stops"]
    recorded = case["answer"][0]["line"] if "stopTookAndCode" in case else case["answer"][0]
    code = case["stopTookAndCode"][1] if "stopTookAndCode" in case else case["exit"]
    answers: list[int] = []

    def ask() -> None:
        with suppress(httpx.HTTPError):
            answers.append(httpx.get(f"{host.facts['url']}{path}", timeout=60).status_code)

    with running(_app(folder), **case.get("settings", {})) as host:
        caller = threading.Thread(target=ask)
        caller.start()
        _wait_for_notes(host, 1)
        host.process.send_signal(signal.SIGINT)
        eventually(lambda: not _connects(host))
        goes_on = host.process.poll() is None
        exit_code = host.process.wait(PATIENCE)
        caller.join()
    ours = (exit_code, answers == [200], goes_on)
    theirs = (code, recorded == "HTTP/1.1 200 OK", True)
    return [] if ours == theirs else [ours, "recorded", theirs]


def _connects(host: Host) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", host.http.base_url.port or 0)) == 0


def _wait_for_notes(host: Host, number: int) -> None:
    notes = host.log.parent / "notes.txt"
    deadline = time.monotonic() + PATIENCE
    while not notes.exists() or len(notes.read_text().splitlines()) < number:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("name", cases(WORKER))
def test_a_worker(name: str, tmp_path: Path, record_property: Record) -> None:
    """So many calls run at a time as there, or the list of differences says why not."""
    judge(WORKER, name, list(_unlike_worker(cases(WORKER)[name], tmp_path)), record_property)


def _unlike_worker(case: Case, folder: Path) -> Iterator[object]:
    if "blocking8" in case:
        yield from _unlike_at_once(case, folder)
    elif "states" in case or "pingAndHealth" in case:
        yield from _answers_too_early(folder)
    else:
        yield "there is nothing to compare"


def _unlike_at_once(case: Case, folder: Path) -> Iterator[object]:
    threads = case["id"].rpartition("threads-")[2]
    settings = {"PYTHON_THREADPOOL_THREAD_COUNT": threads} if threads.isdigit() else {}
    with running(_app(folder), **settings) as host, ThreadPoolExecutor(8) as pool:
        for kind, path in (("asynchronous8", "/api/pause/1"), ("blocking8", "/api/block/1")):
            began = time.monotonic()
            done = list(pool.map(_timed, [(host, path, began)] * 8))
            quick = sum(seconds < _BOTH for _, seconds in done)
            there = sum(seconds < _BOTH for _, seconds in case[kind])
            processes = {pid for pid, _ in done}
            if quick != there or len(processes) != case["workers"]:
                yield kind, quick, processes, "recorded", there, case["workers"]


def _timed(call: tuple[Host, str, float]) -> tuple[str, float]:
    host, path, began = call
    return host.request(path).text, time.monotonic() - began


def _answers_too_early(folder: Path) -> Iterator[object]:
    """Yield whether the port is open before the app is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = _app(folder)
    slow = f"import time; time.sleep(2)\n{(app / 'function_app.py').read_text()}"
    (app / "function_app.py").write_text(slow.replace("from __future__ import annotations\n", ""))
    opened: list[bool] = []

    def knock() -> None:
        time.sleep(1.5)
        with socket.socket() as knocking:
            opened.append(knocking.connect_ex(("127.0.0.1", port)) == 0)

    knocking = threading.Thread(target=knock)
    knocking.start()
    with running(app, "--port", str(port)):
        knocking.join()
    if opened != [False]:
        yield "the port is open before the app is loaded"
