"""Execution of the algorithms with Qiskit: circuits are built and lowered to QIR in threads.

Qiskit is imported by the first algorithm that is loaded, in a thread of asyncio's default
executor. Those threads live as long as the process, which Qiskit from 2.5 on requires: it
crashes once the thread that imported it has ended.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.domain.algorithm import Algorithm, Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError, QJobsError
from qjobs.domain.plan import Plan, Program

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

_log = logging.getLogger(__name__)
_qiskit = threading.Lock()
"""Held while Qiskit is imported or translates a circuit; neither is thread-safe."""


@dataclass(frozen=True, slots=True)
class QiskitAlgorithms:
    """The `AlgorithmRunner` over the Python modules in `algorithms/`."""

    catalogue: FileCatalogue

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step of an algorithm, lowered."""
        return await asyncio.to_thread(self._step, algorithm, lambda one: one.start(inputs))

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step of an algorithm, lowered."""
        return await asyncio.to_thread(
            self._step, algorithm, lambda one: one.resume(inputs, state, outcomes)
        )

    def _step(
        self, algorithm: str, advance: Callable[[Algorithm], Execute | Finish]
    ) -> Plan | Finish:
        try:
            with _qiskit:
                loaded = load(algorithm)
            return self._checked(algorithm, advance(loaded))
        except QJobsError:
            raise
        except Exception as error:
            # An algorithm is a pure function: what failed once fails always, so no retry helps.
            _log.exception("Algorithm %s failed.", algorithm, extra={"action": "algorithm_failed"})
            reason = type(error).__name__
            raise AlgorithmError(f"The algorithm {algorithm} failed with {reason}.") from error

    def _checked(self, algorithm: str, decision: Execute | Finish) -> Plan | Finish:
        """Return the decision with its circuits lowered, if its state or result is valid."""
        if isinstance(decision, Finish):
            json.dumps(decision.result, allow_nan=False)
            if broken := self.catalogue.check_result(algorithm, decision.result):
                _log.error("Result of %s: %s", algorithm, broken, extra={"action": "bad_result"})
                raise AlgorithmError(
                    f"The result of {algorithm} is not what its schema promises: {broken[0]}"
                )
            return decision
        if not decision.circuits:
            raise AlgorithmError(f"The algorithm {algorithm} asked to run no circuit.")
        json.dumps(decision.state, allow_nan=False)
        return Plan(tuple(lower(circuit) for circuit in decision.circuits), decision.state)


@cache
def load(algorithm: str) -> Algorithm:
    """Return the object named `algorithm` of `algorithms/<id>/algorithm.py`."""
    module = importlib.import_module(f"algorithms.{algorithm}.algorithm")
    loaded: Algorithm = module.algorithm
    return loaded


def lower(circuit: QuantumCircuit) -> Program:
    """Return *circuit* as QIR of the Base profile; an error if it has none."""
    from qjobs.adapters.qir import straight_line  # noqa: PLC0415 - imports Qiskit

    translated = _translated(circuit)
    return Program(
        format="qir.v1",
        text=straight_line(translated) or _compiled(translated),
        qubits=translated.num_qubits,
        depth=translated.depth(),
        gates=dict(translated.count_ops()),
    )


def _translated(circuit: QuantumCircuit) -> QuantumCircuit:
    with _qiskit:
        return _translation().run(circuit)


@cache
def _translation() -> Any:  # noqa: ANN401 - Qiskit ships no types
    """Return the translation to the basis; building it costs far more than running it."""
    from qiskit.transpiler import generate_preset_pass_manager  # noqa: PLC0415 - imports Qiskit

    from qjobs.adapters.qir import BASIS  # noqa: PLC0415 - imports Qiskit

    # The provider optimises for its device; here gates are only replaced by those of QIR.
    return generate_preset_pass_manager(optimization_level=0, basis_gates=[*BASIS, "reset"])


def _compiled(circuit: QuantumCircuit) -> str:
    from qdk import TargetProfile  # noqa: PLC0415 - only few circuits need the compiler
    from qdk.qiskit import QSharpBackend  # noqa: PLC0415 - likewise

    backend = QSharpBackend(
        qiskit_pass_options={"supports_barrier": False},
        target_profile=TargetProfile.Base,
        skip_transpilation=True,
    )
    return str(backend.qir(circuit))
