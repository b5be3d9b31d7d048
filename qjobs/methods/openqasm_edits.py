"""Edits of an OpenQASM 3 program before it is compiled, with the places of the original kept.

The compiler gives out every variable, of which not every profile has all: so the bits are declared
as `output`. And it takes the angle of a controlled rotation modulo a turn, which its sign shows: so
those are written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qdk.openqasm import parser as syntax

from qjobs.methods.openqasm_angles import expansion, is_expanded
from qjobs.methods.refusal import Place


@dataclass(frozen=True, slots=True)
class Edit:
    """Another text for some bytes of a program."""

    begin: int
    end: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Edited:
    """A program in UTF-8 with edits, in their order."""

    source: bytes
    edits: Sequence[Edit] = ()

    @property
    def text(self) -> str:
        """The program with its edits."""
        parts, begin = [], 0
        for edit in self.edits:
            parts += [self.source[begin : edit.begin], edit.text]
            begin = edit.end
        return b"".join([*parts, self.source[begin:]]).decode()

    def place(self, offset: int) -> Place:
        """Return the place in the original of a byte of the edited program."""
        shift = 0
        for edit in self.edits:
            if offset < edit.begin + shift:
                break
            grown = len(edit.text) - (edit.end - edit.begin)
            if offset < edit.end + shift + grown:
                return Place.at(self.source, edit.begin)
            shift += grown
        return Place.at(self.source, offset - shift)

    def place_of_line(self, line: int, column: int) -> Place:
        """Return the place in the original of a line and column of the edited program."""
        lines = self.text.split("\n")
        before = sum(len(one.encode()) + 1 for one in lines[: line - 1])
        return self.place(before + len(lines[line - 1][: column - 1].encode()))


def edited(source: bytes, program: Any) -> Edited:  # noqa: ANN401 - qdk ships no types
    """Return a program, by its syntax tree, as the compiler understands it."""
    statements = program.statements
    has_outputs = any(isinstance(one, syntax.IODeclaration) for one in statements)
    edits = []
    waiting = [one for one in statements if not isinstance(one, syntax.QuantumGateDefinition)]
    for one in statements:
        is_bits = isinstance(one, syntax.ClassicalDeclaration) and isinstance(
            one.type, syntax.BitType
        )
        if is_bits and not has_outputs:
            edits.append(_output(source, one))
    while waiting:
        node = waiting.pop()
        if is_expanded(node):
            edits.append(_expanded(source, node))
        waiting += node.children()
    return Edited(source, sorted(edits, key=lambda edit: edit.begin))


def _expanded(source: bytes, call: Any) -> Edit:  # noqa: ANN401 - as above
    def written(node: Any) -> str:  # noqa: ANN401 - as above
        return source[node.span.lo : node.span.hi].decode()

    control, target = map(written, call.qubits)
    text = expansion(call.name.name, [*map(written, call.args)], control, target)
    return Edit(call.span.lo, call.span.hi, f"{{ {text} }}".encode())


def _output(source: bytes, declaration: Any) -> Edit:  # noqa: ANN401 - as above
    def written(node: Any) -> bytes:  # noqa: ANN401 - as above
        return source[node.span.lo : node.span.hi]

    name, size = written(declaration.identifier), declaration.type.size
    width = b"[" + written(size) + b"]" if size is not None else b""
    text = b"output bit" + width + b" " + name + b";"
    if declaration.init_expr is not None:
        text += b" " + name + b" = " + written(declaration.init_expr) + b";"
    return Edit(declaration.span.lo, declaration.span.hi, text)
