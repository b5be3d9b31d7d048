"""The process in which a caller's program is read and compiled: hostile until shown otherwise.

Run as a module it takes one program from a socket that it inherits, and sends back JSON. Before it
reads the program it has given up what a hostile one could use: it can open no file and no
connection, has none of its parent's environment, and ends at limits of memory and time, whatever
becomes of its parent.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

MEMORY_BYTES = 512 << 20
"""The most that compiling may allocate; a program of 5,000 gates takes 160 MB."""
LARGEST_RESULT = 8 << 20
"""Bytes of the JSON that is sent back."""


def main() -> None:
    """Compile the program that the parent sends."""
    # First: the allocator of the compiler would reserve more, and keep it.
    _limit(resource.RLIMIT_DATA, MEMORY_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal; the parent decides when to end
    from qjobs.methods import program_reading  # noqa: PLC0415 - within the limit of memory

    with Connection(int(sys.argv[1])) as connection, suppress(EOFError, ConnectionError):
        connection.send_bytes(b"ready")
        request = json.loads(connection.recv_bytes())
        program_reading.prepare(request["language"], request["program"])
        # The timer's signal ends this process, whatever native code does; the limit is behind it.
        signal.setitimer(signal.ITIMER_PROF, request["seconds"])
        _limit(resource.RLIMIT_CPU, int(time.process_time() + request["seconds"]) + 2)
        _limit(resource.RLIMIT_NOFILE, 0)
        _limit(resource.RLIMIT_FSIZE, 0)
        body = json.dumps(_result(program_reading, request)).encode()
        if len(body) > LARGEST_RESULT:
            body = json.dumps({"refused": "Compiled, it is too large."}).encode()
        connection.send_bytes(body)


def _result(reading: Any, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - a module
    try:
        return dict(reading.document(request["language"], request["program"]))
    except MemoryError:
        return {"refused": "Compiling it takes too much memory."}
    except Exception as error:  # noqa: BLE001 - a panic of native code is none, and ends this
        return {"refused": f"The compiler failed on it ({type(error).__name__})."}


def _limit(what: int, most: int) -> None:
    with suppress(ValueError, OSError):  # a lower limit is set already, or there is none here
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
