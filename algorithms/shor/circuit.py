"""The circuit of order finding: a register counts powers of a base that another one multiplies by.

Each counting qubit is turned into both its values just before it is used. Until then it is zero,
and lends itself as work qubit to the gates of those before it.
"""

from __future__ import annotations

from qiskit import QuantumCircuit

from algorithms.shor.permutation import Not, synthesised
from qjobs.methods.controlled import controlled_x
from qjobs.methods.fourier import append_inverse_transform


def counting_qubits(number: int) -> int:
    """Return the counting qubits: two more than the number has bits.

    The textbooks take twice its bits, after which every reading near a peak tells the order. Here
    the peaks of all bases are apart, and a reading that tells no order is checked and left out.
    """
    return number.bit_length() + 2


def order_circuit(number: int, base: int) -> QuantumCircuit:
    """Return the circuit that reads multiples of 2^t over the order, t counting qubits."""
    counting, width = counting_qubits(number), number.bit_length()
    register = range(counting, counting + width)
    circuit = QuantumCircuit(counting + width, counting)
    circuit.h(0)
    circuit.x(register[0])
    # The register is 1, and becomes the base: no other number has to be multiplied by it.
    for bit in range(width):
        if (1 ^ base) >> bit & 1:
            circuit.cx(0, register[bit])
    rest = _multiplications(number, base, counting)
    for place, (control, gates) in enumerate(rest):
        circuit.h(control)
        work = [later for later, _ in rest[place + 1 :]]
        for conditions, flipped in gates:
            controls = [register[bit] for bit in range(width) if conditions >> bit & 1]
            controlled_x(circuit, [control, *controls], register[flipped], work)
    circuit.measure(append_inverse_transform(circuit, range(counting)), range(counting))
    return circuit


def _multiplications(number: int, base: int, counting: int) -> list[tuple[int, tuple[Not, ...]]]:
    """Return the counting qubits after the first with their multiplications, the longest first.

    They can have any order, and the last one has no work qubit.
    """
    width = number.bit_length()
    found = []
    for control in range(1, counting):
        factor = pow(base, 1 << control, number)
        gates = synthesised(_products(factor, number, width), width) if factor != 1 else ()
        found.append((control, gates))
    return sorted(found, key=lambda one: -len(one[1]))


def _products(factor: int, number: int, width: int) -> tuple[int, ...]:
    """Return each value times *factor* modulo *number*; values beyond it stay as they are."""
    return tuple(v * factor % number if v < number else v for v in range(1 << width))
