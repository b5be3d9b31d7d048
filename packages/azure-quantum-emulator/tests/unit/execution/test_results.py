from __future__ import annotations

import json

import pytest

from azure_quantum_emulator.execution import results
from azure_quantum_emulator.execution.outcomes import (
    AdaptiveShots,
    AtomCounts,
    Outcomes,
    Probabilities,
    RecordedShots,
    RegisterShots,
)
from azure_quantum_emulator.programs.program import Registers
from azure_quantum_emulator.programs.records import (
    ArrayRecord,
    ResultRecord,
    TupleRecord,
    ValueRecord,
)
from azure_quantum_emulator.targets.catalogue import all_targets

PAIR = RecordedShots(ArrayRecord((ResultRecord(1), ResultRecord(0))), [0b01, 0b01, 0b10, 0b01])
REGISTERS = RegisterShots(Registers({"a": range(2), "b": range(2, 3)}), [0b001, 0b110])
COMPUTED = AdaptiveShots(
    [
        TupleRecord((ValueRecord(1, "bit"), ValueRecord(-3, "sum"))),
        TupleRecord((ValueRecord(0, "bit"), ValueRecord(7, "sum"))),
    ],
    [1, 0, 1],
)


def written(output_format: str, *outcomes: Outcomes) -> object:
    """Return what an output blob holds."""
    return json.loads(results.write(output_format, outcomes))


@pytest.mark.parametrize(
    ("output_format", "outcomes", "expected"),
    [
        ("microsoft.quantum-results.v1", PAIR, {"Histogram": ["[0, 1]", 0.75, "[1, 0]", 0.25]}),
        ("honeywell.quantum-results.v1", REGISTERS, {"a": ["01", "10"], "b": ["0", "1"]}),
        ("rigetti.quil-results.v1", REGISTERS, {"a": [[1, 0], [0, 1]], "b": [[0], [1]]}),
        ("ionq.quantum-results.v1", Probabilities({0: 0.5, 7: 0.5}), None),
        ("pasqal.pulser-results.v1", AtomCounts({"01": 1, "10": 3}), {"10": 3, "01": 1}),
        ("honeywell.qir.v1", COMPUTED, {"bit": ["0", "1", "0"], "sum": ["7", "-3", "7"]}),
        ("honeywell.qir.v1", PAIR, {"0": ["0", "0", "1", "0"], "1": ["1", "1", "0", "1"]}),
    ],
)
def test_a_format_writes_what_a_program_gave(
    output_format: str, outcomes: Outcomes, expected: object
) -> None:
    """Registers of Quantinuum have their last bit first, those of Rigetti their first."""
    if expected is None:
        expected = {"histogram": {"0": 0.5, "7": 0.5}}
    assert written(output_format, outcomes) == expected


def test_computed_values_are_outcomes_like_bits() -> None:
    """Numbers that a program computed stand in the tree of every shot."""
    (item,) = written("microsoft.quantum-results.v2", COMPUTED)["Results"]  # type: ignore[index]
    assert item["Shots"] == [{"Item1": n, "Item2": k} for n, k in ((0, 7), (1, -3), (0, 7))]
    assert [(e["Display"], e["Count"]) for e in item["Histogram"]] == [
        ("(0, 7)", 2),
        ("(1, -3)", 1),
    ]


def test_runs_follow_each_other_in_one_register() -> None:
    """The shots of several runs of a Quil program are one list."""
    runs = [RegisterShots(Registers({"ro": range(1)}), bits) for bits in ([0, 0], [1, 1])]
    assert written("rigetti.quil-results.v1", *runs) == {"ro": [[0], [0], [1], [1]]}


@pytest.mark.parametrize(
    ("output_format", "outcomes"),
    [
        ("invalid_output_format", PAIR),
        ("microsoft.quantum-results.v2", REGISTERS),
        ("microsoft.quantum-results.v1", Probabilities({0: 1.0})),
        ("ionq.quantum-results.v1", PAIR),
        ("honeywell.quantum-results.v1", PAIR),
        ("rigetti.quil-results.v1", AtomCounts({"0": 1})),
    ],
)
def test_a_format_that_does_not_fit_is_refused(output_format: str, outcomes: Outcomes) -> None:
    """No format gives out what it was not made for."""
    with pytest.raises(results.UntranslatableError):
        results.write(output_format, [outcomes])


def test_every_format_of_every_target_is_there() -> None:
    """The lists of formats of the targets name none that is not written here."""
    named = {
        name
        for target in all_targets().values()
        if target.simulator != "echo"
        for name in target.output_formats
    }
    assert named <= set(results.FORMATS)
