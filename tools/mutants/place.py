"""The place of a mutation: its file and line in the repository."""

from __future__ import annotations

import ast
import re
from pathlib import Path

# The name of a change: module, function or class and method, number.
_NAME = re.compile(r"^(?P<module>.+)\.x(?:_(?P<function>.+)|ǁ(?P<method>.+))__mutmut_\d+$")
_HUNK = re.compile(r"^@@ -(\d+)", re.MULTILINE)


def place_of(name: str, diff: str, root: Path) -> str:
    """Return `file:line` of the change *name*, whose *diff* counts lines from its function on.

    Raises:
        ValueError: there is no such function in the repository at *root*.

    """
    match = _NAME.match(name)
    if match is None:
        raise ValueError(f"{name} is no name of a change")
    file = f"{match['module'].replace('.', '/')}.py"
    wanted = match["function"] or match["method"].replace("ǁ", ".")
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    start = _functions(tree, "").get(wanted)
    if start is None:
        raise ValueError(f"{file} has no {wanted}")
    return f"{file}:{start + _offset(diff)}"


def _functions(node: ast.AST, prefix: str) -> dict[str, int]:
    found = {}
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found[prefix + child.name] = child.lineno
        elif isinstance(child, ast.ClassDef):
            found |= _functions(child, f"{prefix}{child.name}.")
    return found


def _offset(diff: str) -> int:
    """Return how many lines after the first line of the function the first change is."""
    hunk = _HUNK.search(diff)
    if hunk is None:
        return 0
    lines = diff[hunk.start() :].splitlines()[1:]
    before = next((n for n, line in enumerate(lines) if line.startswith(("-", "+"))), 0)
    return int(hunk[1]) - 1 + before
