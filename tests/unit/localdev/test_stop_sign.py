"""The flag that a signal handler sets."""

from __future__ import annotations

import subprocess
import sys

from emulator_support.patience import PATIENCE

STORM = """
import signal, sys, time
from localdev.terminal.command_scope import StopSign

signs = [StopSign()]
signal.signal(signal.SIGALRM, lambda *_: signs[-1].set())
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.00005)
end = time.monotonic() + 1
seen = 0
while time.monotonic() < end:
    signs[:] = [StopSign()]
    while not signs[-1].wait(0):
        pass
    seen += 1
signal.setitimer(signal.ITIMER_REAL, 0)
print(seen)
"""


def test_a_signal_at_any_moment_sets_the_flag() -> None:
    """A handler interrupts the thread that looks at the flag, wherever that is, and never waits."""
    done = subprocess.run(
        [sys.executable, "-c", STORM], capture_output=True, text=True, timeout=PATIENCE, check=True
    )

    assert int(done.stdout) > 100
