"""Calls functions of an app through the worker library, and prints their responses as JSON.

It is run by its path and in isolation, `python -I -B probe.py APP PATH ...`: so it sees the
standard library, the packages of the Python that runs it, and the app, but not this repository.
Only Microsoft's worker library stands between it and the app.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_WORKER = Path(__file__).parents[2] / "localdev" / "host" / "worker.py"


async def probe(app: Path, paths: list[str]) -> dict[str, Any]:
    """Index the app in the folder *app* and ask it for *paths*, below `/api/`."""
    worker = _worker()
    functions = await worker.index(app)
    routes = {
        one.trigger["route"]: one
        for one in functions
        if one.trigger["type"] == "httpTrigger" and "GET" in one.trigger["methods"]
    }
    answers = {path: await _answer(worker, routes[path], path) for path in paths}
    return {
        "functions": {one.name: one.trigger["type"] for one in functions},
        "answers": answers,
        "modules": {
            name: file
            for name, module in sys.modules.items()
            if (file := getattr(module, "__file__", None))
        },
    }


async def _answer(worker: ModuleType, function: Any, path: str) -> dict[str, Any]:  # noqa: ANN401 - the worker's, which is not imported here
    """Return status and body of a function's response."""
    request = {
        "method": worker.text("GET"),
        "url": worker.text(f"https://functions.example/api/{path}"),
        "headers": {},
        "query": {},
        "params": {},
        "body": worker.Datum(b"", "bytes"),
    }
    returned = await worker.invoke(function, worker.Datum(request, "http"), {})
    answer = returned.value
    return {
        "status": int(answer["status_code"].value),
        "body": json.loads(answer["body"].value),
    }


def _worker() -> ModuleType:
    """Load the local host's way into the worker library, and nothing else of the local host."""
    spec = importlib.util.spec_from_file_location("worker", _WORKER)
    if spec is None or spec.loader is None:
        raise ImportError(f"{_WORKER} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    print(json.dumps(asyncio.run(probe(Path(sys.argv[1]), sys.argv[2:]))))  # noqa: T201 - its output
