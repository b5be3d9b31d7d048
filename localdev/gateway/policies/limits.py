"""Rate limit policies."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from localdev.gateway.compiler import Compiler, Value
from localdev.gateway.context import Response
from localdev.gateway.counters import Counters
from localdev.gateway.exchange import Exchange, RefusedError, Run, run
from localdev.gateway.source import Element

TOO_MANY = 429


def rate_limit_by_key(element: Element, compiler: Compiler) -> Run:
    """Refuse a request with 429 when the calls of its key in this period are used up.

    If the increment is computed, it happens when the outbound section has ended: the limit is then
    tested on the next call, so one call more than allowed goes through.
    """
    attributes = element.attributes
    return _Limit(
        counters=compiler.services.counters,
        calls=int(attributes["calls"]),
        period=int(attributes["renewal-period"]),
        key=compiler.text(element, attributes["counter-key"]),
        deferred=bool(attributes.keys() & {"increment-condition", "increment-count"}),
        condition=compiler.boolean(element, attributes.get("increment-condition", "@(true)")),
        count=compiler.integer(element, attributes.get("increment-count", "1")),
        wait_variable=attributes.get("retry-after-variable-name"),
        remaining_header=attributes.get("remaining-calls-header-name"),
        total_header=attributes.get("total-calls-header-name"),
    )


def limit_concurrency(element: Element, compiler: Compiler) -> Run:
    """Run the policies in it, or refuse with 429 while as many requests of its key run them."""
    key = compiler.text(element, element.attributes["key"])
    most = int(element.attributes["max-count"])
    steps = compiler.steps(element.children)
    running = compiler.services.running

    async def counted(name: str, exchange: Exchange) -> None:
        running[name] += 1
        try:
            await run(steps, exchange)
        finally:
            running[name] -= 1
            if not running[name]:
                del running[name]

    def limited(exchange: Exchange) -> Awaitable[None]:
        name = key(exchange.context)
        if running[name] >= most:
            message = "The number of requests at the same time is exceeded."
            raise RefusedError(TOO_MANY, "ConcurrencyLimitExceeded", message)
        return counted(name, exchange)

    return limited


@dataclass(frozen=True, slots=True)
class _Limit:
    counters: Counters
    calls: int
    period: int
    """Seconds."""
    key: Value[str]
    deferred: bool
    condition: Value[bool]
    count: Value[int]
    wait_variable: str | None
    remaining_header: str | None
    total_header: str | None

    def __call__(self, exchange: Exchange) -> None:
        context = exchange.context
        key = self.key(context)
        exchange.decorations.append(lambda response: self._decorate(response, key))
        allowed = self.counters.remaining(key, self.calls, self.period) > 0
        if self.deferred:
            exchange.deferred.append(lambda: self._increment(exchange, key))
        elif allowed:
            self.counters.take(key, self.calls, self.period)
        if not allowed:
            wait = self.counters.wait(key, self.calls, self.period)
            if self.wait_variable is not None:
                context.variables[self.wait_variable] = wait
            message = f"Rate limit is exceeded. Try again in {wait} seconds."
            raise RefusedError(TOO_MANY, "RateLimitExceeded", message)

    def _increment(self, exchange: Exchange, key: str) -> None:
        if self.condition(exchange.context):
            count = self.count(exchange.context)
            self.counters.take(key, self.calls, self.period, count)

    def _decorate(self, response: Response, key: str) -> None:
        if self.remaining_header is not None:
            left = self.counters.remaining(key, self.calls, self.period)
            response.headers[self.remaining_header] = str(left)
        if self.total_header is not None:
            response.headers[self.total_header] = str(self.calls)
