"""Small Bicep files with what the real compiler says of them, and what we say of the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.rules.all import LANGUAGE
from tools.bicep.finding import Finding
from tools.bicep.frames import Context, Tree
from tools.bicep.snapshot import Later, snapshot

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "bicep" / "corpus.json"

REFUSALS = {
    "an assertion is not read offline": "assertions",
    "an import is not read offline": "imports",
    "a derived type is not read offline": "types derived from resources",
    "a function of one's own is not read offline": "own functions",
    "a spread is not read offline": "spread",
    "a type of one's own is not read offline": "own types",
    "checkov cannot read a lambda of two arguments": "lambdas of two arguments",
    "checkov cannot read a ternary over lines": "ternaries over lines",
    "is unknown: the data has": "types of resources that are not in the data",
}
"""What our findings say of correct constructs that we do not read, and what these are."""


@dataclass(frozen=True, slots=True)
class Case:
    """Files, and what the compiler says of them."""

    name: str
    kind: str
    """Correct, mistake, style (of the linter), or silent: wrong, and the compiler says nothing."""
    files: Mapping[str, str]
    parameters: Mapping[str, object]
    lines: frozenset[tuple[str, int]]
    """File and line of each diagnostic."""
    evaluated: Mapping[str, Any] | None
    """Resources and outputs; None where the compiler computed none."""


@cache
def cases() -> Mapping[str, Case]:
    """Return all cases by name; none where the file is not at hand."""
    content = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {"cases": []}
    return {
        each["name"]: Case(
            each["name"],
            each["kind"],
            each["files"],
            each["parameters"],
            frozenset((one["file"], one["line"]) for one in each["diagnostics"]),
            each.get("evaluated"),
        )
        for each in content["cases"]
    }


@cache
def context() -> Context:
    """Return where the compiler took the cases to be deployed to."""
    about = json.loads(FILE.read_text(encoding="utf-8"))["context"]
    return Context(
        about["tenant"],
        about["subscription"],
        about["location"],
        about["deploymentName"],
        about["resourceGroup"],
    )


def write(case: Case, root: Path) -> Tree:
    """Write the files of a case as a layer of a repository."""
    folder = root / "infra" / "app"
    folder.mkdir(parents=True)
    for name, text in case.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Tree(root)


def found_in(tree: Tree) -> list[Finding]:
    """Return what the rules of the language say."""
    return sorted({finding for rule in LANGUAGE.values() for finding in rule(tree)})


def refusals(found: Sequence[Finding]) -> set[str]:
    """Return the constructs that findings refuse."""
    return {what for text, what in REFUSALS.items() if any(text in each.text for each in found)}


def about_a_diagnostic(finding: Finding, case: Case) -> bool:
    """Tell whether the compiler says something about the line; a file ends where it gives up."""
    line = (finding.place.path.name, finding.place.line)
    return line in case.lines or (bool(case.lines) and "cannot be parsed" in finding.text)


def differences(case: Case, tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield where our values are others than the compiler's, or are not known: path and what."""
    assert case.evaluated is not None
    made = snapshot(tree.root / "infra/app/main.bicep", tree, case.parameters, context())
    yield from _compare(case.evaluated["outputs"], made.outputs, "outputs")
    left = list(made.resources)
    for wanted in case.evaluated["resources"]:
        names = [(each["type"], each["name"]) for each in left]
        for name in (wanted["name"], Later.KNOWN):
            if (wanted["type"], name) in names:
                ours = left.pop(names.index((wanted["type"], name)))
                yield from _compare(wanted, ours, wanted["type"])
                break
        else:
            yield f"{wanted['type']} {wanted['name']}", "is not deployed"
    for each in left:
        yield f"{each['type']} {each['name']}", "is deployed"


def _compare(wanted: Any, ours: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    later = isinstance(wanted, str) and wanted.startswith("[") and wanted.endswith("]")
    if later and wanted != ours:
        # What is left to the deployment may be so in part: [createArray(...)] is a list of ours.
        if ours is not Later.KNOWN and Later.KNOWN not in (ours if isinstance(ours, list) else ()):
            yield path, f"is {ours!r}, and only a deployment can know it"
    elif ours is Later.KNOWN:
        yield path, "is not known"
    elif isinstance(wanted, dict) and isinstance(ours, dict):
        for name in sorted(wanted.keys() | ours.keys()):
            if name in wanted and name in ours:
                yield from _compare(wanted[name], ours[name], f"{path}.{name}")
            else:
                yield f"{path}.{name}", "is there" if name in ours else "is not there"
    elif isinstance(wanted, list) and isinstance(ours, list) and len(wanted) == len(ours):
        for number, pair in enumerate(zip(wanted, ours, strict=True)):
            yield from _compare(*pair, f"{path}[{number}]")
    elif type(wanted) is not type(ours) or wanted != ours:
        yield path, f"is {ours!r}, not {wanted!r}"
