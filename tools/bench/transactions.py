"""Storage transactions, counted by kind from Azurite's access log.

Azure bills each of them, so their number per job is part of what a job costs; and a test that
counts them sees waste that no timing shows.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_REQUEST = re.compile(r'^\S+ - - \[[^]]*\] "([A-Z]+) (\S+) HTTP/[\d.]+" (\d{3}) ')

_MESSAGES = {"POST": "send", "GET": "receive", "PUT": "update", "DELETE": "delete"}
_OVER_BLOBS = {"list": "blob.list", "walk": "blob.walk", "blobs": "blob.find"}
_WALKED = ("jobs", "webhook-deliveries")
_WHOLE = {"PUT": "create", "GET": "properties", "HEAD": "properties", "DELETE": "delete"}


class Transactions:
    """The transactions in one access log: take a `snapshot` before, call `since` after."""

    def __init__(self, access_log: Path) -> None:
        self._log = access_log

    def snapshot(self) -> Counter[str]:
        """Count everything logged so far, failed requests included, by kind."""
        with self._log.open(encoding="utf-8", errors="replace") as lines:
            return Counter(found for line in lines if (found := kind(line)) is not None)

    def since(self, before: Counter[str]) -> Counter[str]:
        """Count the transactions after the snapshot *before*."""
        return self.snapshot() - before


def kind(line: str) -> str | None:
    """Name the transaction of one log line, such as `blob.put` or `queue.receive`.

    Both services log alike and to one file. What tells a message from a blob is the path
    `<queue>/messages`, so a blob named `messages` would be taken for one; None means that the
    line is no request.
    """
    if (match := _REQUEST.match(line)) is None:
        return None
    method, target, _status = match.groups()
    url = urlsplit(target)
    query = parse_qs(url.query, keep_blank_values=True)
    operation = query.get("comp", [""])[0]
    match url.path.strip("/").split("/")[1:]:
        case []:
            return f"account.{operation or method.lower()}"
        case [container]:
            prefix = query.get("prefix", [""])[0]
            if container in _WALKED and operation == "list" and "/" not in prefix:
                operation = "walk"  # of the timer; what a caller lists begins with an owner
            return _of_container(method, operation, in_blobs="restype" in query)
        case [_, "messages"]:
            return "queue.peek" if "peekonly" in query else f"queue.{_message(method, one=False)}"
        case [_, "messages", _] if "popreceipt" in query:
            return f"queue.{_message(method, one=True)}"
        case _:
            return f"blob.{method.lower()}{operation and f'-{operation}'}"


def _of_container(method: str, operation: str, *, in_blobs: bool) -> str:
    if in_blobs and operation in _OVER_BLOBS:
        return _OVER_BLOBS[operation]
    service = "container" if in_blobs else "queue"
    if operation and not (method in {"GET", "HEAD"} and operation == "metadata"):
        return f"{service}.{operation}"
    return f"{service}.{_WHOLE.get(method, method.lower())}"


def _message(method: str, *, one: bool) -> str:
    if method == "DELETE" and not one:
        return "clear"
    return _MESSAGES.get(method, method.lower())
