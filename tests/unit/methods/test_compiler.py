"""Programs are compiled in a process that is killed, limited and blind."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from qjobs.domain.errors import InputRejectedError
from qjobs.methods.compiler import SECONDS, Language, compiled
from tests.hostile_programs import LIMITED, OVER

BELL = (
    'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nh q[0];\ncx q[0], q[1];\n'
    "bit[2] c = measure q;\n"
)


def refusal(source: str, seconds: float = SECONDS) -> str:
    """Return the refusal of a program."""
    with pytest.raises(InputRejectedError) as refused:
        compiled(Language.OPENQASM, source, seconds)
    assert [one.pointer for one in refused.value.violations] == ["/input/program"]
    return refused.value.detail


def test_a_program_comes_back_with_its_size() -> None:
    """Text, qubits, depth and gates are what the engine needs of it."""
    program = compiled(Language.OPENQASM, BELL).program

    assert (program.qubits, program.depth) == (2, 3)
    assert program.gates == {"h": 1, "cx": 1, "measure": 2}
    assert "__quantum__qis__cx__body" in program.text


def test_a_program_without_an_end_is_ended() -> None:
    """Whatever the compiler is doing; the refusal says what to write."""
    assert "takes longer than" in refusal(LIMITED["loop, computed and empty"], seconds=1)


@pytest.mark.parametrize("name", ["billion laughs", "register, computed", "array, computed"])
def test_a_program_without_measure_is_ended(name: str) -> None:
    """At its limit of time or of memory, whichever comes first."""
    assert re.search(OVER, refusal(LIMITED[name], seconds=1))


@pytest.mark.parametrize("name", ["signs", "sum", "modifiers", "bits, computed"])
def test_a_crash_is_a_refusal(name: str) -> None:
    """A stack or a memory at its end takes no other process along, and says nothing of itself."""
    assert "crashed on it" in refusal(LIMITED[name])


def test_a_text_that_is_not_unicode_is_refused() -> None:
    """JSON can hold half a character."""
    assert refusal("\ud800") == "It is not Unicode text."


PROBE = """
import sys
sys.argv = ["", "{descriptor}"]
from qjobs.methods import compile_process, program_reading

def document(language, source):
    found = {{}}
    for what, act in {{
        "file": lambda: open("/etc/passwd"),
        "socket": lambda: __import__("socket").socket(),
        "memory": lambda: bytearray(1 << 30),
    }}.items():
        try:
            act()
            found[what] = "there"
        except BaseException as error:
            found[what] = type(error).__name__
    return found

program_reading.document = document
compile_process.main()
"""


def test_a_compiler_that_was_taken_over_sees_nothing(tmp_path: Path) -> None:
    """It opens no file and no connection, and gets no memory beyond its own."""
    ours, theirs = socket.socketpair()
    script = tmp_path / "probe.py"
    script.write_text(PROBE.format(descriptor=theirs.fileno()))
    with Connection(ours.detach()) as connection:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            pass_fds=[theirs.fileno()],
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        theirs.close()
        assert connection.recv_bytes() == b"ready"
        request = {"language": "QIR", "program": "", "seconds": 60}
        connection.send_bytes(json.dumps(request).encode())
        found = json.loads(connection.recv_bytes())
        process.wait()

    assert (found["file"], found["socket"], found["memory"]) == (
        "OSError",
        "OSError",
        "MemoryError",
    )
