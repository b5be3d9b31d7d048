"""A child process in which algorithms run, so that one that crashes takes nothing else along.

Run as a module it is the child: it takes requests from a socket that it inherits, and ends when
the other end of it closes, thus also when its parent dies.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

from qjobs.domain.errors import AlgorithmError, QJobsError

MEMORY_BYTES = 1 << 30
"""The most that a child may allocate: half of an instance on Flex Consumption (2,048 MB)."""
STEP_BYTES = 32 << 20
"""The largest step that a child hands over: its parent, which serves all jobs, has to hold it."""
START_SECONDS = 20.0
"""The longest start of a child, which takes a third of a second."""


class ProcessDiedError(Exception):
    """The child ended before it responded; the message has its exit status."""


class StartError(Exception):
    """The child cannot be started, or takes too long to start."""


class AlgorithmProcess:
    """A child process that executes algorithms; it is started by the first request."""

    def __init__(self, folder: Path) -> None:
        """Prepare a child for the algorithms in *folder*."""
        self._folder = folder
        self._child: tuple[subprocess.Popen[bytes], Connection] | None = None

    def request(self, timeout: float, method: str, *arguments: object) -> Any:  # noqa: ANN401 - any method's
        """Return the result of a method of `QiskitAlgorithms` in the child.

        Raises:
            StartError: there is no child, whatever the request.
            ProcessDiedError: the child ended.
            TimeoutError: it took longer than *timeout* seconds, and was ended.
            QJobsError: as the method does.

        """
        if self._child is None:
            try:
                self._child = self._start()
                self._receive(self._child[1], START_SECONDS)
            except (OSError, ProcessDiedError) as error:  # a TimeoutError is an OSError
                raise StartError(str(error)) from error
        connection = self._child[1]
        with suppress(OSError):  # a child that is gone shows when its response is awaited
            connection.send((timeout, method, arguments))
        outcome = self._receive(connection, timeout)
        if isinstance(outcome, QJobsError):
            raise outcome
        return outcome

    def _receive(self, connection: Connection, timeout: float) -> Any:  # noqa: ANN401 - as above
        try:
            if connection.poll(timeout):
                return connection.recv()
        except (EOFError, OSError) as error:
            raise ProcessDiedError(f"exit status {self.stop()}") from error
        self.stop()
        raise TimeoutError(f"no response within {timeout:g} s")

    def stop(self) -> int | None:
        """End the child at once; return its exit status, negative for a signal."""
        if self._child is None:
            return None
        (process, connection), self._child = self._child, None
        connection.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)  # it may be ending by itself, of which its status tells more
        process.kill()
        return process.wait()

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        ours, theirs = socket.socketpair()
        connection = Connection(ours.detach())
        with theirs, ExitStack() as stack:
            stack.callback(connection.close)
            descriptor = theirs.fileno()
            process = subprocess.Popen(  # noqa: S603 - this very file
                [sys.executable, "-P", "-m", __name__, str(descriptor), str(self._folder)],
                pass_fds=[descriptor],
                # The Functions worker changes its path after it has started.
                env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
                stdin=subprocess.DEVNULL,
            )
            stack.pop_all()
        return process, connection


def main() -> None:
    """Serve requests until the parent closes the socket."""
    from qjobs.adapters.file_catalogue import FileCatalogue  # noqa: PLC0415 - in the child alone
    from qjobs.adapters.qiskit_algorithms import QiskitAlgorithms  # noqa: PLC0415 - likewise

    descriptor, folder = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal; the parent decides when to end
    _limit_memory()
    algorithms = QiskitAlgorithms(FileCatalogue(Path(folder)))
    with Connection(int(descriptor)) as connection, suppress(EOFError, ConnectionError):
        connection.send("ready")
        while True:
            timeout, method, arguments = connection.recv()
            _limit_time(timeout)
            try:
                outcome = getattr(algorithms, method)(*arguments)
            except QJobsError as error:
                outcome = error
            connection.send_bytes(_pickled(outcome))


def _pickled(outcome: object) -> memoryview:
    body = ForkingPickler.dumps(outcome)
    if len(body) <= STEP_BYTES:
        return body
    size, most = (f"{count / (1 << 20):.0f} MiB" for count in (len(body), STEP_BYTES))
    reason = f"A step of the algorithm has {size} of programs, state or result; {most} is the most."
    return ForkingPickler.dumps(AlgorithmError(reason))


def _limit_memory() -> None:
    """Have this process end first when memory is short: by itself, then by the kernel."""
    with suppress(ValueError, OSError):  # a lower limit is set already, or there is none here
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    with suppress(OSError):  # Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit_time(seconds: float) -> None:
    """Have the kernel end this process some time after its parent would have: that may be gone."""
    most = time.process_time() + (os.cpu_count() or 1) * seconds + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(most), resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
