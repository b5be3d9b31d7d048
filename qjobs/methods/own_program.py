"""The algorithm of a caller's own program: it is run as it is, and its readings are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.price import two_qubit_gates
from qjobs.domain.target_facts import Kind
from qjobs.drawing.readings import Reading, readings_chart
from qjobs.methods import evidence
from qjobs.methods.compiler import Language, compiled
from qjobs.methods.exact import (
    LEVEL,
    Agreement,
    NotComparedError,
    agreement,
    check_comparable,
    exact_distribution,
)
from qjobs.methods.limits import check_size
from qjobs.methods.qir_instructions import Step
from qjobs.methods.statistics import CONFIDENCE, Interval, share_error, share_interval

MOST_QUBITS = {
    Kind.SIMULATOR: 29,
    Kind.NOISY_SIMULATOR: 16,
    Kind.HARDWARE: 56,
    Kind.SYNTAX_CHECKER: 56,
}
MOST_GATES = {Kind.NOISY_SIMULATOR: 1_000}
"""Gates on two qubits: noise is simulated shot by shot."""
MOST_LISTED = 16
_POINTER = "/input/program"
_DECIMALS = 12
"""Of an exact probability; a state vector has few more."""


@dataclass(frozen=True, slots=True)
class OwnProgram:
    """The interface of an algorithm, over programs in one language."""

    language: Language

    def start(self, inputs: Inputs) -> Execute:
        """Return the program, compiled and checked.

        Raises:
            InputRejectedError: the program is refused.

        """
        found = compiled(self.language, inputs.input["program"])
        program, state = found.program, found.document
        check_size(inputs, program.qubits, MOST_QUBITS, "qubits", _POINTER)
        check_size(inputs, two_qubit_gates(program), MOST_GATES, "gates on two qubits", _POINTER)
        state = {name: value for name, value in state.items() if name not in {"text", "steps"}}
        try:
            check_comparable(_steps(found.document))
            state["steps"] = found.document["steps"]
        except NotComparedError as error:
            state["notCompared"] = str(error)
        return Execute([program], state)

    def resume(self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]) -> Finish:
        """Return the readings, with the most frequent one compared with what it should be.

        Raises:
            AlgorithmError: there is no reading.

        """
        counts = Counts({one: number for one, number in outcomes[0].readings.items() if number})
        if not counts.total:
            raise AlgorithmError("The program gave no reading.")
        leading = _ranked(counts)[0][0]
        exact, comparison = _exact(state, leading)
        agreed = None if exact is None else agreement(counts.readings, exact)
        bits = len(leading)
        noisy = inputs.target is None or inputs.target.noisy
        interval = _interval(counts.readings[leading], counts.total, bits)
        return Finish(
            {
                "readings": _listed(counts, state["registers"], exact),
                "shots": counts.total,
                "different": len(counts.readings),
                "registers": [{"name": name, "bits": size} for name, size in state["registers"]],
                "program": _size(state),
                "agreement": None if agreed is None else _agreement(agreed),
                "verified": _verified(agreed, state, noisy=noisy),
                "comparison": comparison,
                "baseline": evidence.baseline(
                    f"Share of each of the {2**bits:,} readings if all bits were random.",
                    2.0**-bits,
                ),
                "uncertainty": evidence.uncertainty(
                    interval, share_error(counts.readings[leading], counts.total)
                ),
                "svg": _picture(counts, state["registers"], exact),
            }
        )


def _steps(document: Mapping[str, Any]) -> list[Step] | None:
    steps = document.get("steps")
    return None if steps is None else [Step(*one) for one in steps]


def _ranked(counts: Counts) -> list[tuple[str, int]]:
    return sorted(counts.readings.items(), key=lambda item: (-item[1], item[0]))


def _interval(count: int, total: int, bits: int) -> Interval:
    """Return the interval of a share that holds together with those of all other readings.

    One that is the most frequent by chance would be outside too often else (Bonferroni).
    """
    tail = (1 - CONFIDENCE) / min(2**bits, 2**40)
    found = share_interval(count, total, 1 - tail)
    return Interval(found.lower, found.upper)


def _exact(state: JSONObject, leading: str) -> tuple[dict[str, float] | None, JSONObject]:
    """Return the exact distribution, if there is one, and `comparison`."""
    steps = _steps(state)
    if steps is None:
        reason = f"None: {state['notCompared']}."
        return None, {"method": reason, "value": None, "seconds": 0.0}
    exact, comparison = evidence.compared(
        "Exact probability of the most frequent reading, from a state vector (Qiskit).",
        lambda: exact_distribution(steps, state["outputs"]),
    )
    return exact, comparison | {"value": _share(exact, leading)}


def _share(exact: Mapping[str, float], reading: str) -> float:
    return round(exact.get(reading, 0.0), _DECIMALS)


def _listed(
    counts: Counts, registers: Sequence[Any], exact: Mapping[str, float] | None
) -> list[JSONObject]:
    found = []
    for bits, count in _ranked(counts)[:MOST_LISTED]:
        interval = _interval(count, counts.total, len(bits))
        found.append(
            {
                "bits": bits,
                "values": _split(bits, registers),
                "count": count,
                "frequency": counts.frequency(bits),
                "lower": interval.lower,
                "upper": interval.upper,
                "exact": None if exact is None else _share(exact, bits),
            }
        )
    return found


def _split(bits: str, registers: Sequence[Any]) -> list[JSONObject]:
    """Return the bits of each register, where the reading has as many as they have."""
    if sum(size for _, size in registers) != len(bits):
        return []
    found, begin = [], 0
    for name, size in registers:
        found.append({"register": name, "bits": bits[begin : begin + size]})
        begin += size
    return found


def _size(state: JSONObject) -> JSONObject:
    gates = state["gates"]
    return {
        "profile": state["profile"].replace("_", ""),
        "qubits": state["qubits"],
        "depth": state["depth"],
        "gates": [{"name": name, "count": gates[name]} for name in sorted(gates)],
    }


def _agreement(found: Agreement) -> JSONObject:
    return {
        "hellingerFidelity": found.fidelity,
        "totalVariation": found.distance,
        "expectedTotalVariation": found.expected_distance,
        "pValue": found.p_value,
    }


def _verified(found: Agreement | None, state: JSONObject, *, noisy: bool) -> JSONObject:
    if found is None:
        return evidence.not_verified(f"There is nothing to compare with: {state['notCompared']}.")
    if found.p_value is None:
        return evidence.not_verified(
            "No reading is expected five times or more, so a test would show nothing; take more "
            "shots."
        )
    tested = f"(chi-square test, p = {found.p_value:.2g}; the level is {LEVEL:g})"
    if found.holds:
        return evidence.verified(f"The readings fit the exact distribution {tested}.")
    blame = (
        "The target is noisy, which may be why."
        if noisy
        else "The target is said to have no noise: it is chance, or a fault."
    )
    return evidence.not_verified(
        f"The readings do not fit the exact distribution {tested}. {blame}"
    )


def _picture(counts: Counts, registers: Sequence[Any], exact: Mapping[str, float] | None) -> str:
    ranked = _ranked(counts)[:MOST_LISTED]
    rest = counts.total - sum(count for _, count in ranked)
    rows = [
        Reading(
            " ".join(one["bits"] for one in _split(bits, registers)) or bits,
            count / counts.total,
            share_error(count, counts.total),
            None if exact is None else exact.get(bits, 0.0),
        )
        for bits, count in ranked
    ]
    names = ", ".join(name for name, _ in registers)
    chance = 2.0 ** -len(ranked[0][0])
    return readings_chart(f"Readings of {names}", rows, rest / counts.total, chance)
