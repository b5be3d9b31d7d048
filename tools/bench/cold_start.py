"""Import time of the app in a new interpreter, as at a cold start."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

from localdev.repository import ROOT
from tools.figures import Figure, Floor

_PROGRAM = """
import time
started = time.perf_counter()
import {module}
print((time.perf_counter() - started) * 1000)
"""


def measure(repetitions: int) -> list[Figure]:
    """Import the app, and the library it cannot do without, *repetitions* times each."""
    modules = ("azure.functions", "function_app")
    times: dict[str, list[float]] = {module: [] for module in modules}
    with tempfile.TemporaryDirectory() as cache:
        for module in modules:
            _import(module, cache)  # compiles; the platform ships bytecode too
        for _ in range(repetitions):
            for module in modules:
                times[module].append(_import(module, cache))
    floor = Floor(statistics.median(times["azure.functions"]), "azure.functions")
    return [Figure("import function_app", statistics.median(times["function_app"]), "ms", floor)]


def _import(module: str, cache: str) -> float:
    """Return the milliseconds that the import of *module* takes in a new interpreter."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(  # noqa: S603 - the program above
        [sys.executable, "-c", _PROGRAM.format(module=module)],
        cwd=ROOT,
        env=environment | {"PYTHONPYCACHEPREFIX": cache, "QDK_PYTHON_TELEMETRY": "none"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)
