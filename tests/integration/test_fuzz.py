"""A few cases of what `make fuzz` runs by the thousand, and faults that it has to notice."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from qiskit import QuantumCircuit

from qjobs.adapters import lowering
from tools.fuzz import circuits
from tools.fuzz.case import Verdict
from tools.fuzz.reference import Reference
from tools.fuzz.session import KINDS, Result, Session

NUMBERS = {"circuits": 25, "mutants": 120}
SEED = 20_26


@pytest.mark.parametrize("kind", KINDS)
def test_random_programs_are_right_and_mutants_do_no_harm(kind: str) -> None:
    """Each failure says which; `make fuzz ARGS='KIND --seed 2026 --case N'` shows it."""
    results: list[Result] = []
    cases = iter([(kind, number) for number in range(NUMBERS.get(kind, 40))])

    asyncio.run(Session(SEED, 1).run(cases, results.append))

    failed = [(one.number, one.verdict, one.reason) for one in results if one.verdict.is_failure]
    assert failed == []
    verdicts = Counter(one.verdict for one in results)
    assert verdicts.total() == NUMBERS.get(kind, 40)
    assert verdicts[Verdict.RIGHT] >= (3 if kind == "mutants" else verdicts.total() // 2)


def result_of(kind: str, number: int, seed: int = 1) -> Result:
    """Return the result of one case."""
    found: list[Result] = []
    asyncio.run(Session(seed, 1).run(iter([(kind, number)]), found.append))
    return found[0]


def test_a_wrong_lowering_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circuit that loses a gate on its way is told from one that does not."""
    translate = lowering.translate

    def without_the_first_gate(circuit: QuantumCircuit) -> QuantumCircuit:
        translated = translate(circuit)
        gates = [n for n, step in enumerate(translated.data) if step.operation.name in {"x", "ry"}]
        for place in gates[:1]:
            del translated.data[place]
        return translated

    monkeypatch.setattr(lowering, "translate", without_the_first_gate)
    verdicts = {result_of("circuits", number).verdict for number in range(8)}

    assert Verdict.WRONG in verdicts


def test_a_feature_that_is_not_refused_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to be refused by name must not pass."""
    monkeypatch.setattr(circuits, "_spoil", lambda *_: "`delay`")
    verdicts = (result_of("circuits", number).verdict for number in range(20))

    assert Verdict.WRONG in verdicts


def test_a_second_opinion_is_of_another_reader() -> None:
    """It tells right outcomes, and has none on what it cannot read."""
    source = (
        b'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; creg d[1];'
        b"U1q(pi, 0) q[1]; v q[0]; vdg q[0]; measure q -> c; measure q[1] -> d[0];"
    )

    async def ask() -> list[Counter[tuple[int, ...]] | None]:
        with Reference() as reference:
            return [
                await reference.counts("honeywell.openqasm.v1", source, 5),
                await reference.counts("honeywell.openqasm.v1", b"nothing", 5),
                await reference.counts("rigetti.quil.v1", b"X 0", 5),
            ]

    assert asyncio.run(ask()) == [Counter({(0, 1, 1): 5}), None, None]


def test_the_second_opinion_on_qir_has_zeros_before_measurements() -> None:
    """A result is zero until it is measured, as the oracle has it, also the result 1."""
    source = b"""
define void @main() #0 {
call void @__quantum__rt__result_record_output(ptr inttoptr (i64 1 to ptr), ptr null)
call void @__quantum__qis__x__body(ptr null)
call void @__quantum__qis__m__body(ptr null, ptr inttoptr (i64 1 to ptr))
call void @__quantum__rt__result_record_output(ptr inttoptr (i64 1 to ptr), ptr null)
ret void
}
declare void @__quantum__rt__result_record_output(ptr, ptr)
declare void @__quantum__qis__x__body(ptr)
declare void @__quantum__qis__m__body(ptr, ptr)
attributes #0 = { "entry_point" "required_num_qubits"="1" "required_num_results"="2" }
"""

    async def ask() -> Counter[tuple[int, ...]] | None:
        with Reference() as reference:
            return await reference.counts("qir.v1", source, 5)

    assert asyncio.run(ask()) == Counter({(0, 1): 5})
