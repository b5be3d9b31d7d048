"""Tokenizer of Bicep."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tools.bicep.finding import Finding, Place


class SyntaxFaultError(Exception):
    """A file has syntax errors; *findings* are their places."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} places cannot be parsed")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the language, and its place."""

    kind: str
    """`name`, `number`, `string`, `line` (its end), `end` (of the file), or the operator itself."""
    text: str
    line: int
    parts: tuple[str | tuple[Token, ...], ...] = ()
    """Of a string: its text without escapes, and the tokens of what is in `${}`."""


_SKIPPED = re.compile(r"(?:[ \t\r]+|//[^\n]*|/\*.*?\*/|#(?:disable|restore)[^\n]*)+", re.DOTALL)
_WORD = re.compile(
    r"(?P<line>\n)|(?P<name>[A-Za-z_]\w*)|(?P<number>\d+)"
    r"|\.\.\.|=>|==|!=|=~|!~|<=|>=|&&|\|\||\?\?|\.\?|::|[-+*/%<>=!?:.,()\[\]{}@|^]"
)
_ESCAPE = re.compile(r"u\{(?P<code>[0-9A-Fa-f]+)\}|(?P<letter>[nrt\\'$])")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_VERBATIM = re.compile(r"(?P<dollars>\$*)'''")


def tokens(path: Path) -> tuple[Token, ...]:
    """Return the tokens of a file.

    Raises:
        SyntaxFaultError: there is a character that begins no token, or a string without an end.

    """
    return tuple(_Scanner(path).all())


class _Scanner:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        self._ends = [match.start() for match in re.finditer("\n", self._text)]
        self._at = 0

    def all(self) -> Iterator[Token]:
        yield from self._tokens(closing=None)
        yield Token("end", "", self._line())

    def _line(self) -> int:
        return bisect.bisect_left(self._ends, self._at) + 1

    def _tokens(self, closing: str | None) -> Iterator[Token]:
        """Yield tokens to the end, or to the brace that closes what was opened before."""
        depth = 0
        while True:
            if skipped := _SKIPPED.match(self._text, self._at):
                self._at = skipped.end()
            if self._at == len(self._text):
                return
            if _VERBATIM.match(self._text, self._at) or self._text[self._at] == "'":
                yield self._string()
                continue
            found = _WORD.match(self._text, self._at)
            if found is None:
                self._fail()
            depth += (found[0] == "{") - (found[0] == "}")
            if depth < 0 and closing:
                return
            yield Token(found.lastgroup or found[0], found[0], self._line())
            self._at = found.end()

    def _string(self) -> Token:
        start, line = self._at, self._line()
        opened = _VERBATIM.match(self._text, self._at)
        end, hole = "'", "${"
        if opened:
            end, hole = "'''", opened["dollars"] + "{" if opened["dollars"] else "\0"
            self._at = opened.end()
            self._at += self._text.startswith("\n", self._at)
        else:
            self._at += 1
        parts: list[str | tuple[Token, ...]] = [""]
        while not self._text.startswith(end, self._at):
            if self._at == len(self._text) or (not opened and self._text[self._at] == "\n"):
                self._fail(start)
            if self._text.startswith(hole, self._at):
                self._at += len(hole)
                inner = tuple(self._tokens(closing="}"))
                if not self._text.startswith("}", self._at):
                    self._fail(start)
                parts += [(*inner, Token("end", "", self._line())), ""]
                self._at += 1
            else:
                parts[-1] = f"{parts[-1]}{self._character(verbatim=bool(opened))}"
        self._at += len(end)
        return Token("string", self._text[start : self._at], line, tuple(parts))

    def _character(self, *, verbatim: bool) -> str:
        character = self._text[self._at]
        self._at += 1
        if character != "\\" or verbatim:
            return character
        escape = _ESCAPE.match(self._text, self._at)
        if escape is None:
            self._fail(self._at - 1)
        self._at = escape.end()
        code, letter = escape["code"], escape["letter"]
        return chr(int(code, 16)) if code else _LETTERS.get(letter, letter)

    def _fail(self, at: int | None = None) -> NoReturn:
        self._at = self._at if at is None else at
        shown = self._text[self._at :].partition("\n")[0][:40]
        finding = Finding(
            Place(self._path, self._line()), f"cannot be parsed at {shown!r}: correct it"
        )
        raise SyntaxFaultError([finding])
