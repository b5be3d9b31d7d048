from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from emulator_support.processes import wait_gone
from localdev.stack.part import Part
from localdev.stack.stack import Options, ProcessError, Stack, StoppedError
from tests.unit.localdev.fake_parts import FakePart, fake_parts, said

FAKE_STACK = Path(__file__).with_name("fake_parts.py")
ROOT = Path(__file__).parents[3]


def make_stack(directory: Path, **statements: str) -> Stack:
    """Return a stack of fake parts; *statements* are what parts run before they are ready."""
    return Stack(Options(directory, settings=statements), fake_parts)


def up(*arguments: str, **statements: str) -> subprocess.Popen[str]:
    """Start `up` with fake parts; *statements* as for `make_stack`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.unit.localdev.fake_parts", *arguments],
        env=os.environ | {"STATEMENTS": json.dumps(statements)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(path: Path, timeout: float = PATIENCE) -> dict[str, dict[str, object]]:
    """Return the content of the ready file *path* once it is there."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            content: dict[str, dict[str, object]] = json.loads(path.read_text())
        except FileNotFoundError:  # not yet, or a stack that starts has just taken away an old one
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return content


def test_parts_start_in_order_and_stop_in_reverse(tmp_path: Path) -> None:
    """A part finds those it needs, from before its start until after its end."""
    with make_stack(tmp_path) as stack:
        facts = stack.facts
        assert list(facts) == ["storage", "workspace", "functions"]
        needed = said(facts, "functions")["needs"]
        assert needed == said(facts, "workspace")["pid"] == stack.pid("workspace")
    assert (tmp_path / "stopped.txt").read_text().split() == ["functions", "workspace", "storage"]


def test_a_stack_makes_its_folder(tmp_path: Path) -> None:
    """It need not be there: a command that starts several stacks has a new one for each."""
    with make_stack(tmp_path / "new" / "folder") as stack:
        assert stack.log("storage").is_file()


def test_a_part_that_does_not_start_takes_the_others_down(tmp_path: Path) -> None:
    """A failed start leaves nothing running."""
    stack = make_stack(tmp_path, functions="sys.exit('no such setting')")
    with pytest.raises(ProcessError, match=r"functions exited with status 1;(.|\n)*no such"), stack:
        pass
    assert (tmp_path / "stopped.txt").read_text().split() == ["workspace", "storage"]


def test_a_part_that_dies_while_another_starts_is_the_one_blamed(tmp_path: Path) -> None:
    """The failure names its cause, not who was waiting."""
    stack = make_stack(
        tmp_path,
        storage="signal.signal(signal.SIGALRM, lambda *_: sys.exit('disk full'));"
        "signal.setitimer(signal.ITIMER_REAL, 0.5)",
        workspace="time.sleep(60)",
    )
    with pytest.raises(ProcessError, match=r"storage exited(.|\n)*disk full"), stack:
        pass


def test_a_start_can_be_given_up(tmp_path: Path) -> None:
    """A stop does not wait for a part that takes long to get ready."""
    stack = make_stack(tmp_path, workspace="time.sleep(60)")
    stack.stopping.set()
    with pytest.raises(StoppedError), stack:
        pass


def test_a_death_nobody_expects_is_found(tmp_path: Path) -> None:
    """`check` is what a supervisor asks now and then."""
    with make_stack(tmp_path) as stack:
        stack.check()
        os.kill(stack.pid("workspace"), signal.SIGKILL)
        wait_gone(stack.pid("workspace"))
        with pytest.raises(ProcessError, match="workspace was ended by SIGKILL"):
            stack.check()


def test_functions_that_end_are_started_again(tmp_path: Path) -> None:
    """A part of which the platform would start another is started again where it was."""
    with make_stack(tmp_path) as stack:
        before = stack.pid("functions")
        os.kill(before, signal.SIGKILL)
        wait_gone(before)
        stack.check()
        assert stack.pid("functions") == said(stack.facts, "functions")["pid"] != before


def test_two_parts_that_end_at_once_are_each_started_again_once(tmp_path: Path) -> None:
    """While the first starts the second is found too, and is not started a third time."""
    names = ("functions", "functions-2")

    def hosts(options: Options) -> list[Part]:
        return [FakePart(options, name, None, "") for name in names]

    with Stack(Options(tmp_path), hosts) as stack:
        before = [stack.pid(name) for name in names]
        for pid in before:
            os.kill(pid, signal.SIGKILL)
            wait_gone(pid)
        stack.check()
        for name in names:
            assert len(stack.log(name).read_text().splitlines()) == 2
            assert stack.pid(name) == said(stack.facts, name)["pid"]


def test_functions_that_cannot_start_again_are_found(tmp_path: Path) -> None:
    """A part that ends before it is ready is not started again and again."""
    once = tmp_path / "once"
    statement = f"open({str(once)!r}, 'x')"
    with make_stack(tmp_path, functions=statement) as stack:
        os.kill(stack.pid("functions"), signal.SIGKILL)
        wait_gone(stack.pid("functions"))
        with pytest.raises(ProcessError, match=r"functions exited with status 1;(.|\n)*once"):
            stack.check()


def test_a_killed_part_can_be_started_again(tmp_path: Path) -> None:
    """A test may crash a part and bring it back."""
    with make_stack(tmp_path) as stack:
        before = stack.pid("functions")
        stack.kill("functions")
        stack.check()
        stack.start("functions")
        stack.check()
        assert stack.pid("functions") == said(stack.facts, "functions")["pid"] != before


def test_a_restarted_part_stops_cleanly_first(tmp_path: Path) -> None:
    """A restart is no crash."""
    with make_stack(tmp_path) as stack:
        stack.restart("workspace")
        assert (tmp_path / "stopped.txt").read_text().split() == ["workspace"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end in exit code 0, with no process and no ready file left."""
    ready_file = tmp_path / "ready.json"
    with up("--ready-file", str(ready_file), "--data", str(tmp_path)) as command:
        facts = wait_for(ready_file)
        command.send_signal(number)
        printed, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, printed
    assert not ready_file.exists()
    for part in facts.values():
        wait_gone(int(str(part["pid"])))
    assert (tmp_path / "stopped.txt").read_text().split() == ["functions", "workspace", "storage"]


def test_a_dying_part_takes_the_command_down(tmp_path: Path) -> None:
    """A stack with a part missing is worse than none."""
    ready_file = tmp_path / "ready.json"
    statement = "signal.signal(signal.SIGUSR1, lambda *_: sys.exit('the simulator crashed'))"
    arguments = ["--ready-file", str(ready_file), "--data", str(tmp_path)]
    with up(*arguments, workspace=statement) as command:
        facts = wait_for(ready_file)
        os.kill(int(str(facts["workspace"]["pid"])), signal.SIGUSR1)
        printed, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 1
    assert "workspace exited with status 1" in printed
    assert "the simulator crashed" in printed
    for part in facts.values():
        wait_gone(int(str(part["pid"])))
    assert not ready_file.exists()


def test_verbose_shows_what_each_part_prints(tmp_path: Path) -> None:
    """Every line carries the name of its part."""
    ready_file = tmp_path / "ready.json"
    statement = "print('hello [there]', flush=True)"
    with up("--ready-file", str(ready_file), "--verbose", workspace=statement) as command:
        wait_for(ready_file)
        command.send_signal(signal.SIGINT)
        printed, _ = command.communicate(timeout=PATIENCE)
    assert "workspace | hello [there]\n" in printed
