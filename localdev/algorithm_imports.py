"""Check of an algorithm's imports: deployed packages, and the modules made for algorithms."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from localdev.repository import ROOT

_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
_FOR_ALGORITHMS = ("qjobs.domain", "qjobs.methods", "qjobs.drawing")
_LISTED = ", ".join(_FOR_ALGORITHMS)
_SDK = "azure"


def import_faults(folder: Path) -> Iterator[str]:
    """Yield the imports of an algorithm that it may not have, with file and line."""
    for file in sorted(folder.rglob("*.py")):
        try:
            tree = ast.parse(file.read_bytes())
        except SyntaxError as error:
            yield f"{file}: line {error.lineno}: it is not Python: {error.msg}"
            continue
        for line, module in _imported(tree):
            if reason := _wrong(module, folder.name):
                yield f"{file}: line {line}: import of {module}: {reason}"


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if node.module in {"algorithms", "qjobs"}:
                yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
            else:
                yield node.lineno, node.module


def _wrong(module: str, algorithm: str) -> str | None:
    """Return the reason against the import of a module; None if it is allowed."""
    top = module.partition(".")[0]
    if top == "algorithms":
        own = f"algorithms.{algorithm}"
        inside = module == own or module.startswith(f"{own}.")
        return None if inside else "it is no part of this algorithm; copy what it takes of it"
    if top == "qjobs":
        seen = any(f"{module}.".startswith(f"{one}.") for one in _FOR_ALGORITHMS)
        return None if seen else f"of the engine an algorithm sees {_LISTED} alone"
    if top == _SDK:
        return "an algorithm calls nothing: the engine sends its circuits to the provider"
    if top in sys.stdlib_module_names or top in _deployed():
        return None
    return "it is not in requirements.txt, so it is not there when the algorithm runs"


@cache
def _deployed() -> frozenset[str]:
    """Return the modules of the packages that are deployed."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = {_normal(name) for name in _REQUIREMENT.findall(text)}
    return frozenset(
        module
        for module, names in packages_distributions().items()
        if packages & {_normal(name) for name in names}
    )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
