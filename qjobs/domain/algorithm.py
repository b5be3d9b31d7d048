"""The interface between the engine and the algorithms.

An algorithm is a pure reducer over JSON state. The engine calls `start` once, runs the
circuits it asks for, and calls `resume` with their measured counts until it finishes. A one-shot
algorithm finishes on the first `resume`; a variational loop asks for circuits again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qjobs.domain.target_facts import TargetFacts

type JSONObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The caller's input, valid under the algorithm's input schema, with shots and seed."""

    input: JSONObject
    """The domain input, with the schema's defaults filled in."""
    shots: int
    """The number of executions of each circuit."""
    seed: int | None = None
    """Source of every random choice; None lets the algorithm be unpredictable."""
    target: TargetFacts | None = None
    """The published facts of the target that will run the circuits, such as its qubits, its price,
    and whether it is noisy; None for one that the service knows nothing of."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Measurement outcomes of one circuit, here called readings, with their frequencies.

    A reading is a string of `0` and `1` in Qiskit's order: the last classical bit comes first.
    The total may differ from the shots asked for: IonQ's simulator rounds, a device may lose a
    shot.
    """

    readings: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of shots that gave a reading."""
        return sum(self.readings.values())

    def frequency(self, reading: str) -> float:
        """Return the share of *reading*, between 0 and 1."""
        return self.readings.get(reading, 0) / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Program:
    """One circuit, ready for a provider: lowered by the engine, or finished by an algorithm."""

    format: str
    """Azure Quantum's name of the format, such as qir.v1."""
    text: str
    qubits: int
    depth: int | None = None
    """None if it is not known, as of a finished program."""
    gates: dict[str, int] = field(default_factory=dict)
    """The number of each gate, by Qiskit's name; empty if it is not known."""
    entry_point: str = "ENTRYPOINT__main"
    """The function of a QIR module that is run; by default as the QDK's compiler names it."""

    def metrics(self) -> JSONObject:
        """Return the size of the circuit, as a caller sees it."""
        return {"qubits": self.qubits, "depth": self.depth, "gates": self.gates}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job that takes several steps, for its caller."""

    steps: int | None = None
    """The number of steps planned in all, this one and those before included."""
    value: float | None = None
    """The best value so far of what the algorithm searches or estimates."""
    uncertainty: float | None = None
    """The standard error of the value."""
    most: int | None = None
    """The most steps that there will be in all; None is the algorithm's limit."""


@dataclass(frozen=True, slots=True)
class Execute:
    """Run *circuits*, then resume with their counts and *state*.

    Circuits that do not depend on each other belong into one step: a step costs a round trip, and
    at a device a queue.
    """

    circuits: Sequence[QuantumCircuit | Program]
    """Measured circuits, each classical bit of which is written once; or finished programs, which
    run as they are."""
    state: JSONObject = field(default_factory=dict)
    shots: int | Sequence[int] | None = None
    """The executions of each circuit, one number for all or one for each; None is what the caller
    asked for. The engine splits what is more than a target takes, and adds up the counts."""
    progress: Progress | None = None
    """What the caller sees of the job while the step runs."""
    best: JSONObject | None = None
    """The result if the job has to end before this step, because its budget does not allow the step
    or it is one too many; valid under the result schema. None lets the job fail then."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Finish with *result*, valid under the result schema; nothing is left to run."""

    result: JSONObject


class Algorithm(Protocol):
    """The interface of the object named `algorithm` in `algorithms/<id>/algorithm.py`."""

    def start(self, inputs: Inputs) -> Execute | Finish:
        """Turn the caller's input into circuits.

        Raises:
            RequestError: the input passes its schema but cannot be computed.

        """

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Turn the measured *outcomes*, one `Counts` per circuit, into a result or more circuits.

        Raises:
            PermanentError: the readings do not allow a result.

        """
