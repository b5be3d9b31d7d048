"""Algorithms run to their end on Qiskit Aer, without the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from qjobs.domain.algorithm import Algorithm, Counts, Execute, Finish, Inputs, JSONObject

MOST_STEPS = 120


def circuits_of(step: Execute | Finish) -> list[QuantumCircuit]:
    """Return the circuits of a step, which has no finished programs."""
    assert isinstance(step, Execute)
    circuits = [one for one in step.circuits if isinstance(one, QuantumCircuit)]
    assert len(circuits) == len(step.circuits)
    return circuits


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
