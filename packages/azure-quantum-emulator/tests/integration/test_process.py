"""The emulator as a process: how it starts, what it leaves behind, what it costs in storage."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from azure.quantum import Job

from azure_quantum_emulator.__main__ import KEY_VARIABLE, STORAGE_VARIABLE, main
from azure_quantum_emulator.testing import RunningEmulator, running
from emulator_support import qir_text as text
from emulator_support.patience import PATIENCE

COIN = text.module(
    [text.call("h__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
    qubits=1,
    results=1,
)


def submit(emulator: RunningEmulator, program: bytes) -> Job:
    """Submit a job."""
    return Job.from_input_data(
        workspace=emulator.connect(),
        name="a test",
        target="local.sim.aer",
        provider_id="local",
        input_data=program,
        content_type="qir.v1",
        input_data_format="qir.v1",
        output_data_format="microsoft.quantum-results.v2",
        input_params={"shots": 10},
    )


def children(pid: int) -> set[int]:
    """Return the processes that *pid* started."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if parent(int(entry.name)) == pid:
                found.add(int(entry.name))
    return found


def descendants(pid: int) -> set[int]:
    """Return the processes that *pid* started, and those they started."""
    return {found for child in children(pid) for found in (child, *descendants(child))}


def parent(pid: int) -> int:
    """Return the process that started *pid*."""
    return int(_stat(pid)[1])


def wait_for_end(pids: set[int]) -> None:
    """Wait until none of *pids* runs."""
    deadline = time.monotonic() + PATIENCE
    while left := {pid for pid in pids if _runs(pid)}:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.02)


def wait_for(job: Job, status: str) -> None:
    """Wait until *job* has *status*."""
    deadline = time.monotonic() + PATIENCE
    while job.details.status != status:
        assert time.monotonic() < deadline, job.details.status
        time.sleep(0.02)
        job.refresh()


def _runs(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return _stat(pid)[0] != "Z"
    return False


def _stat(pid: int) -> list[str]:
    """Return what the kernel tells of a process: its state, its parent and more."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def wait_for_exit(emulator: RunningEmulator) -> int:
    """Wait until the emulator has ended; return its exit status."""
    deadline = time.monotonic() + PATIENCE
    while (status := emulator.process.exit_status) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return status


def test_options_decide_which_workspace_it_is(azurite: str, tmp_path: Path) -> None:
    """The ready file says what the command line said, and where the emulator listens."""
    options = {
        "--api-key": "k",
        "--subscription-id": str(uuid.uuid4()),
        "--resource-group": "group",
        "--workspace": "mine",
        "--location": "westus",
    }
    arguments = [word for option in options.items() for word in option]
    with running(tmp_path, *arguments, "--quiet", storage=azurite) as emulator:
        coordinates = {value for name, value in emulator.facts.items() if name != "url"}
        assert coordinates == set(options.values())
        assert emulator.control.get("/emulator/jobs").json() == []


@pytest.mark.parametrize("arguments", [(), ("--api-key", "given")])
def test_the_key_is_taken_from_the_environment(
    azurite: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: Sequence[str],
) -> None:
    """Where no command line has it; an option goes first, and no other process gets to know it."""
    named = str(uuid.uuid4())
    monkeypatch.setenv(KEY_VARIABLE, named)
    with running(tmp_path, "--in-memory", "--quiet", *arguments, storage=azurite) as emulator:
        assert emulator.api_key == ("given" if arguments else named)
        assert emulator.control.get("/emulator/jobs").status_code == 200
        for pid in descendants(emulator.process.pid):
            assert named.encode() not in Path(f"/proc/{pid}/environ").read_bytes()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(azurite: str, tmp_path: Path, sent: signal.Signals) -> None:
    """A signal ends it with status 0, though a program is running, and nothing stays behind."""
    with running(tmp_path, "--in-memory", storage=azurite) as emulator:
        wait_for(submit(emulator, text.ENDLESS), "Executing")
        started = descendants(emulator.process.pid)
        os.kill(emulator.process.pid, sent)
        assert wait_for_exit(emulator) == 0
        assert started
        wait_for_end(started)


def test_its_workers_end_with_it(azurite: str, tmp_path: Path) -> None:
    """Even a kill leaves no process behind."""
    with running(tmp_path, "--in-memory", "--workers", "2", storage=azurite) as emulator:
        started = descendants(emulator.process.pid)
        os.kill(emulator.process.pid, signal.SIGKILL)
        wait_for_exit(emulator)
        assert len(started) >= 2
        wait_for_end(started)


@pytest.mark.parametrize("victim", ["worker", "its fork server"])
def test_a_dying_worker_fails_its_job_only(azurite: str, tmp_path: Path, victim: str) -> None:
    """The job that ran says so, and the jobs after it run in a new process."""
    with running(tmp_path, "--in-memory", "--quiet", storage=azurite) as emulator:
        job, behind = submit(emulator, text.ENDLESS), submit(emulator, COIN)
        wait_for(job, "Executing")
        (worker,) = descendants(emulator.process.pid) - children(emulator.process.pid)
        os.kill(worker if victim == "worker" else parent(worker), signal.SIGKILL)
        wait_for(job, "Failed")
        assert job.details.error_data.code == "WorkerDied"
        wait_for(behind, "Succeeded")
        wait_for_end({worker})


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_lost_by_a_restart(azurite: str, tmp_path: Path, how: signal.Signals) -> None:
    """What was done stays done, what was running or waiting is run by the next emulator."""
    arguments = ("--quiet", "--api-key", "k")
    with running(tmp_path, *arguments, storage=azurite) as emulator:
        done = submit(emulator, COIN)
        wait_for(done, "Succeeded")
        session = open_session(emulator)
        broken, waiting = submit(emulator, text.ENDLESS), submit(emulator, COIN)
        wait_for(broken, "Executing")
        os.kill(emulator.process.pid, how)
        wait_for_exit(emulator)

    with running(tmp_path, *arguments, storage=azurite) as emulator:
        workspace = emulator.connect()
        assert [job.id for job in workspace.list_jobs()] == [done.id, broken.id, waiting.id]
        assert workspace.get_job(done.id).details.status == "Succeeded"
        assert workspace.get_session(session).details.status == "Waiting"
        again = workspace.get_job(broken.id)
        wait_for(again, "Executing")
        workspace.cancel_job(again)
        wait_for(workspace.get_job(waiting.id), "Succeeded")


def open_session(emulator: RunningEmulator) -> str:
    """Open a session; return its id."""
    session = str(uuid.uuid4())
    body = {"name": "s", "providerId": "local", "target": "local.sim.aer"}
    path = f"{emulator.path}/sessions/{session}"
    answer = emulator.control.put(path, json=body, params={"api-version": "2026-01-15-preview"})
    answer.raise_for_status()
    return session


def test_it_brings_its_own_storage(tmp_path: Path) -> None:
    """Without a storage account it starts Azurite, and stops it at the end."""
    with running(tmp_path, "--in-memory", "--quiet") as emulator:
        wait_for(submit(emulator, COIN), "Succeeded")
        started = descendants(emulator.process.pid)
        os.kill(emulator.process.pid, signal.SIGTERM)
        assert wait_for_exit(emulator) == 0
        wait_for_end(started)


def test_what_it_keeps_is_its_owners_alone(tmp_path: Path) -> None:
    """Programs and results are in its directory, which nobody else may enter."""
    with running(tmp_path, "--quiet") as emulator:
        wait_for(submit(emulator, COIN), "Succeeded")
        data = tmp_path / "emulator"
        assert {path.name for path in data.iterdir()} >= {"azurite", "azurite.log", "state.sqlite"}
        assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_it_ends_with_its_own_storage(tmp_path: Path) -> None:
    """If its Azurite dies it stops and says why, instead of letting clients wait."""
    with running(tmp_path, "--in-memory", "--quiet") as emulator:
        (storage,) = filter(_is_azurite, children(emulator.process.pid))
        os.kill(storage, signal.SIGKILL)
        assert wait_for_exit(emulator) == 1
        assert "the storage account is gone" in emulator.process.output()


def _is_azurite(pid: int) -> bool:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return any(Path(word).name == "azurite" for word in words)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "99999"], "--port: 99999 is no port: 0 to 65535 are"),
        (["--storage", "nonsense"], "--storage: "),
        (["--config", "missing.json"], "missing.json"),
        (["--workers", "0"], "--workers: 0 is less than 1"),
        (["--azurite", "nowhere"], "npm install -g azurite"),
        (["--config", "wrong.json"], "wrong.json"),
        (["--config", "deep.json"], "deep.json: the whole: not JSON: it has more than 100 levels"),
        (["--config", "nan.json"], "nan.json: the whole: not JSON: NaN is not a number of JSON"),
        (["--config", "latin.json"], "latin.json: the whole: not JSON: "),
    ],
)
def test_a_wrong_option_is_told(tmp_path: Path, arguments: list[str], message: str) -> None:
    """The emulator does not start, and says in a line what is wrong."""
    (tmp_path / "wrong.json").write_text("[project]")
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "nan.json").write_text('{"seed": NaN}')
    (tmp_path / "latin.json").write_bytes(b'{"seed\xe9": 1}')
    result = subprocess.run(
        [sys.executable, "-m", "azure_quantum_emulator", "--data", str(tmp_path / "d"), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("option", ["--port", "--tls-port"])
def test_an_emulator_without_its_port_leaves_nothing_behind(tmp_path: Path, option: str) -> None:
    """It says that the port is taken, and has made no directory and started no Azurite by then."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = subprocess.run(
            [sys.executable, "-m", "azure_quantum_emulator", option, port],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert "in use" in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_emulator_without_azurite_leaves_nothing_behind(tmp_path: Path) -> None:
    """It looks for the program before it makes a directory."""
    result = subprocess.run(
        [sys.executable, "-m", "azure_quantum_emulator", "--azurite", "nowhere"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--in-memory", "--data", "d"], "--in-memory and --data exclude each other"),
        (["--api-key", "k", "--no-api-key"], "--api-key and --no-api-key exclude each other"),
        (["--storage", "x", "--azurite", "a"], "--storage and --azurite exclude each other"),
        (
            ["--tls-port", "0", "--ca-file", "f", "--tls-certificate", "c", "k"],
            "--ca-file and --tls-certificate exclude each other",
        ),
        (["--ca-file", "ca.pem"], "--ca-file needs --tls-port"),
        (["--tls-certificate", "c", "k"], "--tls-certificate needs --tls-port"),
        (
            ["--storage-client-id", "i"],
            "--storage-client-id needs an https:// address as --storage",
        ),
        (
            ["--storage", "UseDevelopmentStorage=true", "--storage-client-id", "i"],
            "--storage-client-id needs an https:// address as --storage",
        ),
    ],
)
def test_an_option_without_effect_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    """Options that exclude each other, or need another one, end the command with status 2."""
    monkeypatch.delenv(STORAGE_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "argv", ["azure-quantum-emulator", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_the_authority_of_an_emulator_in_memory_ends_with_it(azurite: str, tmp_path: Path) -> None:
    """What TLS clients have to trust is a temporary file; nothing is left behind."""
    with running(tmp_path, "--in-memory", "--tls-port", "0", storage=azurite) as emulator:
        authority = Path(emulator.facts["authorityFile"])
        assert authority.is_file()
        assert not authority.is_relative_to(Path.cwd())
    assert not authority.exists()


def test_a_wrong_configuration_is_told(tmp_path: Path) -> None:
    """The message names the field."""
    config = tmp_path / "scenario.json"
    config.write_text(json.dumps({"targets": {"ionq.simulator": {"queueDelay": "soon"}}}))
    result = subprocess.run(
        [sys.executable, "-m", "azure_quantum_emulator", "--in-memory", "--config", str(config)],
        env=os.environ | {"AZURE_QUANTUM_EMULATOR_STORAGE": "UseDevelopmentStorage=true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "/targets/ionq.simulator/queueDelay" in result.stderr
    assert "Traceback" not in result.stderr
