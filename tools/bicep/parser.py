"""Parser of expressions, with the operator precedence of Bicep."""

from __future__ import annotations

from collections.abc import Callable

from tools.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Interpolated,
    Lambda,
    Literal,
    Member,
    Name,
    Object,
    Operation,
    Property,
)
from tools.bicep.finding import Place
from tools.bicep.stream import Stream

_PRECEDENCE = {
    **dict.fromkeys(("*", "/", "%"), 7),
    **dict.fromkeys(("+", "-"), 6),
    **dict.fromkeys(("<", ">", "<=", ">="), 5),
    **dict.fromkeys(("==", "!=", "=~", "!~"), 4),
    "&&": 3,
    "||": 2,
    "??": 1,
}
"""How tight binary operators bind; all from the left."""

_CONSTANTS = {"true": True, "false": False, "null": None}
_QUALIFIERS = frozenset({"az", "sys"})


class Parser(Stream):
    """Parses expressions."""

    def expression(self) -> Expression:
        """Return the expression that begins here.

        Raises:
            SyntaxFaultError: what begins here is none, or one that is not read.

        """
        place = self.place()
        condition = self._binary(0)
        before = self._at
        self.skip_lines()
        if not self.skip("?"):
            self._at = before
            return condition
        self.skip_lines()
        then = self.expression()
        self.skip_lines()
        self.take(":")
        self.skip_lines()
        return Conditional(condition, then, self.expression(), place=place)

    def _binary(self, looser: int) -> Expression:
        """Return an expression of operators that bind tighter than *looser*."""
        place = self.place()
        left = self._unary()
        while (level := _PRECEDENCE.get(self.next.kind, 0)) > looser:
            operator = self.take(self.next.kind).kind
            self.skip_lines()
            left = Operation(operator, (left, self._binary(level)), place=place)
        return left

    def _unary(self) -> Expression:
        place = self.place()
        if not self.follows("!") and not self.follows("-"):
            return self._followed(self.primary())
        operator = self.take(self.next.kind).kind
        operand = self._unary()
        if operator == "-" and isinstance(operand, Literal) and type(operand.value) is int:
            return Literal(-operand.value, place=place)
        return Operation(operator, (operand,), place=place)

    def _followed(self, of: Expression) -> Expression:
        """Return an expression with the accesses that follow it."""
        while self.next.kind in {".", ".?", "[", "::", "!"}:
            place = self.place()
            sure = self.skip("!")
            if sure and self.next.kind not in {".", "["}:
                of = Operation("x!", (of,), place=place)
            elif self.skip("["):
                safe, last = self.skip("?"), self.skip("^")
                self.skip_lines()
                of = Index(of, self.expression(), safe, last, sure, place=place)
                self.skip_lines()
                self.take("]")
            elif self.skip("::"):
                of = Name(self.take("name").text, of, place=place)
            else:
                of = self._member(of, place, safe=self.take(self.next.kind).kind == ".?", sure=sure)
        return of

    def _member(self, of: Expression, place: Place, *, safe: bool, sure: bool) -> Expression:
        name = self.take("name").text
        if not self.follows("("):
            return Member(of, name, safe, sure, place=place)
        qualifier = isinstance(of, Name) and of.name in _QUALIFIERS
        return Call(None if qualifier else of, name, self._arguments(), place=place)

    def _arguments(self) -> tuple[Expression, ...]:
        self.take("(")
        self.skip_lines()
        found: list[Expression] = []
        while not self.skip(")"):
            found.append(self.expression())
            self.skip_lines()
            if not self.follows(")"):
                self.take(",")
                self.skip_lines()
        return tuple(found)

    def primary(self) -> Expression:
        """Return the literal, name, call, lambda or what is in brackets that begins here."""
        read: Callable[[], Expression] | None = {
            "string": self.string,
            "number": self._number,
            "name": self._name,
            "(": self._parenthesis,
            "[": self.array,
            "{": self.object,
        }.get(self.next.kind)
        if self.follows("..."):
            self.refuse("a spread")
        if read is None:
            self.fail("a value is expected")
        return read()

    def string(self) -> Literal | Interpolated:
        """Return the string that begins here."""
        token = self.take("string")
        place = self.place(token)
        pieces: list[Expression] = []
        for part in token.parts:
            if isinstance(part, str):
                pieces += [Literal(part, place=place)] if part else []
                continue
            inner = type(self)(self._path, part)
            inner.skip_lines()
            pieces.append(inner.expression())
            inner.skip_lines()
            inner.take("end")
        if len(token.parts) == 1:
            return Literal(str(token.parts[0]), place=place)
        return Interpolated(tuple(pieces), place=place)

    def _number(self) -> Expression:
        token = self.take("number")
        return Literal(int(token.text), place=self.place(token))

    def _name(self) -> Expression:
        token = self.take("name")
        place = self.place(token)
        if self.follows("=>"):
            return self._lambda((token.text,), place)
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], place=place)
        if self.follows("("):
            return Call(None, token.text, self._arguments(), place=place)
        return Name(token.text, place=place)

    def _parenthesis(self) -> Expression:
        place = self.place()
        self.take("(")
        before, names = self._at, []
        while self.skip(",") or self.follows("name"):
            names.append(self.take("name").text)
        if self.follows(")", "=>"):
            self.take(")")
            return self._lambda(tuple(names), place)
        self._at = before
        self.skip_lines()
        inner = self.expression()
        self.skip_lines()
        self.take(")")
        return inner

    def _lambda(self, names: tuple[str, ...], place: Place) -> Expression:
        self.take("=>")
        self.skip_lines()
        return Lambda(names, self.expression(), place=place)

    def array(self) -> Expression:
        """Return the list, or the loop, that begins here."""
        place = self.place()
        self.take("[")
        self.skip_lines()
        if self.word("for"):
            return self._for(place)
        return Array(tuple(self.expression() for _ in self.separated("]")), place=place)

    def _for(self, place: Place) -> Expression:
        self.take("name")
        names: list[str] = []
        if self.skip("("):
            names.append(self.take("name").text)
            self.take(",")
            names.append(self.take("name").text)
            self.take(")")
        else:
            names.append(self.take("name").text)
        if not self.word("in"):
            self.fail("in is missing")
        self.take("name")
        over = self.expression()
        self.take(":")
        self.skip_lines()
        body = self.conditional_body()
        self.skip_lines()
        self.take("]")
        return For(tuple(names), over, body, place=place)

    def conditional_body(self) -> Expression:
        """Return `if (condition) {...}`, or another expression."""
        place = self.place()
        if not (self.word("if") and self.follows("name", "(")):
            return self.expression()
        self.take("name")
        condition = self._parenthesis()
        self.skip_lines()
        then = self.object()
        return Conditional(condition, then, Literal(None, place=place), place=place)

    def object(self) -> Expression:
        """Return the object that begins here."""
        place = self.place()
        self.take("{")
        members = [self.member() for _ in self.separated("}")]
        return Object(tuple(each for each in members if each is not None), place=place)

    def member(self) -> Property | None:
        """Return the member of an object that begins here, None if it is no property."""
        place = self.place()
        key: str | Literal | Interpolated
        if self.follows("..."):
            self.refuse("a spread")
        elif self.follows("string"):
            key = self.string()
            key = key if isinstance(key, Interpolated) else str(key.value)
        else:
            key = self.take("name").text
        self.take(":")
        self.skip_lines()
        return Property(key, self.expression(), place=place)
