"""Compilation of a caller's program in a process that can be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection

from qjobs.domain.algorithm import JSONObject, Program
from qjobs.domain.errors import AlgorithmError
from qjobs.methods import compile_process
from qjobs.methods.compile_process import LARGEST_RESULT
from qjobs.methods.limits import rejected

SECONDS = 2.0
"""Of a processor, for a compilation: so a refusal is there within five seconds. Where others use
the processor too, it takes longer, and no program is refused for that."""
_LONGEST_WAIT = 30.0
"""Seconds for a compilation, whatever the processor does meanwhile."""
START_SECONDS = 20.0
"""The longest start of the process, which no program has a part in; it takes half a second."""
_POINTER = "/input/program"
_ENVIRONMENT = {"QDK_PYTHON_TELEMETRY": "none", "RUST_BACKTRACE": "0", "RAYON_NUM_THREADS": "1"}
_TOO_LONG = (
    f"Compiling it takes longer than {SECONDS:g} s; write shorter loops, fewer gates or smaller "
    "registers."
)
_CRASHED = (
    "The compiler crashed on it, as it does where memory is short or something calls or contains "
    "itself deeply; write it shorter and flatter."
)


class Language(StrEnum):
    """The languages of a caller's program."""

    OPENQASM = "OpenQASM"
    QIR = "QIR"


@dataclass(frozen=True, slots=True)
class Contents:
    """A program that was compiled and read."""

    document: JSONObject
    """As `program_reading.document` gives it."""

    @property
    def program(self) -> Program:
        """The program, ready for a provider."""
        found = self.document
        gates = dict(found["gates"])
        return Program(
            format="qir.v1",
            text=found["text"],
            qubits=found["qubits"],
            depth=found["depth"],
            gates=gates,
            entry_point=found["entryPoint"],
        )


def compiled(language: Language, source: str, seconds: float = SECONDS) -> Contents:
    """Return a program that was compiled and read, in *seconds* of a processor at most.

    Raises:
        InputRejectedError: it is refused, or reaches a limit of time or memory.
        AlgorithmError: no process can be started.

    """
    try:
        source.encode()
    except UnicodeEncodeError:
        raise rejected("It is not Unicode text.", _POINTER) from None
    found = _asked(language, source, seconds)
    if "refused" in found:
        raise rejected(str(found["refused"]), _POINTER)
    return Contents(found)


class _Watch:
    """A timer that kills a process."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._timer = threading.Timer(seconds, process.kill)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _asked(language: Language, source: str, seconds: float) -> JSONObject:
    """Return the response of a new process to a program, which ends with it."""
    ours, theirs = socket.socketpair()
    with Connection(ours.detach()) as connection:
        with theirs:
            process = _started(theirs)
        try:
            with _Watch(process, START_SECONDS):
                connection.recv_bytes()
            with _Watch(process, _LONGEST_WAIT):
                request = {"language": language, "program": source, "seconds": seconds}
                return _response(connection, request) or {"refused": _reason(process)}
        except (EOFError, OSError) as error:
            raise AlgorithmError("The process that compiles cannot be started.") from error
        finally:
            process.kill()
            process.wait()


def _response(connection: Connection, request: JSONObject) -> JSONObject | None:
    """Return the response to a request; None if the process ends without one."""
    try:
        connection.send_bytes(json.dumps(request).encode())
        found: JSONObject = json.loads(connection.recv_bytes(LARGEST_RESULT))
    except (EOFError, OSError, ValueError):
        return None
    return found


def _reason(process: subprocess.Popen[bytes]) -> str:
    """Return the reason for which a process ended, by its exit status."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    process.kill()  # what does not end by itself sent what is no response
    ended_by = -process.wait()
    over = ended_by in {signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL}
    return _TOO_LONG if over else _CRASHED


def _started(theirs: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = theirs.fileno()
    path = os.pathsep.join(map(os.path.abspath, sys.path))
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - a module of our own
            [sys.executable, "-P", "-m", compile_process.__name__, str(descriptor)],
            pass_fds=[descriptor],
            # Nothing of this one's: it has what a program must not see.
            env=_ENVIRONMENT | {"PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    raise AlgorithmError("The process that compiles cannot be started.")
