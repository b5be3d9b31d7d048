"""A QIR program, checked and read: its size, its outputs and, without branches, its gates.

It runs in the process of `compile_process`. A program that passes has one entry point of `call`,
`br` and computation alone, without a loop, and calls nothing but instructions of QIR; so it ends,
and it touches no memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import pyqir
from pyqir import Opcode

from qjobs.domain.qir_attributes import profile_of, required_qubits
from qjobs.domain.target_facts import Profile
from qjobs.methods.qir_instructions import GATES, IGNORED, MEASUREMENTS, QIS, RECORDS, RESETS, Step
from qjobs.methods.refusal import ProgramRefusedError, filtered, shortened

MOST_INSTRUCTIONS = 20_000
MOST_RESULTS = 512
_READS = frozenset({"__quantum__rt__read_result", f"{QIS}read_result__body"})
_OPCODES = {
    getattr(Opcode, name): name.lower().replace("_", "")
    for name in dir(Opcode)
    if not name.startswith("_")
}
_STRAIGHT = frozenset({Opcode.CALL, Opcode.RET})
_COMPUTED = frozenset(
    {
        *(Opcode.BR, Opcode.SWITCH, Opcode.PHI, Opcode.SELECT, Opcode.ICMP, Opcode.FCMP),
        *(Opcode.ADD, Opcode.SUB, Opcode.MUL, Opcode.SDIV, Opcode.UDIV, Opcode.SREM, Opcode.UREM),
        *(Opcode.SHL, Opcode.LSHR, Opcode.ASHR, Opcode.AND, Opcode.OR, Opcode.XOR),
        *(Opcode.FADD, Opcode.FSUB, Opcode.FMUL, Opcode.FDIV, Opcode.FREM),
        *(Opcode.ZEXT, Opcode.SEXT, Opcode.TRUNC, Opcode.SI_TO_FP, Opcode.UI_TO_FP),
        *(Opcode.FP_TO_SI, Opcode.FP_TO_UI, Opcode.FNEG),
    }
)


@dataclass(slots=True)
class QIRProgram:
    """The properties of a program that are known without running it."""

    entry_point: str
    """The name of the function that is run."""
    qubits: int
    profile: Profile
    gates: Counter[str] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)
    branches: bool = False
    outputs: list[int] = field(default_factory=list)
    """The results that it gives out, in this order."""
    groups: list[tuple[str, int]] = field(default_factory=list)
    """The arrays that it gives them out in, with label and size; bits beside them have one each."""

    @property
    def depth(self) -> int | None:
        """The depth, by Qiskit's definition; None if the program branches."""
        if self.branches:
            return None
        levels: dict[object, int] = {}
        for step in self.steps:
            touched = [*step.qubits, *(("result", one) for one in step.results)]
            level = 1 + max(levels.get(one, 0) for one in touched)
            levels.update(dict.fromkeys(touched, level))
        return max(levels.values(), default=0)


def read(text: str) -> QIRProgram:
    """Return the contents of a program.

    Raises:
        ProgramRefusedError: it is no QIR, too large, or has what targets do not run.

    """
    if "\0" in text:
        raise ProgramRefusedError("it is not QIR: a text has no zero bytes.")
    try:
        module = pyqir.Module.from_ir(pyqir.Context(), text)
    except ValueError as error:
        raise ProgramRefusedError(f"it is not LLVM's text: {filtered(str(error))}") from error
    if any(line.startswith("module asm") for line in str(module).splitlines()):
        raise ProgramRefusedError("the module has assembly in it.")
    function = _entry_point(module)
    found = QIRProgram(function.name, _declared(function, text), profile_of(text))
    _Reader(function, found).read()
    if found.branches and found.profile is Profile.BASE:
        raise ProgramRefusedError(
            "it says base_profile and depends on what it measures; write adaptive_profile."
        )
    if not found.outputs:
        raise ProgramRefusedError("it records no result, so there is nothing to give out.")
    return found


def _entry_point(module: Any) -> Any:  # noqa: ANN401 - pyqir has few types
    entries = [one for one in module.functions if pyqir.is_entry_point(one)]
    if len(entries) != 1:
        raise ProgramRefusedError(f"the module has {len(entries)} entry points; write one.")
    defined = [one for one in module.functions if one.basic_blocks and one != entries[0]]
    if defined:
        raise ProgramRefusedError(
            f"the function {_name(defined[0])} has a body; only the entry point may have one."
        )
    if entries[0].params:
        raise ProgramRefusedError("the entry point takes arguments, which nobody gives it.")
    return entries[0]


def _declared(function: Any, text: str) -> int:  # noqa: ANN401 - as above
    """Return the number of qubits of the entry point, which the text has to say once."""
    qubits = pyqir.required_num_qubits(function)
    results = pyqir.required_num_results(function)
    if qubits is None or results is None:
        raise ProgramRefusedError(
            "the entry point has no attribute required_num_qubits or required_num_results."
        )
    if not 0 < results <= MOST_RESULTS:
        raise ProgramRefusedError(f"it has {results:,} results; 1 to {MOST_RESULTS} are allowed.")
    # The engine reads attributes off the text.
    once = all(text.count(f'"{one}"') == 1 for one in ("required_num_qubits", "qir_profiles"))
    if not once or required_qubits(text) != qubits:
        raise ProgramRefusedError(
            "the attributes required_num_qubits and qir_profiles have to be in the text once."
        )
    return qubits


class _Reader:
    """Goes through the blocks of an entry point, as they stand there."""

    def __init__(self, function: Any, program: QIRProgram) -> None:  # noqa: ANN401 - as above
        self._function, self._program = function, program
        self._results: int = pyqir.required_num_results(function) or 0

    def read(self) -> None:
        """Fill in the contents; a ProgramRefusedError if the program is not to be run."""
        blocks = list(self._function.basic_blocks)
        self._program.branches = len(blocks) > 1 and not _is_straight(blocks)
        _check_ways(blocks)
        count = 0
        for block in _ordered(blocks):
            for instruction in block.instructions:
                count += 1
                if count > MOST_INSTRUCTIONS:
                    raise ProgramRefusedError(
                        f"it has more than {MOST_INSTRUCTIONS:,} instructions."
                    )
                self._instruction(instruction)

    def _instruction(self, instruction: Any) -> None:  # noqa: ANN401 - as above
        if isinstance(instruction, pyqir.Call):
            self._call(instruction)
        elif instruction.opcode in _COMPUTED:
            if instruction.opcode != Opcode.BR:
                self._program.branches = True
        elif instruction.opcode not in _STRAIGHT:
            raise ProgramRefusedError(
                f"the LLVM instruction {_OPCODES[instruction.opcode]} is in no profile of QIR."
            )

    def _call(self, call: Any) -> None:  # noqa: ANN401 - as above
        callee = call.callee
        if not isinstance(callee, pyqir.Function):
            raise ProgramRefusedError("it calls something that is no function of QIR.")
        name, args = callee.name, list(call.args)
        if name in RECORDS:
            self._record(RECORDS[name], args)
        elif name in _READS:
            self._program.branches = True
            self._id("result", args[0], self._results)
        elif name.startswith(QIS):
            self._quantum(name.removeprefix(QIS), args)
        elif name not in IGNORED:
            raise ProgramRefusedError(f"the function {_name(callee)} is not known.")

    def _quantum(self, name: str, args: list[Any]) -> None:
        if name.startswith("barrier"):
            return
        if gate := GATES.get(name):
            angles, qubits, results = gate.angles, gate.qubits, 0
        elif name in MEASUREMENTS:
            angles, qubits, results = 0, 1, 1
        elif name in RESETS:
            angles, qubits, results = 0, 1, 0
        else:
            raise ProgramRefusedError(
                f"the instruction {shortened(name)} is one that no target has."
            )
        if len(args) != angles + qubits + results:
            raise ProgramRefusedError(
                f"{name} has {len(args)} arguments; it takes {angles + qubits + results}."
            )
        turns = [_angle(name, one) for one in args[:angles]]
        if None in turns:
            self._program.branches = True
        places = [
            self._id("qubit", one, self._program.qubits) for one in args[angles : angles + qubits]
        ]
        if len(set(places)) < len(places):
            raise ProgramRefusedError(f"{name} has the same qubit twice.")
        bits = [self._id("result", one, self._results) for one in args[angles + qubits :]]
        title = gate.name if gate else "measure" if results else "reset"
        self._program.gates[title] += 1
        self._program.steps.append(Step(title, [one or 0.0 for one in turns], places, bits))
        if name.startswith("mresetz"):
            self._program.gates["reset"] += 1
            self._program.steps.append(Step("reset", [], places))

    def _record(self, kind: str, args: list[Any]) -> None:
        if kind in {"array", "tuple"}:
            size = args[0].value if isinstance(args[0], pyqir.IntConstant) else 0
            if kind == "array":
                self._program.groups.append((_label(args), size))
        elif kind == "result":
            self._program.outputs.append(self._id("result", args[0], self._results))
        else:
            raise ProgramRefusedError(f"it records a value ({kind}); only results are counted.")

    def _id(self, what: str, value: Any, declared: int) -> int:  # noqa: ANN401 - as above
        number = pyqir.ptr_id(value)
        if number is None:
            raise ProgramRefusedError(f"it computes which {what} it means; write its number.")
        if number >= declared:
            raise ProgramRefusedError(f"it has the {what} {number}; {declared} are declared.")
        return int(number)


def _angle(name: str, value: Any) -> float | None:  # noqa: ANN401 - as above
    """Return an angle; None if it is computed."""
    if not isinstance(value, pyqir.FloatConstant):
        return None
    if not isfinite(value.value):
        raise ProgramRefusedError(f"{name} has an angle that is no number.")
    return float(value.value)


def _label(args: Sequence[Any]) -> str:
    text = pyqir.extract_byte_string(args[1]) if len(args) > 1 else None
    return shortened((text or b"").rstrip(b"\0").decode(errors="replace"))


def _name(function: Any) -> str:  # noqa: ANN401 - as above
    return shortened(str(function.name))


def _successors(block: Any) -> list[Any]:  # noqa: ANN401 - as above
    return list(block.terminator.successors) if block.terminator is not None else []


def _is_straight(blocks: list[Any]) -> bool:
    return all(len(_successors(block)) <= 1 for block in blocks)


def _check_ways(blocks: list[Any]) -> None:
    """Refuse a program that goes back to a block in which it was: it may never end."""
    waiting = dict.fromkeys(blocks, 0)
    for block in blocks:
        for after in _successors(block):
            waiting[after] += 1
    free = [block for block in blocks if not waiting[block]]
    done = 0
    while free:
        block = free.pop()
        done += 1
        for after in _successors(block):
            waiting[after] -= 1
            if not waiting[after]:
                free.append(after)
    if done < len(blocks):
        raise ProgramRefusedError("it has a loop, so it may never end; write it out.")


def _ordered(blocks: list[Any]) -> Iterator[Any]:
    """Yield the blocks in the order in which a straight program runs them."""
    if not _is_straight(blocks):
        yield from blocks
        return
    block = blocks[0]
    while True:
        yield block
        after = _successors(block)
        if not after:
            return
        block = after[0]
