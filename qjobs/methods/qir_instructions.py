"""The instructions of QIR that targets have, with the gates of Qiskit that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

QIS = "__quantum__qis__"
"""How the names of quantum instructions start."""

RECORDS = {
    f"__quantum__rt__{kind}_record_output": kind
    for kind in ("array", "tuple", "result", "int", "bool", "double")
}
"""Functions that record output, by what they record."""

IGNORED = frozenset({"__quantum__rt__initialize"})
MEASUREMENTS = frozenset({"m__body", "mz__body", "mresetz__body"})
RESETS = frozenset({"reset__body"})


class Step(NamedTuple):
    """An operation of a program without branches."""

    name: str
    """Of a gate by Qiskit, or `measure`, or `reset`."""
    angles: Sequence[float]
    qubits: Sequence[int]
    results: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate by Qiskit's name, with the numbers of its angles and qubits."""

    name: str
    angles: int = 0
    qubits: int = 1


GATES = {
    **{f"{name}__body": Gate(name) for name in ("h", "x", "y", "z", "s", "t", "sx")},
    **{f"{name}__adj": Gate(f"{name}dg") for name in ("s", "t", "sx")},
    **{f"{name}__body": Gate(name) for name in ("sdg", "tdg", "sxdg")},
    **{f"{name}__body": Gate(name, 1) for name in ("rx", "ry", "rz")},
    **{f"{name}__body": Gate(name, 0, 2) for name in ("cx", "cy", "cz", "swap")},
    **{f"{name}__body": Gate(name, 1, 2) for name in ("rxx", "ryy", "rzz")},
    "cnot__body": Gate("cx", 0, 2),
    "ccx__body": Gate("ccx", 0, 3),
}
"""By their names after `__quantum__qis__`: angles first, then qubits."""
