from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from azure_quantum_emulator.supervision.process import Process, ProcessError
from emulator_support.processes import gone, wait_gone


def start(tmp_path: Path, program: str) -> Process:
    """Start *program*, a Python text."""
    return Process(
        "thing", [sys.executable, "-c", program], log=tmp_path / "thing.log", cwd=tmp_path
    )


def ready(process: Process) -> None:
    """Wait until *process* printed `ready`."""
    process.wait_until(lambda: "ready" in process.output() or None, 20)


def test_a_process_that_ends_early_is_named_with_its_last_lines(tmp_path: Path) -> None:
    """Whoever reads the failure knows which part it was and what it said."""
    process = start(tmp_path, "import sys; print('port taken'); sys.exit(3)")
    with pytest.raises(ProcessError, match=r"thing exited with status 3;(.|\n)*port taken"):
        process.wait_until(lambda: None, 20)
    process.stop()


def test_a_process_that_is_not_ready_in_time_is_an_error(tmp_path: Path) -> None:
    """Nothing is waited for without end."""
    process = start(tmp_path, "import time; time.sleep(60)")
    with pytest.raises(ProcessError, match=r"not ready after 0\.1 s"):
        process.wait_until(lambda: None, 0.1)
    process.stop()


def test_the_signal_that_ended_a_process_is_named(tmp_path: Path) -> None:
    """A crash is told from an exit."""
    process = start(tmp_path, "import time; time.sleep(60)")
    os.kill(process.pid, signal.SIGSEGV)
    with pytest.raises(ProcessError, match="ended by SIGSEGV"):
        process.wait_until(lambda: None, 20)
    process.stop()


def test_only_this_runs_output_is_shown(tmp_path: Path) -> None:
    """A log that goes on after a restart does not make the new run look ready."""
    first = start(tmp_path, "print('ready')")
    ready(first)
    first.stop()
    second = start(tmp_path, "import time; time.sleep(60)")
    assert second.output() == ""
    assert second.tail() == []
    second.stop()


def test_a_process_that_does_not_stop_is_ended(tmp_path: Path) -> None:
    """After the grace period there is nothing to negotiate."""
    process = start(
        tmp_path,
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True); time.sleep(60)",
    )
    ready(process)
    process.stop(grace=0.2)
    assert process.exit_status == -signal.SIGKILL


def test_its_children_end_with_it(tmp_path: Path) -> None:
    """A process that exits without its children leaves none behind."""
    process = start(
        tmp_path,
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, 'ready', flush=True); time.sleep(60)",
    )
    ready(process)
    process.stop()
    wait_gone(int(process.output().split()[0]))


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    """SIGKILL cannot be handled, and still leaves no process behind."""
    program = (
        "import subprocess, sys, time; from pathlib import Path\n"
        "from azure_quantum_emulator.supervision.process import Process\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
        "path = Path(sys.argv[1])\n"
        "process = Process('thing', sleep, log=path / 'log', cwd=path)\n"
        "print(process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        assert not gone(pid)
        supervisor.kill()
    wait_gone(pid)


def test_polling_does_not_hide_what_a_process_said(tmp_path: Path) -> None:
    """An access log grows by several lines a second; those that were answered well say nothing."""
    program = """
polled = '127.0.0.1 - - [29/Nov/2026:08:25:36 +0000] "GET /a/work/messages?x=1 HTTP/1.1" {} -'
print(polled.format(500))
print("the reason")
for _ in range(500):
    print(polled.format(200))
    print(polled.format(404))
print(polled.format(404).replace("/messages", ""))
"""
    process = start(tmp_path, program)
    with pytest.raises(ProcessError):
        process.wait_until(lambda: None, 20)

    shown = process.tail()

    assert [line.split()[-2:] for line in shown] == [["500", "-"], ["the", "reason"], ["404", "-"]]
    process.stop()
