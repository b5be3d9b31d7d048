"""Programs of callers, run on the emulator's simulators as the engine would have them run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task
from qjobs.adapters.quantum_results import counts_of
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Algorithm, Counts, Execute, Inputs, JSONObject, Program
from tests.unit.algorithms.aer import finished

NOISELESS, NOISY, H2 = "local.sim.aer", "local.sim.aer-noisy", "quantinuum.sim.h2-1e"


def read(program: Program, shots: int, seed: int, target: str = NOISELESS) -> Counts:
    """Return the counts of a program on a simulator."""
    done = execute(
        Task(
            target,
            program.text.encode(),
            program.format,
            {"shots": shots, "seed": seed},
            "microsoft.quantum-results.v2",
        )
    )
    assert isinstance(done, Completed), done
    return counts_of(done.output)


def asked(source: str, shots: int = 1000, target: str = NOISELESS) -> Inputs:
    """Return what the engine passes for a program."""
    return Inputs({"program": source}, shots, 7, target_facts()[target])


@dataclass(frozen=True, slots=True)
class Started:
    """A program that was compiled for a simulator."""

    algorithm: Algorithm
    inputs: Inputs
    target: str
    program: Program
    state: JSONObject

    @classmethod
    def of(
        cls, algorithm: Algorithm, source: str, target: str = NOISELESS, shots: int = 1000
    ) -> Self:
        """Compile a program; its state goes through JSON as it does in the engine."""
        inputs = asked(source, shots, target)
        step = algorithm.start(inputs)
        assert isinstance(step, Execute)
        (program,) = step.circuits
        assert isinstance(program, Program)
        return cls(algorithm, inputs, target, program, json.loads(json.dumps(step.state)))

    def result(self, seed: int) -> JSONObject:
        """Run it; return the result."""
        return self.result_of(read(self.program, self.inputs.shots, seed, self.target))

    def result_of(self, counts: Counts) -> JSONObject:
        """Return the result for these counts."""
        return finished(self.algorithm.resume(self.inputs, self.state, [counts]))
