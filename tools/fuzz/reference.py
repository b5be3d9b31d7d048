"""Second opinions on mutants: other readers, in a process that may crash."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import signal
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import Self

import pyqir
import qirrunner
from qiskit import qasm2, transpile
from qiskit_aer import AerSimulator

from azure_quantum_emulator.execution import memory_limit

SECONDS = 10.0
MEBIBYTES = 1024

_INCLUDED = re.compile(r'include "(qelib1|hqslib1)\.inc";')
_QUANTINUUM = (
    "gate zz a, b { rzz(pi/2) a, b; } gate u1q(t, p) a { rz(-p) a; rx(t) a; rz(p) a; } "
    "gate v a { sx a; } gate vdg a { sxdg a; }"
)
_DEFINED = ("zz", "u1q", "v", "vdg")

type Reading = tuple[int, ...]


class Reference:
    """Runs programs by other ways than the emulator does; a program that fails has no opinion."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._pid = 0

    async def counts(self, input_format: str, source: bytes, shots: int) -> Counter[Reading] | None:
        """Return the counts of a program; None if there is no opinion on it."""
        if input_format not in _READERS:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                executor = self._executor or await self._start()
                asked = executor.submit(_counts, input_format, source, shots)
                return await asyncio.wrap_future(asked)
        except Exception:  # noqa: BLE001 - there is no opinion, whatever the reason
            self.stop()
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process; the next question starts another one."""
        if self._executor is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    async def _start(self) -> ProcessPoolExecutor:
        self._executor = ProcessPoolExecutor(1, multiprocessing.get_context("forkserver"))
        self._pid = await asyncio.wrap_future(self._executor.submit(os.getpid))
        return self._executor


def _counts(input_format: str, source: bytes, shots: int) -> Counter[Reading] | None:
    with memory_limit.of(MEBIBYTES):
        try:
            return _READERS[input_format](source, shots)
        except BaseException:  # noqa: BLE001 - also a panic, which has no way to the parent
            return None


def _qir(source: bytes, shots: int) -> Counter[Reading]:
    """Return the records of the interpreter of QIR: results, one after the other."""
    lines: list[str] = []
    source = _with_zeros(source)
    qirrunner.run_bytes(source, None, shots, 1, lambda part: lines.append(str(part)))
    counts: Counter[Reading] = Counter()
    for shot in "".join(lines).split("START")[1:]:
        records = [line.split("\t") for line in shot.splitlines() if line.startswith("OUTPUT")]
        values = [record[2] for record in records if record[1] not in {"ARRAY", "TUPLE"}]
        counts[tuple(map(_number, values))] += 1
    return counts


def _with_zeros(source: bytes) -> bytes:
    """Return a module that begins with a measurement of zero into result 1.

    Until it is measured, the interpreter takes it for the constant One of QIR's first version.
    """
    context = pyqir.Context()
    if source.startswith(b"BC"):
        module = pyqir.Module.from_bitcode(context, source)
    else:
        module = pyqir.Module.from_ir(context, source.decode())
    (entry_point,) = [one for one in module.functions if pyqir.is_entry_point(one)]
    name, pointer = "__quantum__qis__mz__body", pyqir.PointerType(pyqir.Type.void(context))
    known = [one for one in module.functions if one.name == name]
    kind = pyqir.FunctionType(pyqir.Type.void(context), [pointer, pointer])
    measure = known[0] if known else pyqir.Function(kind, pyqir.Linkage.EXTERNAL, name, module)
    builder = pyqir.Builder(context)
    builder.insert_before(entry_point.basic_blocks[0].instructions[0])
    builder.call(measure, [pyqir.qubit(context, 0), pyqir.result(context, 1)])
    return str(module).encode()


def _number(value: str) -> int:
    return int(value == "true") if value in {"true", "false"} else int(float(value))


def _openqasm(source: bytes, shots: int) -> Counter[Reading]:
    """Return the counts of bare Aer, all bits in the order of the registers."""
    text = _INCLUDED.sub(rf'include "qelib1.inc"; {_QUANTINUUM}', source.decode(), count=1)
    for name in ("ZZ", "RZZ", "Rz", "U1q"):
        text = re.sub(rf"\b{name}\b", name.lower(), text)
    instructions = [one for one in qasm2.LEGACY_CUSTOM_INSTRUCTIONS if one.name not in _DEFINED]
    circuit = qasm2.loads(text, include_path=(), custom_instructions=instructions)
    simulator = AerSimulator(method="statevector", enable_truncation=False, max_parallel_threads=1)
    result = simulator.run(
        transpile(circuit, simulator, optimization_level=0), shots=shots
    ).result()
    counts: Counter[Reading] = Counter()
    for text, count in result.get_counts().items():
        counts[tuple(int(bit) for bit in reversed(text.replace(" ", "")))] += count
    return counts


_READERS = {"qir.v1": _qir, "honeywell.openqasm.v1": _openqasm}
