"""Functions called as the worker calls them."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import azure.functions as func


def invocation(trace_parent: str = "") -> func.Context:
    """Return the context of an invocation; without Application Insights it has no trace."""
    return cast(
        "func.Context", SimpleNamespace(trace_context=SimpleNamespace(trace_parent=trace_parent))
    )


async def invoke(function: Callable[..., Awaitable[Any]], argument: object) -> Any:  # noqa: ANN401 - as the worker
    """Return the return value of a function, which gets its context if it has a place for one."""
    if "context" in inspect.signature(function).parameters:
        return await function(argument, context=invocation())
    return await function(argument)
