"""Parser of statements, with their decorators and types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tools.bicep.expressions import Call, Expression, Literal, Property
from tools.bicep.finding import Place
from tools.bicep.parser import Parser
from tools.bicep.tokens import Token, tokens
from tools.bicep.written import ANY, KINDS, WrittenType

REFUSED = {
    "assert": "an assertion",
    "extends": "a parameter file",
    "extension": "an extension",
    "func": "a function of one's own",
    "import": "an import",
    "provider": "an extension",
    "test": "a test",
    "type": "a type of one's own",
    "using": "a parameter file",
}
"""Statements that are correct and not read."""

_READ = frozenset({"metadata", "module", "output", "param", "resource", "targetScope", "var"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One declaration or assignment, as far as its kind has these parts."""

    keyword: str
    name: str
    place: Place
    decorators: tuple[Call, ...]
    type: WrittenType | None = None
    source: Expression | None = None
    """The type of a resource, or the path of a module."""
    existing: bool = False
    value: Expression | None = None
    nested: tuple[Statement, ...] = ()


def statements(path: Path) -> list[Statement]:
    """Return the statements of a file.

    Raises:
        SyntaxFaultError: something in it is no Bicep, or Bicep that is not read offline.

    """
    return _FileParser(path, tokens(path)).file()


def every(found: Iterable[Statement]) -> Iterator[Statement]:
    """Yield statements, and those nested in them."""
    for each in found:
        yield each
        yield from every(each.nested)


class _FileParser(Parser):
    def __init__(self, path: Path, read: tuple[Token, ...]) -> None:
        super().__init__(path, read)
        self._nested: list[list[Statement]] = []
        """The resources nested in each that is being read, the innermost last."""

    def file(self) -> list[Statement]:
        found: list[Statement] = []
        self.skip_lines()
        while not self.follows("end"):
            found.append(self._statement())
            if not self.follows("end"):
                self.take("line")
            self.skip_lines()
        return found

    def _decorators(self) -> tuple[Call, ...]:
        found: list[Call] = []
        while self.skip("@"):
            token = self.next
            decorator = self.expression()
            if not isinstance(decorator, Call) or decorator.of is not None:
                self.fail("a decorator is a call", token)
            found.append(decorator)
            self.skip_lines()
        return tuple(found)

    def _statement(self) -> Statement:
        decorators = self._decorators()
        token = self.next
        if token.text in REFUSED:
            self.refuse(REFUSED[token.text])
        if token.text not in _READ:
            self.fail("a declaration is expected", token)
        self.take("name")
        place = self.place(token)
        match token.text:
            case "targetScope":
                self.take("=")
                return Statement(token.text, "", place, decorators, value=self.expression())
            case "metadata" | "var":
                name = self.take("name").text
                self.take("=")
                return Statement(token.text, name, place, decorators, value=self.expression())
            case "param" | "output":
                return self._typed(token, place, decorators)
            case _:
                return self._deployed(token, place, decorators)

    def _typed(self, token: Token, place: Place, decorators: tuple[Call, ...]) -> Statement:
        name = self.take("name").text
        written = self.type()
        value = None
        if token.text == "output" or self.follows("="):
            self.take("=")
            value = self.expression()
        return Statement(token.text, name, place, decorators, written, value=value)

    def _deployed(self, token: Token, place: Place, decorators: tuple[Call, ...]) -> Statement:
        name = self.take("name").text
        source = self.string()
        existing = self.word("existing")
        if existing:
            self.take("name")
        self.take("=")
        self.skip_lines()
        self._nested.append([])
        value = self.array() if self.follows("[") else self.conditional_body()
        nested = tuple(self._nested.pop())
        return Statement(token.text, name, place, decorators, None, source, existing, value, nested)

    def member(self) -> Property | None:
        """Return a property, or keep the nested resource that begins here."""
        if self.follows("@") or (self.word("resource") and self.follows("name", "name")):
            if not self._nested:
                self.fail("only a resource has resources in it")
            self._nested[-1].append(self._statement())
            return None
        return super().member()

    def type(self) -> WrittenType:
        """Return the type that begins here."""
        alternatives = [self._single_type()]
        while self.skip("|"):
            alternatives.append(self._single_type())
        if len(alternatives) == 1:
            return alternatives[0]
        kinds = {each.kind for each in alternatives}
        known = all(each.choices for each in alternatives)
        return WrittenType(
            kinds.pop() if len(kinds) == 1 else ANY,
            any(each.nullable for each in alternatives),
            choices=tuple(one for each in alternatives for one in each.choices) if known else (),
        )

    def _single_type(self) -> WrittenType:
        found = self._plain_type()
        while True:
            if self.follows("[", "]"):
                self.take("[")
                self.take("]")
                found = WrittenType("array", item=found)
            elif self.skip("?"):
                found = replace(found, nullable=True)
            else:
                return found

    def _plain_type(self) -> WrittenType:
        if self.skip("("):
            inner = self.type()
            self.take(")")
            return inner
        if self.skip("{"):
            members = dict(self._type_member() for _ in self.separated("}"))
            return WrittenType("object", members=members)
        if self.skip("["):
            return WrittenType("array", items=tuple(self.type() for _ in self.separated("]")))
        if self.follows("name", "<"):
            self.refuse("a derived type")
        if self.follows("name") and self.next.text in KINDS | {ANY}:
            return WrittenType(self.take("name").text)
        if self.follows("name") and self.next.text not in {"true", "false", "null"}:
            self.refuse("a type of one's own")
        if self.next.kind not in {"name", "number", "string"}:
            self.fail("a type is expected")
        return _of_literal(self.primary())

    def _type_member(self) -> tuple[str, WrittenType]:
        self._decorators()
        name = "*" if self.skip("*") else self.take(self.next.kind).text.strip("'")
        self.take(":")
        return name, self.type()


def _of_literal(literal: Expression) -> WrittenType:
    match literal:
        case Literal(value=bool(value)):
            return WrittenType("bool", choices=(value,))
        case Literal(value=int(value)):
            return WrittenType("int", choices=(value,))
        case Literal(value=str(value)):
            return WrittenType("string", choices=(value,))
    return WrittenType(ANY, nullable=True)
