"""Token stream of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from tools.bicep.finding import Finding, Place
from tools.bicep.tokens import SyntaxFaultError, Token


class Stream:
    """Token stream of one file."""

    def __init__(self, path: Path, tokens: tuple[Token, ...]) -> None:
        self._path = path
        self._tokens = tokens
        self._at = 0

    def fail(self, what: str, token: Token | None = None) -> NoReturn:
        """Raise SyntaxFaultError about a token, or the next one."""
        token = token or self.next
        shown = (
            token.text.strip().partition("\n")[0][:40]
            or f"the end of the {'file' if token.kind == 'end' else 'line'}"
        )
        text = f"cannot be parsed at {shown!r}: {what}"
        raise SyntaxFaultError([Finding(self.place(token), text)])

    def refuse(self, what: str) -> NoReturn:
        """Raise SyntaxFaultError about a construct that is correct and not read."""
        text = f"{what} is not read offline: do without it"
        raise SyntaxFaultError([Finding(self.place(), text)])

    def place(self, token: Token | None = None) -> Place:
        """Return where a token is, or the next one."""
        return Place(self._path, (token or self.next).line)

    @property
    def next(self) -> Token:
        """The token that is read next."""
        return self._tokens[self._at]

    def follows(self, *kinds: str) -> bool:
        """Tell whether the next tokens are of these kinds."""
        return all(
            self._tokens[min(self._at + number, len(self._tokens) - 1)].kind == kind
            for number, kind in enumerate(kinds)
        )

    def word(self, text: str) -> bool:
        """Tell whether the next token is this name."""
        return self.follows("name") and self.next.text == text

    def take(self, kind: str) -> Token:
        """Return the next token, which has to be of this kind.

        Raises:
            SyntaxFaultError: it is of another.

        """
        if not self.follows(kind):
            self.fail(f"a {kind} is expected" if kind.isalpha() else f"{kind} is missing")
        self._at += 1
        return self._tokens[self._at - 1]

    def skip(self, kind: str) -> bool:
        """Leave the next token behind if it is of this kind."""
        found = self.follows(kind)
        self._at += found
        return found

    def skip_lines(self) -> None:
        """Leave ends of lines behind."""
        while self.skip("line"):
            pass

    def separated(self, closing: str) -> Iterator[None]:
        """Yield before each item up to *closing*; items stand on lines or between commas."""
        self.skip_lines()
        while not self.skip(closing):
            yield
            if not self.follows(closing):
                if not (self.skip(",") or self.follows("line")):
                    self.fail(f"{closing} or the end of the line is expected")
                self.skip_lines()
