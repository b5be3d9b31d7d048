"""Report of the examples: a table for the terminal, JSON, Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from tools.algorithm_checks.rehearsal import Rehearsal

_COLUMNS = (
    "example",
    "steps",
    "runs",
    "qubits",
    "depth",
    "gates",
    "2-qubit",
    "physical",
    "µs",
    "outcome",
)
_LEFT = {"example", "outcome"}
NOTES = """\
Runs: circuits. Qubits: of the largest circuit, and the most that algorithm.json allows. Gates: of \
all circuits together; 2-qubit: those on two or more. Physical, µs: qubits, and time of one shot, \
of the largest circuit on a fault-tolerant computer (gate-based, 50 ns, error rate 0.0001, surface \
code) where at most 1 shot in 100 fails."""
_NANOSECONDS_PER_MICROSECOND = 1000


def as_json(rehearsals: Sequence[Rehearsal]) -> list[dict[str, Any]]:
    """Return all figures, one object per example."""
    return [
        {
            "algorithm": one.example.algorithm,
            "example": one.example.number,
            "input": one.example.input,
            "shots": one.example.shots,
            "steps": len(one.steps),
            "circuits": len(one.programs),
            "qubits": one.qubits,
            "mostQubits": one.example.most_qubits,
            "depth": one.depth,
            "gates": dict(sorted(one.gates.items())),
            "entanglingGates": one.entangling_gates,
            "faultTolerant": {"qubits": estimate.qubits, "nanoseconds": estimate.nanoseconds}
            if (estimate := one.fault_tolerant())
            else None,
            "result": one.result,
            "failure": one.failure,
            "trace": one.trace,
        }
        for one in rehearsals
    ]


def rows(documents: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return the cells of the table."""
    return [_row(document) for document in documents]


def as_table(documents: Sequence[dict[str, Any]]) -> Table:
    """Return the table for a terminal."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column in _LEFT else "right")
    for document, row in zip(documents, rows(documents), strict=True):
        *cells, outcome = row
        style = "bold red" if document["failure"] else "green"
        table.add_row(*cells, Text(outcome, style=style))
    return table


def as_markdown(documents: Sequence[dict[str, Any]]) -> str:
    """Return the table, and what its columns mean, for a page that shows Markdown."""
    rules = ["---" if column in _LEFT else "---:" for column in _COLUMNS]
    lines = [_COLUMNS, rules, *rows(documents)]
    table = "".join(f"| {' | '.join(map(_escaped, line))} |\n" for line in lines)
    return f"{table}\n{NOTES}\n"


def _row(document: dict[str, Any]) -> list[str]:
    estimate = document["faultTolerant"]
    return [
        f"{document['algorithm']} {document['example']}",
        str(document["steps"]),
        str(document["circuits"]),
        f"{document['qubits']}/{document['mostQubits']}",
        str(document["depth"]),
        str(sum(document["gates"].values())),
        str(document["entanglingGates"]),
        f"{estimate['qubits']:,}" if estimate else "-",
        f"{estimate['nanoseconds'] / _NANOSECONDS_PER_MICROSECOND:,.0f}" if estimate else "-",
        document["failure"] or "passed",
    ]


def _escaped(cell: str) -> str:
    """Return *cell* as text of a table: a reason may hold what Markdown reads as its own."""
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
