from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator_support.processes import wait_gone
from localdev.stack.part import Options
from localdev.stack.stack import Stack
from tests.unit.localdev.fake_parts import fake_parts
from tools.soak.keeper import Keeper

HOST = "functions"


@pytest.fixture
def stumbles(tmp_path: Path) -> Path:
    """Return a file; while it is there, the next start of the host fails and removes it."""
    return tmp_path / "stumbles"


@pytest.fixture
def stack(tmp_path: Path, stumbles: Path) -> Iterator[Stack]:
    """Start a stack of tiny processes."""
    statement = f"p={str(stumbles)!r}; os.path.exists(p) and (os.remove(p), sys.exit('no storage'))"
    with Stack(Options(tmp_path, settings={HOST: statement}), fake_parts) as started:
        yield started


def end(stack: Stack, name: str) -> int:
    """Let a part die; return the id of its process."""
    pid = stack.pid(name)
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    return pid


def test_a_host_that_has_ended_is_started_again_and_counted(stack: Stack) -> None:
    """A look at a stack in which all runs does nothing."""
    keeper = Keeper(stack)
    ended = end(stack, HOST)

    assert keeper.watch() is None
    assert keeper.watch() is None

    assert keeper.ends == 1
    assert stack.exit_status(HOST) is None
    assert stack.pid(HOST) != ended


def test_a_host_that_dies_while_it_starts_is_started_again(stack: Stack, stumbles: Path) -> None:
    """Storage may still be away when it comes back."""
    keeper = Keeper(stack)
    end(stack, HOST)
    stumbles.touch()

    assert keeper.watch() == HOST

    assert keeper.watch() is None
    assert stack.exit_status(HOST) is None


def test_storage_comes_back_although_the_host_has_died_meanwhile(
    stack: Stack, stumbles: Path
) -> None:
    """Whichever of them is missed first, both run in the end."""
    keeper = Keeper(stack)
    keeper.stop("storage")
    end(stack, HOST)
    stumbles.touch()

    keeper.bring_back("storage")

    assert keeper.watch() is None
    assert [stack.exit_status(name) for name in ("storage", HOST)] == [None, None]
