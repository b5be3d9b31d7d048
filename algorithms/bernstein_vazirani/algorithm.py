"""Bernstein and Vazirani's algorithm: the secret of a linear function, by one call of it."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit import QuantumCircuit

from algorithms.bernstein_vazirani.report import from_readings
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError


class BernsteinVazirani:
    """One circuit, which calls the function once."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the circuit that reads the secret."""
        return Execute([secret_circuit(inputs.input["secret"])])

    def resume(
        self,
        inputs: Inputs,
        state: JSONObject,  # noqa: ARG002 - one step needs no state
        outcomes: Sequence[Counts],
    ) -> Finish:
        """Return the secret by the majority of the readings of each bit.

        Raises:
            AlgorithmError: there are no readings.

        """
        if not outcomes[0].total:
            raise AlgorithmError("No shot gave a reading, so there is no majority of them.")
        return Finish(from_readings(inputs.input["secret"], outcomes[0]))


algorithm = BernsteinVazirani()


def secret_circuit(secret: str) -> QuantumCircuit:
    """Return the circuit of a secret; its readings have the order of the secret's digits.

    The function is the parity of those bits of its argument where the secret has a one. Called on
    all arguments at once, with its value added to a qubit in the state |->, it turns the signs of
    the arguments into the pattern of which the Hadamard transform is the secret.
    """
    width = len(secret)
    circuit = QuantumCircuit(width + 1, width)
    circuit.x(width)
    circuit.h(range(width + 1))
    for place, digit in enumerate(reversed(secret)):
        if digit == "1":
            circuit.cx(place, width)
    circuit.h(range(width))
    circuit.measure(range(width), range(width))
    return circuit
