"""The records at the end of compiled QIR: which results a program gives out, in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.methods.refusal import ProgramRefusedError

_RECORD = re.compile(r"^  call void @__quantum__rt__(\w+)_record_output\((.*)\)$")
_CONTAINERS = ("array", "tuple")


@dataclass(frozen=True, slots=True)
class Register:
    """A register of classical bits that a program gives out."""

    name: str
    size: int


def in_order(text: str, registers: Sequence[Register]) -> str:
    """Return compiled QIR that gives out the bits of its registers, the last one first.

    Compiled QIR has its records in the order of the declarations, the first bit first.

    Raises:
        ProgramRefusedError: it gives out something else than these registers.

    """
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if _RECORD.match(line)]
    found = [(lines[place], *_RECORD.match(lines[place]).groups()) for place in places]  # type: ignore[union-attr]
    results = [line for line, kind, _ in found if kind == "result"]
    if len(results) != sum(register.size for register in registers):
        raise ProgramRefusedError("the bits that it gives out cannot be told from each other.")
    records = list(reversed(results))
    container = next(((kind, given) for _, kind, given in found if kind in _CONTAINERS), None)
    if container is not None:
        kind, given = container
        label = given.partition(", ")[2]
        call = f"  call void @__quantum__rt__{kind}_record_output(i64 {len(results)}, {label})"
        records.insert(0, call)
    kept = [line for place, line in enumerate(lines) if place not in {*places}]
    end = places[0] if places else len(kept)
    return "\n".join([*kept[:end], *records, *kept[end:]])
