"""Algorithms run to their end on Qiskit Aer, without the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from azure_quantum_emulator.programs import qir
from azure_quantum_emulator.programs.program import AllQubits, CircuitProgram, Registers
from azure_quantum_emulator.programs.records import ResultRecord, leaves
from qjobs.domain.algorithm import (
    Algorithm,
    Counts,
    Execute,
    Finish,
    Inputs,
    JSONObject,
    Program,
)

MOST_STEPS = 120


def circuits_of(step: Execute | Finish) -> list[QuantumCircuit]:
    """Return the circuits of a step; finished programs, which do not branch, are read as such."""
    assert isinstance(step, Execute)
    return [one if isinstance(one, QuantumCircuit) else circuit_of(one) for one in step.circuits]


def circuit_of(program: Program) -> QuantumCircuit:
    """Return the circuit of a program in QIR, whose readings are what the program records."""
    read = qir.parse(program.text.encode())
    assert isinstance(read, CircuitProgram)
    assert not isinstance(read.output, Registers | AllQubits)
    recorded = [leaf.result for leaf in leaves(read.output) if isinstance(leaf, ResultRecord)]
    bits = {result: place for place, result in enumerate(reversed(recorded))}
    circuit = QuantumCircuit(read.circuit.num_qubits, len(bits))
    for step in read.circuit.data:
        qubits = [read.circuit.find_bit(qubit).index for qubit in step.qubits]
        clbits = [bits[read.circuit.find_bit(bit).index] for bit in step.clbits]
        circuit.append(step.operation, qubits, clbits)
    return circuit


def shots_of(step: Execute, inputs: Inputs) -> int | Sequence[int]:
    """Return the shots of the circuits of a step."""
    return inputs.shots if step.shots is None else step.shots


def sample(
    circuits: Sequence[QuantumCircuit],
    shots: int | Sequence[int],
    seeds: Iterator[int],
    noise: Any = None,  # noqa: ANN401 - Aer ships no types
) -> list[Counts]:
    """Return the counts of each circuit, each sampled from the next of *seeds*."""
    simulator = AerSimulator(max_parallel_threads=1, noise_model=noise)
    each = [shots] * len(circuits) if isinstance(shots, int) else shots
    return [
        Counts(
            simulator.run(circuit, shots=number, seed_simulator=seed).result().get_counts(circuit)
        )
        for circuit, number, seed in zip(circuits, each, seeds, strict=False)
    ]


def complete(
    algorithm: Algorithm,
    inputs: Inputs,
    seeds: Iterator[int],
    noise: Any = None,  # noqa: ANN401 - likewise
) -> JSONObject:
    """Return the result of *algorithm*; its state goes through JSON as it does in the engine."""
    decision = algorithm.start(inputs)
    for _ in range(MOST_STEPS):
        if isinstance(decision, Finish):
            return decision.result
        outcomes = sample(circuits_of(decision), shots_of(decision, inputs), seeds, noise)
        decision = algorithm.resume(inputs, json.loads(json.dumps(decision.state)), outcomes)
    raise AssertionError("the algorithm does not come to an end")


def first_step(algorithm: Algorithm, inputs: Inputs) -> Execute:
    """Return what *algorithm* runs first."""
    decision = algorithm.start(inputs)
    assert isinstance(decision, Execute)
    return decision


def finished(decision: Execute | Finish) -> JSONObject:
    """Return the result that a *decision* to finish holds."""
    assert isinstance(decision, Finish)
    return decision.result
