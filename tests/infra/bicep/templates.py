"""A Bicep file as its declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node

from tests.infra.bicep.expressions import (
    Array,
    Call,
    Conditional,
    Expression,
    For,
    Literal,
    Object,
)
from tests.infra.bicep.finding import Finding, Place
from tests.infra.bicep.reader import Reader
from tests.infra.bicep.syntax import SyntaxFaultError, named, nested, parse, text_of


@dataclass(frozen=True, slots=True)
class Parameter:
    """`param`."""

    name: str
    type: str
    """As it is written, such as `string`, `object?` or `string[]`."""
    default: Expression | None
    decorators: Mapping[str, tuple[Expression, ...]]
    place: Place

    @property
    def allowed(self) -> tuple[Expression, ...] | None:
        """The values of `@allowed`."""
        match self.decorators.get("allowed"):
            case (Array(items=items),):
                return items
        return None

    @property
    def optional(self) -> bool:
        """Whether nobody has to give it."""
        return self.default is not None or self.type.endswith("?")

    @property
    def secure(self) -> bool:
        """Whether it is kept out of logs and histories."""
        return "secure" in self.decorators


@dataclass(frozen=True, slots=True)
class Variable:
    """`var`."""

    name: str
    value: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Output:
    """`output`."""

    name: str
    type: str
    value: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class _Deployed:
    name: str
    value: Expression
    """What stands behind `=`, with its `if` and `for`."""
    place: Place

    @property
    def body(self) -> Object:
        """What is inside `if` and `for`."""
        value = self.value
        while not isinstance(value, Object):
            match value:
                case For(body=inner) | Conditional(then=inner):
                    value = inner
                case _:
                    raise AssertionError(f"{self.place}: no object")
        return value

    @property
    def loop(self) -> For | None:
        """The loop, if there is one."""
        return self.value if isinstance(self.value, For) else None


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
        """What is given to its parameters."""
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
    findings: tuple[Finding, ...] = ()
    """What hinders reading: then the rest is empty."""

    def each[T: Declaration](self, kind: type[T]) -> Iterator[T]:
        """Yield the declarations of one kind."""
        for declaration in self.symbols.values():
            if isinstance(declaration, kind):
                yield declaration


def read_template(path: Path) -> Template:
    """Return the declarations of a file, or the findings that hinder it."""
    try:
        return _FileReader(path).read()
    except SyntaxFaultError as error:
        return Template(path, findings=tuple(error.findings))


class _FileReader:
    def __init__(self, path: Path) -> None:
        self._reader = Reader(path)
        self._path = path
        self._scope = "resourceGroup"
        self._symbols: dict[str, Declaration] = {}
        self._outputs: dict[str, Output] = {}

    def read(self) -> Template:
        decorators: Mapping[str, tuple[Expression, ...]] = {}
        for node in named(parse(self._path)):
            match node.type:
                case "decorators":
                    decorators = self._decorators(node)
                    continue
                case "parameter_declaration":
                    self._add(self._parameter(node, decorators))
                case "variable_declaration":
                    name, value = named(node)
                    place = self._reader.place(node)
                    self._add(Variable(text_of(name), self._reader.expression(value), place))
                case "output_declaration":
                    name, kind, value = named(node)
                    self._outputs[text_of(name)] = Output(
                        text_of(name),
                        text_of(kind),
                        self._reader.expression(value),
                        self._reader.place(node),
                    )
                case "resource_declaration":
                    self._resource(node, None)
                case "module_declaration":
                    self._module(node)
                case "target_scope_assignment":
                    scope = self._reader.expression(named(node)[0])
                    assert isinstance(scope, Literal)
                    self._scope = str(scope.value)
                case "metadata_declaration":
                    pass
                case other:
                    raise self._fault(node, f"{other} is not read offline: do without it")
            decorators = {}
        return Template(self._path, self._scope, self._symbols, self._outputs)

    def _fault(self, node: Node, text: str) -> SyntaxFaultError:
        return SyntaxFaultError([Finding(self._reader.place(node), text)])

    def _add(self, declaration: Declaration) -> None:
        if declaration.name in self._symbols:
            text = f"{declaration.name} is declared twice in this file: rename one"
            raise SyntaxFaultError([Finding(declaration.place, text)])
        self._symbols[declaration.name] = declaration

    def _decorators(self, node: Node) -> Mapping[str, tuple[Expression, ...]]:
        calls = [self._reader.expression(named(each)[0]) for each in named(node)]
        return {call.function: call.arguments for call in calls if isinstance(call, Call)}

    def _parameter(self, node: Node, decorators: Mapping[str, tuple[Expression, ...]]) -> Parameter:
        name, kind, *default = named(node)
        return Parameter(
            text_of(name),
            text_of(kind),
            self._reader.expression(default[0]) if default else None,
            decorators,
            self._reader.place(node),
        )

    def _resource(self, node: Node, parent: Resource | None) -> None:
        name, kind, *_, value = named(node)
        text = text_of(kind).strip("'")
        if parent is not None:
            own, _, version = text.partition("@")
            text = f"{parent.kind}/{own}@{version or parent.type.partition('@')[2]}"
        resource = Resource(
            text_of(name),
            self._reader.expression(value),
            self._reader.place(node),
            text,
            existing=any(child.type == "existing" for child in node.children),
            parent=parent.name if parent else None,
        )
        self._add(resource)
        while value.type != "object":
            value = named(value)[-1]
        for member in nested(value):
            self._resource(
                next(each for each in named(member) if each.type == "resource_declaration"),
                resource,
            )

    def _module(self, node: Node) -> None:
        name, source, value = named(node)
        path = self._reader.expression(source)
        if not isinstance(path, Literal):
            raise self._fault(node, "the path of a module is not a plain string: make it one")
        self._add(
            Module(
                text_of(name),
                self._reader.expression(value),
                self._reader.place(node),
                (self._path.parent / str(path.value)).resolve(),
            )
        )
