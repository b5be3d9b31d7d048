"""Algorithms of optimisation run on the simulators that the emulator has, without the engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator
from qiskit import transpile

from azure_quantum_emulator.execution.noise import model
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Algorithm, Execute, Finish, Inputs, JSONObject
from tests.unit.algorithms.aer import circuits_of, complete, sample

NOISELESS = target_facts()["local.sim.aer"]
NOISY = target_facts()["local.sim.aer-noisy"]
DEVICE = target_facts()["ionq.qpu.aria-1"]
SYNTAX_CHECKER = target_facts()["quantinuum.sim.h2-1sc"]
ROOT = Path(__file__).parents[3] / "algorithms"


def solved(
    algorithm: Algorithm, given: JSONObject, seed: int, shots: int = 1000, name: str | None = None
) -> JSONObject:
    """Return the result on the noiseless simulator; valid under the schema of algorithm *name*."""
    result = complete(algorithm, Inputs(given, shots, seed, NOISELESS), count(100 * seed))
    if name:
        validate(name, result)
    return result


def solved_with_noise(
    algorithm: Algorithm, given: JSONObject, seed: int, shots: int = 300
) -> JSONObject:
    """Return the result with the noise of `local.sim.aer-noisy`."""
    noise, inputs, seeds = model("generic"), Inputs(given, shots, seed, NOISY), count(100 * seed)
    decision = algorithm.start(inputs)
    while isinstance(decision, Execute):
        native = [
            transpile(one, basis_gates=noise.basis_gates, optimization_level=0)
            for one in circuits_of(decision)
        ]
        outcomes = sample(native, shots, seeds, noise)
        decision = algorithm.resume(inputs, json.loads(json.dumps(decision.state)), outcomes)
    assert isinstance(decision, Finish)
    return decision.result


def validate(name: str, result: Any) -> None:  # noqa: ANN401 - it is JSON
    """Hold a result against its schema."""
    schema = json.loads((ROOT / name / "result.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(json.dumps(result, allow_nan=False)))


def regular_graph(vertices: int, chance: np.random.Generator) -> list[tuple[int, int]]:
    """Return the edges of a random 3-regular graph, by the configuration model."""
    ends = np.repeat(np.arange(vertices), 3)
    while True:
        chance.shuffle(ends)
        edges = {(min(pair), max(pair)) for pair in ends.reshape(-1, 2).tolist()}
        if len(edges) == 3 * vertices // 2 and all(i != j for i, j in edges):
            return sorted(edges)


def brute_force(vertices: int, edges: Sequence[tuple[int, int, float]]) -> list[float]:
    """Return the cut of each partition, by adding up edges."""
    return [
        sum(weight for i, j, weight in edges if (sides >> i & 1) != (sides >> j & 1))
        for sides in range(2**vertices)
    ]
