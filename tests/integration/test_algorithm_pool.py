"""Algorithms in child processes: what one of them does to itself, and nothing to others."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from emulator_support.processes import wait_gone
from qjobs.adapters import algorithm_process
from qjobs.adapters.algorithm_pool import AlgorithmPool
from qjobs.adapters.algorithm_process import AlgorithmProcess
from qjobs.domain.algorithm import Finish, Inputs
from qjobs.domain.errors import AlgorithmError, InputRejectedError, TransientError
from qjobs.services.places import working_for
from tests.algorithm_folder import describe_algorithm

RESULT_SCHEMA = {"type": "object", "additionalProperties": True}

# What `start` of each algorithm does. Every one sees the same module, in which `times` counts the
# calls of its process.
BODIES = {
    "good": "return Finish({'pid': os.getpid(), 'calls': calls})",
    "abort": "os.abort()",
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "leave": "sys.exit(3)",
    "once": """
        marker = inputs.input['marker']
        if not os.path.exists(marker):
            open(marker, 'w').close()
            os.abort()
        return Finish({'pid': os.getpid()})""",
    "memory": "return Finish({'size': len(bytearray(4 << 30))})",
    "native_memory": "import numpy; return Finish({'size': float(numpy.ones(1 << 29).sum())})",
    "large": "return Finish({'text': 'x' * (33 << 20)})",
    "waits": """
        while not os.path.exists(inputs.input['marker']):
            time.sleep(0.01)
        return Finish({})""",
    "slow": "time.sleep(600)",
    "busy": "while True: pass",
    "raises": "raise ZeroDivisionError('inner workings')",
    "rejects": "raise InputRejectedError('Too long.')",
}
MODULE = """
import os, signal, sys, time
from qjobs.domain.algorithm import Finish
from qjobs.domain.errors import InputRejectedError

calls = 0

class Probe:
    def start(self, inputs):
        global calls
        calls += 1
        {body}

algorithm = Probe()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with an algorithm for each of the `BODIES`, which processes can import."""
    package = tmp_path / "algorithms"
    package.mkdir()
    (package / "__init__.py").touch()
    for name, body in BODIES.items():
        describe_algorithm(package / name, result_schema=RESULT_SCHEMA)
        (package / name / "algorithm.py").write_text(MODULE.format(body=body))
    monkeypatch.syspath_prepend(tmp_path)
    return package


@pytest.fixture
def pool(folder: Path) -> Iterator[AlgorithmPool]:
    """Return a pool of two processes."""
    with closing(AlgorithmPool(folder, size=2, step_seconds=PATIENCE)) as running:
        yield running


async def start(pool: AlgorithmPool, name: str, **inputs: str) -> dict[str, object]:
    """Start an algorithm; return its result."""
    finish = await pool.start(name, Inputs(dict(inputs), 1))
    assert isinstance(finish, Finish)
    return finish.result


async def test_a_process_is_started_once(pool: AlgorithmPool) -> None:
    """One step after the other runs in the same process, which is not this one."""
    first, second = await start(pool, "good"), await start(pool, "good")

    assert first["pid"] == second["pid"] != os.getpid()
    assert (first["calls"], second["calls"]) == (1, 2)


async def test_steps_at_the_same_time_have_a_process_each(pool: AlgorithmPool) -> None:
    """More steps than processes wait for each other, and all are done."""
    tasks = []
    for owner in ("alice", "bob") * 4:
        with working_for(owner):
            tasks.append(asyncio.create_task(start(pool, "good")))
    results = await asyncio.gather(*tasks)

    assert len({result["pid"] for result in results}) == 2


async def test_one_caller_leaves_a_process_to_others(pool: AlgorithmPool, tmp_path: Path) -> None:
    """However many steps of one caller wait, and however long they take."""
    marker = tmp_path / "go on"
    with working_for("busy"):
        long = [asyncio.create_task(start(pool, "waits", marker=str(marker))) for _ in range(4)]
    await asyncio.sleep(0)

    with working_for("other"):
        assert await start(pool, "good")

    assert not any(task.done() for task in long)
    marker.touch()
    await asyncio.gather(*long)


@pytest.mark.parametrize(
    ("name", "status"), [("abort", -signal.SIGABRT), ("kill", -signal.SIGKILL), ("leave", 3)]
)
async def test_an_algorithm_that_ends_its_process_fails_its_job(
    pool: AlgorithmPool, caplog: pytest.LogCaptureFixture, name: str, status: int
) -> None:
    """It is tried twice, its job fails with the reason, and the next job finds a process."""
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(
            AlgorithmError, match=f"{name} ended its process twice: exit status {status}"
        ),
    ):
        await start(pool, name)

    actions = [getattr(record, "action", None) for record in caplog.records]
    assert actions == ["algorithm_died", "algorithm_died"]
    assert (await start(pool, "good"))["calls"] == 1


async def test_a_neighbour_of_a_crash_is_not_disturbed(pool: AlgorithmPool) -> None:
    """Jobs that are under way while another one crashes are done."""
    outcomes = await asyncio.gather(
        start(pool, "abort"),
        *(start(pool, "good") for _ in range(6)),
        start(pool, "kill"),
        return_exceptions=True,
    )

    failed = [isinstance(outcome, AlgorithmError) for outcome in outcomes]
    assert failed == [True, *[False] * 6, True]


async def test_a_process_that_others_ended_is_replaced(pool: AlgorithmPool, tmp_path: Path) -> None:
    """A step whose process died for a reason of its own, as for want of memory, is repeated."""
    assert await start(pool, "once", marker=str(tmp_path / "begun"))


@pytest.mark.skipif(sys.platform != "linux", reason="no other kernel holds this limit")
@pytest.mark.parametrize("name", ["memory", "native_memory"])
async def test_memory_is_limited(pool: AlgorithmPool, name: str) -> None:
    """Four gigabytes are refused before the machine is short of memory."""
    with pytest.raises(AlgorithmError, match="MemoryError"):
        await start(pool, name)


async def test_a_step_too_large_for_the_parent_fails_its_job(pool: AlgorithmPool) -> None:
    """The process of all jobs never reads it, and the reason has both sizes."""
    with pytest.raises(AlgorithmError, match=r"33 MiB of programs, state or result; 32 MiB is"):
        await start(pool, "large")

    assert await start(pool, "good")


@pytest.mark.parametrize("name", ["slow", "busy"])
async def test_a_step_that_takes_too_long_is_ended(folder: Path, name: str) -> None:
    """It is not repeated; its process is gone, and the next job has another."""
    with closing(AlgorithmPool(folder, size=1, step_seconds=5)) as pool:
        before = await start(pool, "good")

        with pytest.raises(AlgorithmError, match="took longer than 5 s"):
            await start(pool, name)

        assert (await start(pool, "good"))["pid"] != before["pid"]
    wait_gone(int(str(before["pid"])))


async def test_what_an_algorithm_raises_is_logged_and_not_told(
    pool: AlgorithmPool, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller reads the kind of error; the log has the traceback from the process."""
    with pytest.raises(AlgorithmError) as failed:
        await start(pool, "raises")

    assert failed.value.detail == "The algorithm raises failed with ZeroDivisionError."
    assert "inner workings" in caplog.text
    assert "algorithm.py" in caplog.text


async def test_a_rejection_of_the_input_is_passed_on(pool: AlgorithmPool) -> None:
    """An error of the engine comes out of the process as the same error."""
    with pytest.raises(InputRejectedError, match=r"^Too long\.$"):
        await start(pool, "rejects")


async def test_a_caller_that_gives_up_leaves_the_pool_whole(folder: Path) -> None:
    """A process whose step was cancelled is not used before the step is over."""
    with closing(AlgorithmPool(folder, size=1, step_seconds=5)) as pool:
        waiting = asyncio.create_task(pool.start("slow", Inputs({}, 1)))
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        assert (await start(pool, "good"))["calls"] == 1


async def test_a_step_that_is_cancelled_before_it_begins_leaves_the_pool_whole(
    folder: Path,
) -> None:
    """Where every thread is taken, a step that is given up gives back its process all the same."""
    busy = threading.Event()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    blocking = asyncio.create_task(asyncio.to_thread(busy.wait, PATIENCE))
    with closing(AlgorithmPool(folder, size=1)) as pool:
        given_up = asyncio.create_task(pool.start("good", Inputs({}, 1)))
        await asyncio.sleep(0.1)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        busy.set()
        await blocking

        async with asyncio.timeout(PATIENCE):
            assert await start(pool, "good")


@pytest.mark.parametrize("program", ["/bin/false", "/nonexistent/python"])
async def test_a_process_that_does_not_start_is_not_the_algorithms_fault(
    pool: AlgorithmPool, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """The message is tried again later, and succeeds once processes start again."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", program)
        with pytest.raises(TransientError, match="cannot be started"):
            await start(pool, "good")

    assert await start(pool, "good")


async def test_a_slow_start_is_not_the_algorithms_fault(
    pool: AlgorithmPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that takes too long to start a process may be faster later."""
    with monkeypatch.context() as patch:
        patch.setattr(algorithm_process, "START_SECONDS", 0.0)
        with pytest.raises(TransientError, match="cannot be started"):
            await start(pool, "good")

    assert await start(pool, "good")


def test_a_process_ends_with_its_parent(folder: Path) -> None:
    """However the parent ends, the child is gone."""
    program = f"""
import os, sys
from pathlib import Path
from qjobs.adapters.algorithm_process import AlgorithmProcess
from qjobs.domain.algorithm import Inputs
process = AlgorithmProcess(Path({str(folder)!r}))
finish = process.request({PATIENCE}, "start", "good", Inputs({{}}, 1))
print(finish.result["pid"], flush=True)
os.abort()
"""
    path = os.pathsep.join(sys.path)
    parent = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        timeout=PATIENCE,
        check=False,
    )

    assert parent.returncode == -signal.SIGABRT
    wait_gone(int(parent.stdout))


def test_a_process_that_was_never_used_can_be_stopped(folder: Path) -> None:
    """There is none to stop."""
    assert AlgorithmProcess(folder).stop() is None
