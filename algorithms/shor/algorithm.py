"""Shor's algorithm: the factors of a small number, by finding the order of a base."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit, transpile

from algorithms.shor.circuit import order_circuit
from algorithms.shor.numbers import bases, is_power, needs_order, smallest_factor
from algorithms.shor.report import Attempt, finding, order_of
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.target_facts import Kind
from qjobs.methods.controlled import two_qubit_gates
from qjobs.methods.limits import check_size, kind_of, rejected

LARGEST = 35
"""Number; 39, the next one with two factors, would run for a minute and longer."""
_MOST_GATES = {Kind.NOISY_SIMULATOR: 200, Kind.HARDWARE: 200}
"""On two qubits, beyond which noise leaves nothing of the peaks."""
_MOST_BASES = 5
_GATES = ("h", "x", "t", "tdg", "s", "sdg", "rz", "cx", "ccx", "rzz")


_POINTER = "/input/number"


class Shor:
    """A step for each base, until the order of one gives the factors.

    The state holds the bases whose order gave none, with that order.
    """

    def start(self, inputs: Inputs) -> Execute:
        """Return the circuit of the first base.

        Raises:
            InputRejectedError: the number needs no quantum computer, or is too large for its
                target, or the base tells the factors by itself.

        """
        number = _number(inputs)
        _check_number(number)
        base = _base(inputs, [])
        circuit = order_circuit(number, base)
        if kind_of(inputs) in _MOST_GATES:
            gates = _gates_on_two_qubits(circuit)
            check_size(inputs, gates, _MOST_GATES, f"gates on two qubits for {number}", _POINTER)
        return _step(inputs, circuit, [], None)

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the factors, or the circuit of another base.

        Raises:
            AlgorithmError: there are no readings.

        """
        counts = outcomes[0]
        if not counts.total:
            raise AlgorithmError("No shot gave a reading, so there is no order.")
        number, tried = _number(inputs), state["tried"]
        base = _base(inputs, tried)
        attempt = Attempt(number, base, counts, order_of(counts, base, number))
        result = finding(attempt, tried)
        left = min(_MOST_BASES, len(bases(number, 0))) - len(tried) - 1
        if result["outcome"] == "Factored" or _is_given(inputs) or not left:
            return Finish(result)
        tried = [*tried, {"base": base, "order": attempt.order}]
        return _step(inputs, order_circuit(number, _base(inputs, tried)), tried, result)


algorithm = Shor()


def _step(
    inputs: Inputs, circuit: QuantumCircuit, tried: list[JSONObject], best: JSONObject | None
) -> Execute:
    progress = Progress(len(tried) + 1, most=1 if _is_given(inputs) else None)
    return Execute([circuit], {"tried": tried}, progress=progress, best=best)


def _is_given(inputs: Inputs) -> bool:
    """Return whether the caller has said the base, so that no other is tried."""
    return inputs.input.get("base") is not None


def _number(inputs: Inputs) -> int:
    # A schema's integer may be written 15.0, which JSON reads as a float.
    return int(inputs.input["number"])


def _base(inputs: Inputs, tried: Sequence[JSONObject]) -> int:
    """Return the base of the input, or the next one that is drawn by the seed."""
    number, given = _number(inputs), inputs.input.get("base")
    if given is None:
        return bases(number, inputs.seed or 0)[len(tried)]
    base = int(given)
    if not 1 < base < number:
        raise rejected(f"A base of {number} is between 2 and {number - 1}.", "/input/base")
    if not needs_order(base, number):
        known = "has a factor in common with it" if base * base % number != 1 else "squared is 1"
        raise rejected(
            f"The base {base} {known} modulo {number}: no order has to be found.", "/input/base"
        )
    return base


def _check_number(number: int) -> None:
    """Refuse a number whose factors are known, or that is too large."""
    factor = smallest_factor(number)
    if factor == number:
        raise rejected(f"{number} is a prime number: it has no factors.", _POINTER)
    if factor == 2:  # noqa: PLR2004 - even
        raise rejected(f"{number} is even: 2 is a factor.", _POINTER)
    if is_power(number, factor):
        raise rejected(f"{number} is a power of the prime number {factor}.", _POINTER)
    if number > LARGEST:
        raise rejected(
            f"{number} is too large: at most {LARGEST}, which takes 14 qubits and 13,000 gates on "
            "two qubits.",
            _POINTER,
        )


def _gates_on_two_qubits(circuit: QuantumCircuit) -> int:
    lowered = transpile(circuit, basis_gates=[*_GATES, "measure"], optimization_level=0)
    return two_qubit_gates(dict(lowered.count_ops()))
