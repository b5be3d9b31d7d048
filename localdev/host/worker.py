"""Adapter of Microsoft's Functions worker library: indexes the app and invokes its functions.

The library expects the host's protobuf messages on its way in; a namespace with the same names
is enough, because nothing is sent over a wire here. One app per process: the library keeps its
registry in module globals.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure_functions_runtime as runtime
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import invocation_request_native

type Binding = dict[str, Any]
"""One binding as the decorators wrote it down: type, name, direction and its own members."""

_SUCCESS = 1


class IndexingError(Exception):
    """The worker library cannot load the app's functions; the message is its own."""


class InvocationError(Exception):
    """A function raised an error."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the app, as the worker library describes it."""

    id: str
    name: str
    bindings: tuple[Binding, ...]
    retry_options: object = None

    @property
    def trigger(self) -> Binding:
        """The binding that starts the function."""
        return next(one for one in self.bindings if str(one["type"]).lower().endswith("trigger"))


async def index(app: Path) -> list[Function]:
    """Load the app's functions.

    Raises:
        IndexingError: the worker refuses the app.

    """
    sys.path.insert(0, str(app))
    os.environ.setdefault("PYTHON_THREADPOOL_THREAD_COUNT", "1000")  # as for a worker on Azure
    runtime.start_threadpool_executor()
    request = SimpleNamespace(capabilities={}, function_app_directory=str(app))
    response = await runtime.worker_init_request(
        SimpleNamespace(
            request=SimpleNamespace(worker_init_request=request),
            properties={"host": "127.0.0.1", "protos": _Messages()},
        )
    )
    if response.result.status != _SUCCESS:
        raise IndexingError(str(response.result.exception.message))
    if "HttpUri" in response.capabilities:
        raise IndexingError("HTTP streaming is not supported: use the types of azure.functions")
    metadata = await runtime.functions_metadata_request(None)
    if metadata.function_metadata_results is None:
        raise IndexingError("function_app.py is missing")
    return [
        Function(
            one.function_id,
            one.name,
            tuple(json.loads(binding) for binding in one.raw_bindings),
            getattr(one, "retry_options", None),
        )
        for one in metadata.function_metadata_results
    ]


async def invoke(function: Function, trigger: Datum, metadata: Mapping[str, Datum]) -> Datum | None:
    """Run a function once, and return its return value.

    Args:
        function: the one to run
        trigger: what started it
        metadata: what the trigger says about it

    Raises:
        InvocationError: it raised an error; the library has logged it.

    """
    try:
        ok, returned, _, error, _ = await invocation_request_native(
            str(uuid.uuid4()),
            function.id,
            [(function.trigger["name"], trigger)],
            metadata,
        )
    except SystemExit as exit_error:  # of the function, not of the host
        raise InvocationError(f"it exited with {exit_error.code}") from exit_error
    if not ok:
        raise InvocationError(error)
    return returned


def text(value: str) -> Datum:
    """Return a string as a `Datum`."""
    return Datum(value, "string")


class _Messages:
    """Substitute of the host's protobuf module: classes of the same names, created on access."""

    BindingInfo = type("BindingInfo", (SimpleNamespace,), {"in": 0, "out": 1, "inout": 2})

    class StatusResult(SimpleNamespace):
        """Outcome of a request."""

        Failure, Success, Cancelled = 0, _SUCCESS, 2

    def __getattr__(self, name: str) -> type:
        made = type(name, (SimpleNamespace,), {})
        setattr(self, name, made)
        return made
