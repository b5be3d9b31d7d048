"""The queries of alerts and of the workbook read what the functions log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qjobs.services.job_log import PREFIX
from tools.bicep.assignments import suggestion
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Tree

_QUOTED = re.compile(r'"([^"]+)"')
_NAMED = re.compile(r"\bname (?:==|in) (.+)")
_KINDS = re.compile(r"\bkind (?:==|!?in) (.+)")
_CODES = re.compile(r"errorCode\) (?:==|!?in) (.+)")


def check_queries(tree: Tree) -> Iterator[Finding]:
    """Yield what a query looks for and nobody logs."""
    members = set(
        re.findall(r'^        "(\w+)":', _code(tree, "qjobs/services/job_log.py"), re.MULTILINE)
    )
    codes = set(re.findall(r'code = "([\w-]+)"', _code(tree, "qjobs/domain/errors.py")))
    functions = {
        name
        for path in (tree.root / "functions").glob("*.py")
        for name in re.findall(r'function_name\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    results = set(
        re.findall(r'^NAME = "([\w-]+)"', _code(tree, ".github/synthetic_job.py"), re.MULTILINE)
    )
    metrics = _code(tree, "qjobs/telemetry.py")
    named = {
        "availabilityResults": ("synthetic_job.py", results),
        "customMetrics": ("telemetry.py", set(re.findall(r'Metric\(\s*"([\w.]+)"', metrics))),
        "requests": ("functions/", functions),
    }
    attributes = set(re.findall(r'"((?:qjobs|error)\.[\w.]+)"', metrics))
    kinds = set(re.findall(r'= "([\w-]+)"', _code(tree, "qjobs/domain/provider_error_kind.py")))
    for path in sorted((tree.root / "infra").rglob("*.kql")):
        text = path.read_text(encoding="utf-8")
        table = re.search(rf"^({'|'.join(named)})\b", text, re.MULTILINE)
        where, names = named[table[1] if table else "requests"]
        for number, line in enumerate(text.splitlines(), start=1):
            place = Place(path, number)
            yield from _unknown(
                place, "the log of jobs", re.findall(r"(?<![\w.])job\.(\w+)", line), members
            )
            yield from _unknown(place, "errors.py", _words(_CODES, line), codes)
            yield from _unknown(place, where, _words(_NAMED, line), names)
            dimensions = re.findall(r'customDimensions\["([^"]*)"\]', line)
            yield from _unknown(place, "telemetry.py", dimensions, attributes)
            yield from _unknown(place, "provider_error_kind.py", _words(_KINDS, line), kinds)
            for text in re.findall(r'message startswith "([^"]*)"', line):
                if text != PREFIX:
                    yield Finding(place, f"lines of jobs begin with {PREFIX!r}: write that")
            for length in re.findall(r"substring\(message, (\d+)\)", line):
                if int(length) != len(PREFIX):
                    yield Finding(place, f"{PREFIX!r} has {len(PREFIX)} characters: cut those off")


def _words(pattern: re.Pattern[str], line: str) -> list[str]:
    return [word for match in pattern.finditer(line) for word in _QUOTED.findall(match[1])]


def _unknown(place: Place, where: str, names: list[str], known: set[str]) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield Finding(place, f"{where} has no {name}: {suggestion(name, sorted(known))}")


def _code(tree: Tree, path: str) -> str:
    return Path(tree.root, path).read_text(encoding="utf-8")
