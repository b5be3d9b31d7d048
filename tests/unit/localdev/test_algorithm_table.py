"""The table of algorithms: what is told of a row that is not as it should be."""

from __future__ import annotations

import pytest

from localdev.algorithm_table import WHERE, row_faults

SUMMARIES = {"a": "A.", "b": "B.", "c": "C."}


def document(*rows: str) -> str:
    """Return a document with these rows in its table, and another table behind it."""
    other = "\n## Others\n\n| id | x |\n|---|---|\n| `z` | Z. |\n"
    table = "\n".join(["| id | what it answers |", "|---|---|", *rows])
    return f"# Algorithms\n\n## The algorithms\n\n{table}\n{other}"


A, B, C = "| `a` | A. |", "| `b` | B. |", "| `c` | C. |"


def test_a_table_with_the_right_rows_has_no_fault() -> None:
    """Each has the id and the summary, in the order of the ids."""
    assert row_faults(document(A, B, C), SUMMARIES, known=SUMMARIES) == []


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([B, C], f"write {A} after the head"),
        ([A, C], f"write {B} after {A}"),
        ([A, B], f"write {C} after {B}"),
        ([A, "| `b` | Old. |", C], f"write {B} instead of | `b` | Old. |"),
        ([A, B, C, "| `d` | D. |"], "remove | `d` | D. |"),
        ([A, B, B, C], f"remove {B}, the second row"),
        ([B, A, C], "order the rows by their ids"),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_remedy(rows: list[str], fault: str) -> None:
    """Whoever adds an algorithm is told what to write, and after which row."""
    assert row_faults(document(*rows), SUMMARIES, known=SUMMARIES) == [f"{WHERE}: {fault}"]


def test_rows_of_others_are_let_be() -> None:
    """Who looks after one algorithm is told of its row alone."""
    rows = document("| `d` | D. |", "| `b` | Old. |", "| `e` | |")

    assert row_faults(rows, {"b": "B."}) == [f"{WHERE}: write {B} instead of | `b` | Old. |"]
    assert row_faults(rows, {"d": "D."}) == []
