"""Cold start: the time from a new process to its first response, with the package as deployed."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path

from tools.figures import Baseline, Figure
from tools.package import probe

_ISOLATED = ("-I", "-B")  # neither variables nor this repository play a part; nothing is written
_LIBRARY = "import azure.functions, azure_functions_runtime.native_invocation"


def cold_start(archive: bytes, repetitions: int) -> list[Figure]:
    """Measure the package, and what no package could do without, *repetitions* times in turn.

    Each time is that of a whole process on this machine, with the packages of this environment.
    The platform adds what it takes to find an instance and to start its host.
    """
    with tempfile.TemporaryDirectory() as folder:
        bytecode, sources = Path(folder, "bytecode"), Path(folder, "sources")
        zipfile.ZipFile(BytesIO(archive)).extractall(bytecode)
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(bytecode, sources, ignore=without)
        commands = {
            "interpreter": ("-c", "pass"),
            "library": ("-c", _LIBRARY),
            "bytecode": (probe.__file__, str(bytecode), "algorithms"),
            "sources": (probe.__file__, str(sources), "algorithms"),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(repetitions):
            for name, command in commands.items():
                times[name].append(_milliseconds(command, Path(folder)))
    median = {name: statistics.median(found) for name, found in times.items()}
    interpreter = Baseline(median["interpreter"], "the interpreter alone")
    library = Baseline(median["library"], "the worker library alone")
    return [
        Figure("start, worker library", median["library"], "ms", interpreter),
        Figure("start, index, first catalogue", median["bytecode"], "ms", library),
        Figure("the same without bytecode", median["sources"], "ms", library),
    ]


def _milliseconds(command: tuple[str, ...], folder: Path) -> float:
    """Return how long a fresh interpreter takes for *command*."""
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - the commands above
        [sys.executable, *_ISOLATED, *command],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return (time.perf_counter() - started) * 1000
