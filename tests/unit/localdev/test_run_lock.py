"""One stack in one place: the lock that a running `up` holds."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from localdev.__main__ import main
from localdev.commands.up import lock_of
from localdev.terminal.run_lock import RunningError, hold, is_free
from tests.unit.localdev.test_stack import up, wait_for


def test_a_lock_is_held_once_and_given_back(tmp_path: Path) -> None:
    """Who comes second is told by whom; afterwards anybody may have it."""
    file = tmp_path / "new" / "up.lock"
    assert not is_free(file)  # nobody has ever held it
    with hold(file):
        assert not is_free(file)
        with pytest.raises(RunningError, match=str(file)), hold(file):
            pass
    assert is_free(file)
    with hold(file):
        pass


def test_a_second_stack_says_who_runs_and_how_to_run_beside_it(tmp_path: Path) -> None:
    """It touches nothing of the first, which goes on."""
    ready_file = tmp_path / "up.json"
    with up("--ready-file", str(ready_file)) as first:
        facts = wait_for(ready_file)
        with up("--ready-file", str(ready_file)) as second:
            printed, _ = second.communicate(timeout=PATIENCE)
        assert second.returncode == 1
        assert f"process {first.pid}" in printed
        assert "--ready-file .localdev/second.json" in printed
        assert "starting" not in printed
        assert wait_for(ready_file) == facts
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert not ready_file.exists()


def test_two_stacks_do_not_share_their_data(tmp_path: Path) -> None:
    """Each would overwrite what the other keeps, which nobody else may read."""
    data = tmp_path / "data"
    with up("--ready-file", str(tmp_path / "1.json"), "--data", str(data)) as first:
        wait_for(tmp_path / "1.json")
        with up("--ready-file", str(tmp_path / "2.json"), "--data", str(data)) as second:
            printed, _ = second.communicate(timeout=PATIENCE)
        assert second.returncode == 1
        assert f"process {first.pid} keeps its data in {data}" in printed
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=PATIENCE)


def test_what_a_killed_stack_left_is_not_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No token is made for it; the next stack takes its place."""
    ready_file = tmp_path / "up.json"
    with up("--ready-file", str(ready_file), "--data", str(tmp_path)) as first:
        left = wait_for(ready_file)
        first.kill()
        first.communicate(timeout=PATIENCE)
    assert is_free(lock_of(ready_file))

    assert main(["token", "--ready-file", str(ready_file)]) == 1
    assert "is of a stack that was killed" in capsys.readouterr().err

    with up("--ready-file", str(ready_file)) as second:
        while wait_for(ready_file) == left:
            assert second.poll() is None
        second.send_signal(signal.SIGINT)
        second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
