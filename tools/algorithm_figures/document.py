"""docs/catalogue.md: a section of each algorithm, of its files, its estimates and its runs.

All but the measured tables follows from the files of the algorithms and from the prices, so that a
test can print it anew and compare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.estimate import Quantity, Workload
from tools.algorithm_checks.example import SEED, examples
from tools.algorithm_figures.estimates import CostAt, Estimator
from tools.algorithm_figures.markdown import code, filled, shortened, table

HEAD = f"""\
# The catalogue in figures

What each algorithm is for, what its worked examples take and cost, and what they gave. The command
`make figures` writes this document, of the files of the algorithms, of estimates at the published
prices, and of runs on simulators; [algorithms.md](algorithms.md) has the rules. A caller gets the
same estimate of any input from [`POST /algorithms/<id>/estimate`](api.md#estimate-first).

- *Takes*: for a simulator without noise; an algorithm that makes its circuits for the target may
  make others elsewhere. `to` leads from what is planned to the most; steps after the first are
  taken to be as large as it.
- *Costs*: at each target with a published price, of what the algorithm would run there. Waiting is
  not in it: at a device that is minutes to days. *By time* is what no formula says beforehand.
- *Gave*: the [evidence](algorithms.md#what-a-result-has) of runs with the default shots and the
  seed {SEED}, and the seconds from the input to the result on the machine that measured, in
  processes that have their imports; with noise a process starts in them. Requests, queues, storage
  and polling are not in them: a job takes up to a second or so more for each step.
"""
_INPUT = 60
_SOURCES = re.compile(r"\bSources?: .+")
_MEASURED = re.compile(
    r"<!-- measured: (?P<id>\w+) (?P<version>\S+) -->\n(?P<table>.*?)<!-- end -->\n", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measured table of an algorithm, and the version that was measured."""

    version: str
    table: str


def measured_tables(text: str) -> dict[str, Measured]:
    """Return the measured tables in a document, by algorithm."""
    return {
        found["id"]: Measured(found["version"], found["table"])
        for found in _MEASURED.finditer(text)
    }


def page(catalogue: FileCatalogue, measured: Mapping[str, Measured]) -> str:
    """Return the document; an algorithm that was not measured has no such table."""
    ids = [str(entry["id"]) for entry in catalogue.all()]
    return "\n".join([HEAD, *(section(catalogue, one, measured.get(one)) for one in ids)])


def section(catalogue: FileCatalogue, algorithm: str, measured: Measured | None) -> str:
    """Return the section of an algorithm."""
    described = catalogue.describe(algorithm)
    estimators = [Estimator(example) for example in examples(catalogue, [algorithm])]
    written = [example["input"] for example in described["examples"]]
    parts = [
        f"## `{algorithm}`\n\n{filled(f'{described["title"]}. {described["summary"]}')}\n",
        *(f"{filled(paragraph)}\n" for paragraph in _paragraphs(described)),
        f"Takes:\n\n{_takes(estimators, written)}",
        f"Costs:\n\n{_costs(estimators)}",
    ]
    if measured:
        head = f"<!-- measured: {algorithm} {measured.version} -->"
        parts.append(f"Gave:\n\n{head}\n{measured.table}<!-- end -->\n")
        parts.append("".join(_meanings(described["resultSchema"]["properties"])))
    return "\n".join(parts)


def _meanings(members: JSONObject) -> Iterator[str]:
    """Yield the meaning of the columns of the measured table, by the result schema."""
    value = members["comparison"]["properties"]["value"]["description"]
    yield f"- *verified*: {members['verified']['description']}\n"
    for name in ("uncertainty", "gap"):
        if name in members:
            yield f"- *{name}*: {members[name]['description']}\n"
    yield f"- *classical*: {members['comparison']['description']} {value}\n"
    yield f"- *baseline*: {members['baseline']['description']}\n"
    readings = members.get("readings", {}).get("properties", {})
    if "betterThanChance" in readings:
        meaning = {name: member["description"] for name, member in readings.items()}
        yield f"- *optimal*: {meaning['optimal']}\n"
        yield f"- *by chance*: {meaning['optimalByChance']}\n"
        yield f"- *better than chance*: {meaning['chance']} {meaning['betterThanChance']}\n"


def _paragraphs(described: JSONObject) -> Iterator[str]:
    """Yield the first paragraph of the description, the limits, and the sources."""
    shots, limits = described["shots"], described["limits"]
    yield described["description"].partition("\n\n")[0]
    yield (
        f"Up to {limits['qubits']} qubits and {limits['steps']:,} "
        f"step{'' if limits['steps'] == 1 else 's'}; {shots['minimum']:,} to {shots['maximum']:,} "
        f"shots, by default {shots['default']:,}."
    )
    if sources := _SOURCES.search(described["description"]):
        yield sources[0]


def _takes(estimators: Sequence[Estimator], written: Sequence[JSONObject]) -> str:
    head = ("example", "input", "steps", "circuits", "shots", "qubits", "two-qubit gates")
    rows = []
    for estimator, document in zip(estimators, written, strict=True):
        text = shortened(json.dumps(document, ensure_ascii=False), _INPUT)
        workload = estimator.workload()
        figures = _figures(workload) if workload else ["0"] * 5
        rows.append([str(estimator.example.number), code(text), *figures])
    return table(head, rows)


def _figures(workload: Workload) -> list[str]:
    size, steps = workload.size, workload.steps
    gates = Quantity(size.two_qubit_gates * steps.planned, size.two_qubit_gates * steps.at_most)
    numbers = (steps, workload.circuits, workload.total_shots)
    return [*map(_quantity, numbers), f"{size.qubits:,}", _quantity(gates)]


def _quantity(number: Quantity) -> str:
    if number.planned == number.at_most:
        return f"{number.planned:,}"
    return f"{number.planned:,} to {number.at_most:,}"


def _costs(estimators: Sequence[Estimator]) -> str:
    """Return the table of costs; targets at which all examples cost the same share a row."""
    columns = [list(estimator.costs()) for estimator in estimators]
    rows = [
        ([_cost(at) for at in of_target], of_target[0].target)
        for of_target in zip(*columns, strict=True)
    ]
    grouped = [
        [", ".join(code(target) for _, target in same), *cells]
        for cells, same in groupby(sorted(rows), key=lambda row: row[0])
    ]
    numbers = [f"example {estimator.example.number}" for estimator in estimators]
    return table(["target", *numbers], sorted(grouped))


def _cost(at: CostAt) -> str:
    if at.cost is None:
        return at.reason or ""
    if not at.cost.at_most:
        return "free"
    planned, most = _amount(at.cost.planned), _amount(at.cost.at_most)
    return f"{planned if planned == most else f'{planned} to {most}'} {at.cost.currency}"


def _amount(number: float) -> str:
    """Return an amount with cents, and with all that prices go by."""
    whole, _, fraction = f"{number:,.4f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
