"""Algorithms on the noise of the emulator's noisy simulator, without engine and emulator."""

from __future__ import annotations

import json
from collections.abc import Iterator

from qiskit import transpile

from azure_quantum_emulator.execution import noise
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Algorithm, Finish, Inputs, JSONObject
from qjobs.domain.target_facts import TargetFacts
from tests.unit.algorithms.aer import MOST_STEPS, circuits_of, sample, shots_of

_APART = 1_000_003
"""Aer takes consecutive seeds for the shots of a noisy run: near seeds would share most of them."""

NOISELESS: TargetFacts = target_facts()["local.sim.aer"]
NOISY: TargetFacts = target_facts()["local.sim.aer-noisy"]
HARDWARE: TargetFacts = target_facts()["ionq.qpu.aria-1"]


def complete_noisily(
    algorithm: Algorithm, inputs: Inputs, seeds: Iterator[int], device: str = "generic"
) -> JSONObject:
    """Return the result of *algorithm* with the noise of a device, in whose gates circuits run."""
    model = noise.model(device)
    apart = (seed * _APART for seed in seeds)
    decision = algorithm.start(inputs)
    for _ in range(MOST_STEPS):
        if isinstance(decision, Finish):
            return decision.result
        native = transpile(
            circuits_of(decision), basis_gates=model.basis_gates, optimization_level=0
        )
        outcomes = sample(native, shots_of(decision, inputs), apart, model)
        decision = algorithm.resume(inputs, json.loads(json.dumps(decision.state)), outcomes)
    raise AssertionError("the algorithm does not come to an end")
