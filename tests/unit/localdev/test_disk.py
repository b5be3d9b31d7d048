"""What is said when the disk of a stack is full."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_quantum_emulator.supervision.free_space import MEGABYTE, shortage
from emulator_support.patience import PATIENCE
from emulator_support.processes import wait_gone
from localdev.stack.stack import LEAST_SPACE, NoSpaceError, ProcessError
from tests.unit.localdev.test_stack import make_stack, up, wait_for


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk that a stack just fits on."""
    place = tmp_path / "disk"
    place.mkdir()
    size = f"size={LEAST_SPACE + 4 * MEGABYTE}"
    if (
        shutil.which("mount") is None
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no disk can be mounted here: that takes root")
    yield place
    subprocess.run(["umount", place], check=True)


def fill(disk: Path) -> None:
    """Leave nothing of the *disk*."""
    with (disk / "filling").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * MEGABYTE)


def test_a_stack_does_not_start_on_a_full_disk(disk: Path) -> None:
    """What is full is named, and nothing was started."""
    fill(disk)
    stack = make_stack(disk)
    with pytest.raises(NoSpaceError, match=f"the disk of {disk} is full: 0.0 MB are free"), stack:
        pass
    assert not (disk / "logs").exists()


def test_a_part_that_dies_of_a_full_disk_is_told_so(disk: Path) -> None:
    """Its own words for it may not have found room in its log."""
    with make_stack(
        disk, workspace="signal.signal(signal.SIGALRM, lambda *_: sys.exit(1))"
    ) as stack:
        fill(disk)
        subprocess.run(["kill", "-ALRM", str(stack.pid("workspace"))], check=True)
        wait_gone(stack.pid("workspace"))
        with pytest.raises(ProcessError, match=f"status 1; the disk of {disk}/logs is full"):
            stack.check()


def test_a_disk_that_fills_up_is_told_while_the_stack_runs(disk: Path, tmp_path: Path) -> None:
    """The parts live on, and what they answer does not say why."""
    ready_file = tmp_path / "up.json"
    with up("--ready-file", str(ready_file), "--data", str(disk)) as command:
        wait_for(ready_file)
        fill(disk)
        assert command.stdout is not None
        printed = ""
        while "is full" not in printed:
            printed = command.stdout.readline()
            assert printed
        assert f"the disk of {disk} is full: 0.0 MB are free" in printed
        command.send_signal(signal.SIGINT)
        rest, _ = command.communicate(timeout=PATIENCE)
    assert "is full" not in rest  # it is told once


def test_a_disk_with_room_is_not_full(tmp_path: Path) -> None:
    """Neither in bytes nor in files; of any disk, more than it has can be asked."""
    assert shortage(tmp_path, 1) is None
    assert "MB are free" in str(shortage(tmp_path, 2**62))
