"""Context managers and helpers of the commands: temporary directory, signal handlers, exit code."""

from __future__ import annotations

import contextlib
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from rich.text import Text

from localdev.terminal.console import notes

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSign:
    """A flag that a signal handler may set at any time.

    `threading.Event` is none: a handler runs in the main thread, wherever that is, and waits for
    ever for the event's lock if the thread is just holding it.
    """

    def __init__(self) -> None:
        self._is_set = False

    def set(self) -> None:
        """Set the flag."""
        self._is_set = True

    def is_set(self) -> bool:
        """Return whether the flag is set."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Sleep for *seconds*, then return whether the flag is set."""
        time.sleep(seconds)
        return self._is_set


@contextlib.contextmanager
def directory(data: Path | None) -> Iterator[Path]:
    """Provide a directory for the logs and perhaps the data of one run.

    Args:
        data: to use and to keep, made for its owner alone; None makes a temporary one, which is
            removed again unless the run fails: then its logs may say why.

    """
    if data is not None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield data.resolve()
        return
    temporary = Path(tempfile.mkdtemp(prefix="qjobs-"))
    try:
        yield temporary
    except Exception:
        notes().print(f"the logs are in {temporary / 'logs'}", soft_wrap=True)
        raise
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def signals_call(action: Callable[[], None]) -> Iterator[None]:
    """Call *action* on SIGINT, SIGTERM and SIGHUP inside the `with` block."""

    def handle(_signal: int, _frame: FrameType | None) -> None:
        action()

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt() -> None:
    """Interrupt the main thread as Ctrl-C does, so that `with` blocks clean up.

    Raises:
        KeyboardInterrupt: always.

    """
    raise KeyboardInterrupt


def failure(error: BaseException | str, status: int = 1) -> int:
    """Print the error of a failed command; return its exit code, *status*."""
    message = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
    notes().print(Text(message, style="red"), soft_wrap=True)
    return status
