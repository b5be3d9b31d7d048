"""Faults of a connection: their kinds, how often each comes, and their choice by a seed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from tools.soak.http_message import HttpMessage


class Fault(StrEnum):
    """A kind of fault that one request may meet."""

    LOST_ANSWER = "lost answer"
    """The request takes effect, and the connection is reset instead of the response."""
    RESET = "reset"
    """The connection is reset before the request is forwarded."""
    CUT_BODY = "cut body"
    """The request takes effect, and the response ends in the middle of its body."""
    THROTTLED = "429"
    THROTTLED_FOR = "429, Retry-After"
    UNAVAILABLE = "503"
    FORBIDDEN = "403"
    """As while a role is being assigned."""
    NOT_FOUND = "404"
    """As from a replica that does not know the job yet; only for the GET of a job that is there."""
    SILENCE = "silence"
    """The request is taken, and its connection reset at the end of the outage; in outages only."""


type Rates = Mapping[Fault, float]
"""By fault, the probability that a request meets it."""

# An engine that polls six circuits at once, and does not ask again itself, still sees all six in
# about two of three rounds.
WORKSPACE: Rates = {
    Fault.LOST_ANSWER: 0.015,
    Fault.RESET: 0.015,
    Fault.CUT_BODY: 0.01,
    Fault.THROTTLED: 0.01,
    Fault.THROTTLED_FOR: 0.01,
    Fault.UNAVAILABLE: 0.01,
    Fault.FORBIDDEN: 0.005,
    Fault.NOT_FOUND: 0.005,
}
LINKED_STORAGE: Rates = {
    Fault.LOST_ANSWER: 0.01,
    Fault.RESET: 0.01,
    Fault.CUT_BODY: 0.01,
    Fault.THROTTLED_FOR: 0.005,
    Fault.UNAVAILABLE: 0.01,
    Fault.FORBIDDEN: 0.005,
}
BLOBS: Rates = {
    Fault.LOST_ANSWER: 0.005,
    Fault.RESET: 0.005,
    Fault.CUT_BODY: 0.003,
    Fault.THROTTLED: 0.001,
    Fault.UNAVAILABLE: 0.005,
    Fault.FORBIDDEN: 0.001,
}
# Rarer: the Functions host ends at a 403 or a 429 here, and is started again.
QUEUES: Rates = {
    Fault.LOST_ANSWER: 0.003,
    Fault.RESET: 0.003,
    Fault.THROTTLED: 0.0002,
    Fault.UNAVAILABLE: 0.004,
    Fault.FORBIDDEN: 0.0002,
}

_RETRY_AFTER = 2
"""Seconds that a throttled client is asked to wait."""


@dataclass(slots=True)
class FaultSource:
    """Draws the fault of each request of one connection; it is off until it is switched on."""

    random: Random
    rates: Rates
    on: bool = False
    outage: Fault | None = None
    """What every request meets meanwhile, whether faults are on or off."""
    counts: Counter[Fault] = field(default_factory=Counter)
    """How many requests met each fault."""
    requests: int = 0

    def draw(self) -> Fault | None:
        """Return the fault of the next request; None lets it pass."""
        self.requests += 1
        if self.outage is not None:
            return self.outage
        if not self.on:
            return None
        left = self.random.random()
        for fault, rate in self.rates.items():
            if (left := left - rate) < 0:
                return fault
        return None


_REFUSALS = {
    Fault.THROTTLED: (b"429 Too Many Requests", "TooManyRequests", "Too many requests."),
    Fault.THROTTLED_FOR: (b"429 Too Many Requests", "TooManyRequests", "Too many requests."),
    Fault.UNAVAILABLE: (b"503 Service Unavailable", "ServerBusy", "The server is busy."),
    Fault.FORBIDDEN: (b"403 Forbidden", "AuthorizationFailure", "There is no role for this."),
    Fault.NOT_FOUND: (b"404 Not Found", "ResourceNotFound", "There is no such job."),
}
REFUSALS = frozenset(_REFUSALS)
"""Faults that are a response of their own."""


def refusal(fault: Fault) -> HttpMessage:
    """Return the response that is the fault, in the words of the services of Azure."""
    status, code, message = _REFUSALS[fault]
    headers = [(b"Content-Type", b"application/json"), (b"x-ms-error-code", code.encode())]
    if fault is Fault.THROTTLED_FOR:
        headers.append((b"Retry-After", b"%d" % _RETRY_AFTER))
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return HttpMessage(b"HTTP/1.1 " + status, headers, body)
