"""The circuits of phase estimation, of the gate that turns the phase of the state |1>.

Its powers are the same gate with a multiple of the angle, so that each is one gate.
"""

from __future__ import annotations

from math import pi

from qiskit import QuantumCircuit

from qjobs.methods.fourier import append_inverse_transform, append_turn


def hadamard_tests(phase: float, bits: int) -> list[QuantumCircuit]:
    """Return two circuits for each power 2^k of the gate, k from 0 to *bits* - 1.

    Of a first one, zeros less ones are the cosine of 2 pi 2^k times the phase in the mean; of a
    second one, the sine.
    """
    circuits = []
    for power in range(bits):
        for sine in (False, True):
            circuit = QuantumCircuit(2, 1)
            circuit.x(1)
            circuit.h(0)
            append_turn(circuit, 0, 1, _angle(phase, power))
            if sine:
                circuit.sdg(0)
            circuit.h(0)
            circuit.measure(0, 0)
            circuits.append(circuit)
    return circuits


def textbook_circuit(phase: float, bits: int) -> QuantumCircuit:
    """Return the circuit with a Fourier transform, which reads the phase in units of 2^-bits."""
    circuit = QuantumCircuit(bits + 1, bits)
    circuit.x(bits)
    circuit.h(range(bits))
    for power in range(bits):
        append_turn(circuit, power, bits, _angle(phase, power))
    circuit.measure(append_inverse_transform(circuit, range(bits)), range(bits))
    return circuit


def _angle(phase: float, power: int) -> float:
    return 2 * pi * (phase * (1 << power) % 1)
