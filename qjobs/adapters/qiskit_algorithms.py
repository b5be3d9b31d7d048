"""Execution of the algorithms with Qiskit: circuits are built and lowered to QIR.

It happens in a process of its own, `algorithm_process`, because circuits can be larger than the
memory, and native code can crash.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from qjobs.adapters.decisions import checked_progress, checked_shots, finished_program
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.adapters.plain_json import plain_json
from qjobs.domain.algorithm import (
    Algorithm,
    Counts,
    Execute,
    Finish,
    Inputs,
    JSONObject,
    Program,
)
from qjobs.domain.errors import AlgorithmError, QJobsError
from qjobs.domain.plan import Plan

if TYPE_CHECKING:
    from qiskit import QuantumCircuit


@dataclass(frozen=True, slots=True)
class QiskitAlgorithms:
    """The Python modules in `algorithms/`, for one thread."""

    catalogue: FileCatalogue

    def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step of an algorithm, lowered.

        Raises:
            RequestError: the input cannot be computed.
            PermanentError: the algorithm failed.

        """
        return self._step(algorithm, lambda one: one.start(inputs))

    def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step of an algorithm, lowered.

        Raises:
            PermanentError: the algorithm failed.

        """
        return self._step(algorithm, lambda one: one.resume(inputs, state, outcomes))

    def _step(
        self, algorithm: str, advance: Callable[[Algorithm], Execute | Finish]
    ) -> Plan | Finish:
        try:
            return self._checked(algorithm, advance(load(algorithm)))
        except QJobsError:
            raise
        except Exception as error:
            # An algorithm is a pure function: what failed once fails always, so no retry helps.
            failure = AlgorithmError(
                f"The algorithm {algorithm} failed with {type(error).__name__}."
            )
            failure.add_note(traceback.format_exc())  # unlike a cause, it survives pickling
            raise failure from error

    def _checked(self, algorithm: str, decision: object) -> Plan | Finish:
        """Return the decision with its circuits lowered, if its state or result is valid."""
        file = f"algorithms/{algorithm}/algorithm.py"
        if isinstance(decision, Finish):
            return Finish(self._result(algorithm, decision.result, f"{file}: result"))
        if not isinstance(decision, Execute):
            kind = type(decision).__name__
            raise AlgorithmError(f"{file} has to return Execute or Finish, not {kind}.")
        if not decision.circuits:
            raise AlgorithmError(f"The algorithm {algorithm} asked to run no circuit.")
        most = self.catalogue.most_qubits(algorithm)
        best = decision.best
        programs = tuple(
            _program(f"{file}: circuit {number}", circuit, most)
            for number, circuit in enumerate(decision.circuits, 1)
        )
        formats = sorted({program.format for program in programs})
        if len(formats) > 1:
            raise AlgorithmError(f"{file}: the programs of one step are {' and '.join(formats)}.")
        return Plan(
            programs=programs,
            state=plain_json(decision.state, f"{file}: state"),
            shots=checked_shots(decision.shots, len(decision.circuits), f"{file}: shots"),
            progress=checked_progress(decision.progress, f"{file}: progress"),
            best=None if best is None else self._result(algorithm, best, f"{file}: best"),
        )

    def _result(self, algorithm: str, result: JSONObject, name: str) -> JSONObject:
        result = plain_json(result, name)
        if broken := self.catalogue.check_result(algorithm, result):
            raise AlgorithmError(
                f"The result of {algorithm} is not what its schema promises: {broken[0]}"
            )
        return result


def _program(name: str, circuit: QuantumCircuit | Program, most_qubits: int) -> Program:
    """Return a circuit, lowered, if it is within its limit and keeps the rule on measurements."""
    from qjobs.adapters import lowering  # noqa: PLC0415 - imports Qiskit

    qubits = circuit.qubits if isinstance(circuit, Program) else circuit.num_qubits
    if qubits > most_qubits:
        raise AlgorithmError(
            f"{name} has {qubits} qubits; limits.qubits of algorithm.json is {most_qubits}."
        )
    if isinstance(circuit, Program):
        return finished_program(name, circuit)
    try:
        translated = lowering.translate(circuit)
        fault = measurement_fault(translated)
        program = None if fault else lowering.write(translated)
    except AlgorithmError as error:
        raise AlgorithmError(f"{name}: {error.detail}") from error
    if program is None:
        raise AlgorithmError(f"{name}: {fault}")
    return program


@cache
def load(algorithm: str) -> Algorithm:
    """Return the object named `algorithm` of `algorithms/<id>/algorithm.py`."""
    module = importlib.import_module(f"algorithms.{algorithm}.algorithm")
    loaded: Algorithm | None = getattr(module, "algorithm", None)
    if loaded is None or not callable(getattr(loaded, "start", None)):
        raise AlgorithmError(
            f"algorithms/{algorithm}/algorithm.py needs an object named algorithm with start and "
            f"resume; it has {'no such object' if loaded is None else 'none with start'}."
        )
    return loaded


def measurement_fault(circuit: QuantumCircuit) -> str | None:
    """Return how *circuit* breaks the rule on measurements, in words of the rule; None if not."""
    rule = "every classical bit is measured once, at the end of a circuit"
    read: set[object] = set()
    ended: set[object] = set()
    for step in circuit.data:
        if step.operation.name == "barrier":
            continue
        if ended & {*step.qubits}:
            return f"a qubit goes on after its measurement; {rule}."
        if step.operation.name == "measure":
            if read & {*step.clbits}:
                return f"a classical bit is measured twice; {rule}."
            read |= {*step.clbits}
            ended |= {*step.qubits}
    if len(read) < circuit.num_clbits or not read:
        return f"{len(read)} of {circuit.num_clbits} classical bits are measured; {rule}."
    return None


def lower(circuit: QuantumCircuit) -> Program:
    """Return *circuit* as QIR of the Base profile.

    Raises:
        AlgorithmError: it has no such form; the message says what of it is in the way.

    """
    from qjobs.adapters import lowering  # noqa: PLC0415 - imports Qiskit

    return lowering.write(lowering.translate(circuit))
