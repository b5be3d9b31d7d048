"""The condition of a search: its truth table, from a text of zeros and ones or from clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qjobs.domain.algorithm import Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.methods.limits import check_size, rejected

LARGEST = {Kind.SIMULATOR: 8, Kind.NOISY_SIMULATOR: 6, Kind.HARDWARE: 6, Kind.SYNTAX_CHECKER: 8}
"""Variables, by kind of target: noise leaves nothing of more."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on variables that are true or false.

    An assignment is a number, bit i - 1 of which is the value of variable i.
    """

    variables: int
    clauses: Sequence[Sequence[int]]
    """In conjunctive normal form with DIMACS' signs; none if the truth table was given."""
    truth_table: str
    """Of clauses it is empty."""

    def holds(self, assignment: int) -> bool:
        """Return whether an assignment satisfies the condition."""
        if self.truth_table:
            return self.truth_table[assignment] == "1"
        return all(
            any((literal > 0) == bool(assignment >> (abs(literal) - 1) & 1) for literal in clause)
            for clause in self.clauses
        )

    def solutions(self) -> list[int]:
        """Return every assignment that satisfies it, by trying all of them."""
        return [number for number in range(1 << self.variables) if self.holds(number)]

    @property
    def check(self) -> str:
        """The way in which an assignment is checked."""
        if self.truth_table:
            return "looked up in the truth table"
        return f"put into all {len(self.clauses)} clauses"


def condition_of(inputs: Inputs) -> Condition:
    """Return the condition that an input describes.

    Raises:
        InputRejectedError: it has no condition or two, or one that does not fit its variables or
            its target.

    """
    given = inputs.input
    table, clauses = given.get("truthTable"), given.get("clauses")
    if (table is None) == (clauses is None):
        raise rejected(
            "A search takes either clauses or a truthTable.",
            "/input/truthTable" if table is not None else "/input",
        )
    found = _of_the_table(given) if table is not None else _of_the_clauses(given)
    check_size(inputs, found.variables, LARGEST, "variables", _pointer(given))
    return found


def _pointer(given: JSONObject) -> str:
    named = ("truthTable", "variables", "clauses")
    return "/input/" + next(name for name in named if given.get(name) is not None)


def _of_the_table(given: JSONObject) -> Condition:
    table = str(given["truthTable"])
    variables = len(table).bit_length() - 1
    if len(table) != 1 << variables:
        raise rejected(
            f"A truth table of {len(table)} values belongs to no number of variables: "
            f"it has 2, 4, 8, ... values.",
            "/input/truthTable",
        )
    if given.get("variables") not in (None, variables):
        raise rejected(
            f"The truth table of {int(given['variables'])} variables has "
            f"{1 << int(given['variables'])} values, not {len(table)}.",
            "/input/truthTable",
        )
    return Condition(variables, (), table)


def _of_the_clauses(given: JSONObject) -> Condition:
    clauses = [[int(literal) for literal in clause] for clause in given["clauses"]]
    greatest = max(abs(literal) for clause in clauses for literal in clause)
    variables = int(given.get("variables") or max(greatest, 1))
    for place, clause in enumerate(clauses):
        for index, literal in enumerate(clause):
            if not 1 <= abs(literal) <= variables:
                raise rejected(
                    f"{literal} is no literal: variables are numbered from 1 to {variables}.",
                    f"/input/clauses/{place}/{index}",
                )
    return Condition(variables, clauses, "")
