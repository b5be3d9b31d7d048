from __future__ import annotations

from pathlib import Path

import pytest

from tools.bench.transactions import Transactions, kind


def line(request: str, status: int = 200) -> str:
    """Return the log line of *request*, as Azurite writes it."""
    method, target = request.split()
    when = "21/Nov/2026:02:11:24 +0000"
    return f'127.0.0.1 - - [{when}] "{method} /devstoreaccount1{target} HTTP/1.1" {status} -\n'


@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        ("PUT /jobs/a/b%20c.json", "blob.put"),
        ("GET /jobs/a/b.json", "blob.get"),
        ("HEAD /jobs/a/b.json", "blob.head"),
        ("DELETE /jobs/a/b.json", "blob.delete"),
        ("PUT /jobs/a?comp=metadata", "blob.put-metadata"),
        ("PUT /jobs/a?comp=block&blockid=x", "blob.put-block"),
        ("PUT /jobs/a?comp=lease", "blob.put-lease"),
        ("GET /jobs?restype=container&comp=list&prefix=a%2F", "blob.list"),
        ("GET /jobs?restype=container&comp=list&include=metadata", "blob.walk"),
        ("GET /jobs?restype=container&comp=list&prefix=a", "blob.walk"),
        ("GET /heartbeats?restype=container&comp=list", "blob.list"),
        ("GET /jobs?restype=container&comp=blobs&where=x", "blob.find"),
        ("PUT /jobs?restype=container", "container.create"),
        ("GET /jobs?restype=container", "container.properties"),
        ("DELETE /jobs?restype=container", "container.delete"),
        ("POST /jobs?restype=container&comp=batch", "container.batch"),
        ("PUT /dispatch", "queue.create"),
        ("GET /dispatch?comp=metadata", "queue.properties"),
        ("PUT /dispatch?comp=metadata", "queue.metadata"),
        ("DELETE /dispatch", "queue.delete"),
        ("POST /dispatch/messages?visibilitytimeout=3", "queue.send"),
        ("GET /dispatch/messages?numofmessages=16", "queue.receive"),
        ("GET /dispatch/messages?peekonly=true", "queue.peek"),
        ("PUT /dispatch/messages/1-2?popreceipt=x&visibilitytimeout=0", "queue.update"),
        ("DELETE /dispatch/messages/1-2?popreceipt=x", "queue.delete"),
        ("DELETE /dispatch/messages", "queue.clear"),
        ("GET /?comp=list&include=", "account.list"),
        ("GET /?restype=service&comp=properties", "account.properties"),
    ],
)
def test_each_request_has_a_kind(request_line: str, expected: str) -> None:
    """The access log tells the transactions of both services apart."""
    assert kind(line(request_line)) == expected


def test_other_lines_are_no_transactions(tmp_path: Path) -> None:
    """What Azurite says about itself is not counted."""
    log = tmp_path / "azurite.log"
    log.write_text("Azurite Blob service is starting at http://127.0.0.1:0\n")
    assert not Transactions(log).snapshot()


def test_a_failed_request_is_a_transaction() -> None:
    """Azure bills a conflict like a success."""
    assert kind(line("PUT /jobs/a", status=412)) == "blob.put"


def test_the_difference_has_only_what_came_after(tmp_path: Path) -> None:
    """A snapshot taken before a job leaves the job's own transactions."""
    log = tmp_path / "azurite.log"
    log.write_text(line("PUT /jobs/a"))
    transactions = Transactions(log)
    before = transactions.snapshot()
    with log.open("a") as more:
        more.write(line("PUT /jobs/b") + line("POST /dispatch/messages"))
    assert transactions.since(before) == {"blob.put": 1, "queue.send": 1}
