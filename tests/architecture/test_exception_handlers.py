"""No handler names an error that another one beside or before it has caught already."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "packages" / "azure-quantum-emulator" / "src"
FOLDERS = {
    ROOT: ("algorithms", "functions", "localdev", "qjobs", "tools"),
    EMULATOR: ("azure_quantum_emulator",),
}
MODULES = {
    ".".join(path.relative_to(base).with_suffix("").parts): path
    for base, folders in FOLDERS.items()
    for folder in folders
    for path in sorted((base / folder).rglob("*.py"))
}


def redundant(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the line of each name of an error that catches nothing, with that name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.TryStar):
            caught: list[type] = []
            for handler in node.handlers:
                errors = _errors(handler.type, names)
                yield from _beside(errors)
                for line, name, error in errors:
                    if issubclass(error, tuple(caught)):
                        yield line, name
                caught += [error for _, _, error in errors]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            yield from _beside(_errors(ast.Tuple(node.args), names))


def _beside(errors: list[tuple[int, str, type]]) -> Iterator[tuple[int, str]]:
    for place, (line, name, error) in enumerate(errors):
        others = [other for at, (_, _, other) in enumerate(errors) if at != place]
        if issubclass(error, tuple(others)):
            yield line, name


def _errors(node: ast.expr | None, names: Mapping[str, Any]) -> list[tuple[int, str, type]]:
    """Return the errors that an expression names, as far as they are names of the module."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node] if node is not None else []
    known = [(part.lineno, ast.unparse(part), _value(part, names)) for part in parts]
    return [(line, name, error) for line, name, error in known if isinstance(error, type)]


def _value(node: ast.expr, names: Mapping[str, Any]) -> object:
    if isinstance(node, ast.Name):
        return names.get(node.id, getattr(builtins, node.id, None))
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, names), node.attr, None)
    return None


def found(source: str) -> list[str]:
    """Return the redundant names in a text."""
    return [name for _, name in redundant(ast.parse(source), {})]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("try: ...\nexcept (OSError, ValueError): ...", []),
        ("try: ...\nexcept (OSError, TimeoutError): ...", ["TimeoutError"]),
        ("try: ...\nexcept (ValueError, builtins.ValueError): ...", []),
        ("try: ...\nexcept OSError: ...\nexcept TimeoutError: ...", ["TimeoutError"]),
        ("try: ...\nexcept TimeoutError: ...\nexcept OSError: ...", []),
        ("with contextlib.suppress(KeyError, LookupError): ...", ["KeyError"]),
        ("with suppress(unknown, OSError): ...", []),
    ],
)
def test_redundant_names_are_found(source: str, names: list[str]) -> None:
    """In one handler, in a later one, and in `suppress`."""
    assert found(source) == names


def test_every_name_in_a_handler_catches_something() -> None:
    """A subclass beside its superclass says that the writer took them for two kinds."""
    faults = []
    for name, path in MODULES.items():
        text = path.read_text(encoding="utf-8")
        if "except " in text or "suppress(" in text:
            names = vars(import_module(name))
            faults += [
                f"{path.relative_to(ROOT)}:{line} {error}"
                for line, error in redundant(ast.parse(text), names)
            ]
    assert faults == []
