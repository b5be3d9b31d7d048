"""An exchange of bytes with an HTTP server, and what came back."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import h11

from emulator_support.patience import PATIENCE

_UNSAID = {"date", "server", "transfer-encoding"}
"""Headers that are compared otherwise, or that every server sets."""


@dataclass
class Answer:
    """What a server answers; an empty status line if it answers nothing."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    framing: str = ""
    body: bytes = b""
    open: bool = False
    interim: list[int] = field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """Return what is compared."""
        headers = sorted(each for each in self.headers if each[0] not in _UNSAID)
        return {
            "status": self.status,
            "headers": headers,
            "framing": self.framing,
            "open": self.open,
            "interim": self.interim,
        }


def recorded(response: Mapping[str, Any]) -> Answer:
    """Return a recorded answer."""
    parts = response["line"].split(" ")
    return Answer(
        status=int(parts[1]) if len(parts) > 1 else 0,
        headers=[(name.lower(), value) for name, value in response["headers"]],
        framing=response.get("framing", ""),
        open=response.get("connection", "open").startswith("open"),
        interim=[int(line.split(" ")[1]) for line, _ in response.get("interim", ())],
    )


def raw_request(case: Mapping[str, Any]) -> bytes:
    """Return the request of a case, made again where it was too long to be kept."""
    request = case["request"]
    if "rawBase64" in request:
        return base64.b64decode(request["rawBase64"])
    if "raw" in request:
        spec = base64.urlsafe_b64encode(json.dumps(case.get("spec")).encode())
        return str(request["raw"]).encode().replace(b"<spec>", spec)
    what, _, size = case["id"].partition("-of-")
    number = int(size) if size.isdigit() else 0
    path, headers, body = "/api/echo/x", [], b""
    if what == "value":
        headers = [f"X-A: {'a' * number}"]
    elif what == "target":
        path += f"?a={'a' * number}"
    elif what == "segment":
        path = f"/api/jobs/{'a' * number}"
    elif what.endswith("-headers"):
        headers = [f"X-{each}: a" for each in range(int(what.removesuffix("-headers")) - 1)]
    else:
        return _large(case["id"])
    lines = [f"GET {path} HTTP/1.1", "Host: host.test", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def _large(name: str) -> bytes:
    size = 2**20 if "1-mib" in name else 100 * 2**20 + (name != "of-100-mib")
    path = "/api/nothing" if "unknown" in name else "/api/echo/x"
    head = f"POST {path} HTTP/1.1\r\nHost: host.test\r\nContent-Length: {size}\r\n"
    if "expect" in name:
        return f"{head}Expect: 100-continue\r\n\r\n".encode()
    body = b"" if "unknown" in name else b"a" * size
    return f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + body


def exchange(port: int, request: bytes, probe: str, silence: float = PATIENCE) -> Answer:
    """Send a request, and read the answer and whether the connection takes another, to *probe*.

    After some seconds of *silence* it counts as one that takes no other.
    """
    answer = Answer()
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=2**20)
    line, _, _ = request.lstrip().partition(b"\r\n")
    method = b"HEAD" if line.startswith(b"HEAD") else b"GET"
    parser.send(h11.Request(method=method, target="/", headers=[("host", "host.test")]))
    parser.send(h11.EndOfMessage())
    with socket.create_connection(("127.0.0.1", port), timeout=silence) as connection:
        connection.sendall(request)
        try:
            _read(connection, parser, answer)
            answer.framing = _framing(method, answer)
            answer.open = _stays(connection, parser, probe)
        except (TimeoutError, ConnectionError, h11.RemoteProtocolError):
            answer.open = False
    return answer


def _read(connection: socket.socket, parser: h11.Connection, answer: Answer) -> None:
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            parser.receive_data(connection.recv(2**16))
        elif isinstance(event, h11.InformationalResponse):
            answer.interim.append(event.status_code)
            connection.sendall(b"hello")
        elif isinstance(event, h11.Response):
            answer.status = event.status_code
            answer.headers = [(n.decode(), v.decode("latin-1")) for n, v in event.headers]
        elif isinstance(event, h11.Data):
            answer.body += bytes(event.data)
        else:
            return


def _framing(method: bytes, answer: Answer) -> str:
    names = dict(answer.headers)
    if method == b"HEAD" or answer.status in {204, 304}:
        return "none"
    if "transfer-encoding" in names:
        return "chunked"
    return "content-length" if "content-length" in names else "until close"


def _stays(connection: socket.socket, parser: h11.Connection, probe: str) -> bool:
    if parser.their_state is not h11.DONE:
        return False
    connection.sendall(f"GET {probe} HTTP/1.1\r\nHost: host.test\r\n\r\n".encode())
    return connection.recv(8) == b"HTTP/1.1"
