"""Model of a Bicep file: its declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from tools.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    For,
    Literal,
    Name,
    Object,
    symbols,
)
from tools.bicep.finding import Finding, Place
from tools.bicep.statements import Statement, statements
from tools.bicep.tokens import SyntaxFaultError
from tools.bicep.written import WrittenType


@dataclass(frozen=True, slots=True)
class _Declared:
    name: str
    place: Place
    decorators: tuple[Call, ...]

    def decorator(self, name: str) -> Call | None:
        """Return the decorator of this name, if it is there."""
        return next((each for each in self.decorators if each.function == name), None)


@dataclass(frozen=True, slots=True)
class Parameter(_Declared):
    """`param`."""

    type: WrittenType
    default: Expression | None

    @property
    def allowed(self) -> tuple[Expression, ...] | None:
        """The values of `@allowed`."""
        match self.decorator("allowed"):
            case Call(arguments=(Array(items=items),)):
                return items
        return None

    @property
    def optional(self) -> bool:
        """Whether it need not be given: it has a default or may be null."""
        return self.default is not None or self.type.nullable

    @property
    def secure(self) -> bool:
        """Whether it is kept out of logs and histories."""
        return self.decorator("secure") is not None


@dataclass(frozen=True, slots=True)
class Variable(_Declared):
    """`var`."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Output(_Declared):
    """`output`."""

    type: WrittenType
    value: Expression


@dataclass(frozen=True, slots=True)
class _Deployed(_Declared):
    value: Expression
    """What stands behind `=`, with its `if` and `for`."""

    @property
    def body(self) -> Object:
        """The object inside `if` and `for`."""
        return _body(self.value, self.place)

    @property
    def condition(self) -> Expression | None:
        """The condition, if there is one."""
        inner = self.value.body if isinstance(self.value, For) else self.value
        return inner.condition if isinstance(inner, Conditional) else None

    @property
    def loop(self) -> For | None:
        """The loop, if there is one."""
        return self.value if isinstance(self.value, For) else None


def _body(value: Expression, place: Place) -> Object:
    while not isinstance(value, Object):
        match value:
            case For(body=inner) | Conditional(then=inner):
                value = inner
            case _:
                text = "a resource or module is an object, with if or for: write it in braces"
                raise SyntaxFaultError([Finding(place, text)])
    return value


@dataclass(frozen=True, slots=True)
class Resource(_Deployed):
    """`resource`, nested or not."""

    type: str
    """Such as `Microsoft.Storage/storageAccounts@2025-06-01`; of a nested one, the whole type."""
    existing: bool
    parent: str | None
    """Name of the resource that it is nested in."""

    @property
    def kind(self) -> str:
        """The type without its version."""
        return self.type.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Module(_Deployed):
    """`module`."""

    source: Path
    """The file of it, whether it is there or not."""

    @property
    def arguments(self) -> Mapping[str, Expression]:
        """The arguments of its parameters."""
        params = self.body.get("params")
        found = params.properties if isinstance(params, Object) else ()
        return {each.key: each.value for each in found if isinstance(each.key, str)}


type Declaration = Parameter | Variable | Resource | Module


@dataclass(frozen=True, slots=True)
class Template:
    """A file."""

    path: Path
    scope: str = "resourceGroup"
    symbols: Mapping[str, Declaration] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    statements: Sequence[Statement] = ()
    """Everything as it is written, also what is declared twice."""
    findings: tuple[Finding, ...] = ()
    """What hinders reading: then the rest is empty."""

    def each[T: Declaration](self, kind: type[T]) -> Iterator[T]:
        """Yield the declarations of one kind."""
        for declaration in self.symbols.values():
            if isinstance(declaration, kind):
                yield declaration


def read_template(path: Path) -> Template:
    """Return the declarations of a file, or the findings that hinder it."""
    return _read(path, path.read_bytes())


@lru_cache(maxsize=128)
def _read(path: Path, _: bytes) -> Template:
    """Read a file, once for each content."""
    try:
        return _FileReader(path).read()
    except SyntaxFaultError as error:
        return Template(path, findings=tuple(error.findings))


def _names(declaration: Declaration) -> Iterator[Name]:
    match declaration:
        case Parameter(default=value) | Variable(value=value) | _Deployed(value=value):
            yield from symbols(value) if value else ()


def _reached(needs: Mapping[str, Iterable[str]], start: str) -> set[str]:
    """Return the symbols that a declaration depends on, directly or indirectly."""
    found: set[str] = set()
    left = list(needs[start])
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += needs[name]
    return found


class _FileReader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._scope = "resourceGroup"
        self._symbols: dict[str, Declaration] = {}
        self._outputs: dict[str, Output] = {}

    def read(self) -> Template:
        found = statements(self._path)
        for each in found:
            self._declare(each)
        self._refuse_circles()
        return Template(self._path, self._scope, self._symbols, self._outputs, found)

    def _refuse_circles(self) -> None:
        """Raise SyntaxFaultError if a declaration needs itself: it has no value then."""
        needs = {
            name: dict.fromkeys(
                each.name for each in _names(declaration) if each.name in self._symbols
            )
            for name, declaration in self._symbols.items()
        }
        findings = []
        for name, declaration in self._symbols.items():
            for used in _names(declaration):
                if used.name in needs and name in {used.name, *_reached(needs, used.name)}:
                    text = f"{name} needs itself, directly or by others: break the circle"
                    findings.append(Finding(used.place, text))
        if findings:
            raise SyntaxFaultError(findings)

    def _declare(self, each: Statement) -> None:
        head = (each.name, each.place, each.decorators)
        match each:
            case Statement("targetScope", value=value):
                if not isinstance(value, Literal):
                    self._fail(each, "targetScope is not a plain string: make it one")
                self._scope = str(value.value)
            case Statement("param", type=WrittenType() as written, value=default):
                self._add(Parameter(*head, written, default))
            case Statement("output", type=WrittenType() as written, value=value) if value:
                self._outputs[each.name] = Output(*head, written, value)
            case Statement("var", value=value) if value:
                self._add(Variable(*head, value))
            case Statement("resource"):
                self._resource(each, None)
            case Statement("module", source=source, value=value) if value:
                if not isinstance(source, Literal):
                    self._fail(each, "the path of a module is not a plain string: make it one")
                _body(value, each.place)
                path = (self._path.parent / str(source.value)).resolve()
                self._add(Module(*head, value, path))

    def _fail(self, each: Statement, text: str) -> NoReturn:
        raise SyntaxFaultError([Finding(each.place, text)])

    def _add(self, declaration: Declaration) -> None:
        if declaration.name in self._symbols:
            text = f"{declaration.name} is declared twice in this file: rename one"
            raise SyntaxFaultError([Finding(declaration.place, text)])
        self._symbols[declaration.name] = declaration

    def _resource(self, each: Statement, parent: Resource | None) -> None:
        if not isinstance(each.source, Literal) or each.value is None:
            self._fail(each, "the type of a resource is not a plain string: make it one")
        text = str(each.source.value)
        if parent is not None:
            own, _, version = text.partition("@")
            text = f"{parent.kind}/{own}@{version or parent.type.partition('@')[2]}"
        _body(each.value, each.place)
        head = (each.name, each.place, each.decorators)
        outer = parent.name if parent else None
        resource = Resource(*head, each.value, text, each.existing, outer)
        self._add(resource)
        for inner in each.nested:
            self._resource(inner, resource)
