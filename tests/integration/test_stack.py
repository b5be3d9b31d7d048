"""The local stack with its real parts, through its command as a person would use it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from emulator_support.patience import PATIENCE
from emulator_support.processes import wait_gone
from tests.unit.localdev.test_stack import wait_for

ROOT = Path(__file__).parents[2]


@contextmanager
def up(directory: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any], dict[int, str]]]:
    """Run `up`; yields the command, its ready file's content, and the ids of its parts."""
    ready_file = directory / "ready.json"
    with subprocess.Popen(
        [sys.executable, "-m", "localdev", "up", "--ready-file", ready_file, "--data", directory],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as command:
        try:
            info = wait_for(ready_file)
            yield command, info, children(command.pid)
        finally:
            command.kill()


def children(parent: int) -> dict[int, str]:
    """Return the ids and command lines of the processes that *parent* started."""
    # Not by `ps`, which cuts its lines at the width of a terminal.
    return {child.pid: " ".join(child.cmdline()) for child in psutil.Process(parent).children()}


def health(info: dict[str, Any]) -> int:
    """Return the status of the functions' health check."""
    return httpx.get(
        f"{info['functions']['url']}/api/health", trust_env=False, timeout=PATIENCE
    ).status_code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_is_ready_when_it_says_so_and_stops_when_told(
    tmp_path: Path, number: signal.Signals
) -> None:
    """The ready file leads to parts that answer; a signal ends in exit code 0 and no process."""
    with up(tmp_path) as (command, info, parts):
        assert health(info) == httpx.codes.OK
        assert set(info["workspace"]) >= {"url", "apiKey", "subscriptionId", "resourceGroup"}
        assert "BlobEndpoint=http://127.0.0.1:" in info["storage"]["connectionString"]
        assert len(parts) >= len(info)
        command.send_signal(number)
        printed, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, printed
    assert info["gateway"]["url"] in printed
    assert not (tmp_path / "ready.json").exists()
    for part in parts:
        wait_gone(part)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_that_up_prints_work(tmp_path: Path) -> None:
    """Copied to a shell, they submit a job and print its result; the token is another's at will."""
    with up(tmp_path) as (command, _, _):
        assert command.stdout is not None
        printed = ""
        while "for another" not in printed:
            printed += command.stdout.readline()
        commands = printed[printed.index("How to call it") :].splitlines()
        script = "\n".join(line for line in commands if line.startswith("  "))
        done = subprocess.run(
            ["sh", "-e"], input=script, capture_output=True, text=True, check=True
        )
    document = json.loads(done.stdout)
    assert (document["algorithm"], document["status"]) == ("ghz", "Succeeded")
    assert not done.stderr


def test_the_death_of_a_part_is_named(tmp_path: Path) -> None:
    """A part that dies takes the stack down, and its log is shown."""
    with up(tmp_path) as (command, _, parts):
        storage = next(pid for pid, args in parts.items() if "bin/azurite " in args)
        os.kill(storage, signal.SIGKILL)
        printed, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 1
    assert "storage was ended by SIGKILL" in printed
    assert "Azurite" in printed or "HTTP/1.1" in printed
    for part in parts:
        wait_gone(part)


@pytest.mark.one_stack
def test_two_stacks_run_side_by_side(tmp_path: Path, stack: dict[str, Any]) -> None:
    """Free ports are the default: nothing is shared between two stacks."""
    with up(tmp_path) as (_, info, _):
        assert health(info) == health(stack) == httpx.codes.OK
        for part, facts in stack.items():
            assert info[part] != facts


def test_nothing_outlives_a_killed_command(tmp_path: Path) -> None:
    """Even SIGKILL leaves no part behind."""
    with up(tmp_path) as (command, _, parts):
        command.kill()
        command.wait()
        for part in parts:
            wait_gone(part)
