"""Random circuits in IonQ's JSON, and an interpreter of it of our own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import cos, pi, sin
from random import Random
from typing import Any

import numpy as np

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed, Task
from tools.fuzz.case import Case, Judgement, Verdict, verdict_of
from tools.fuzz.states import (
    FIXED,
    ROTATIONS,
    Gate,
    Matrix,
    Measure,
    Step,
    controlled,
    distribution,
    phase,
    rotation,
)

MOST_QUBITS = 5
_MOST_GATES = 20
_TOLERANCE = 1e-6
_OTHER_NAMES = {"i": "id", "not": "x", "si": "sdg", "ti": "tdg", "v": "sx", "vi": "sxdg"}
_ROTATED = {"xx": "rxx", "yy": "ryy", "zz": "rzz"}
_PLAIN = ("id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", *_OTHER_NAMES)
_TURNED = ("rx", "ry", "rz", *_ROTATED)


def case(random: Random) -> Case:
    """Return a circuit of random gates, all of one gate set, with its exact probabilities."""
    program = _program(random)
    source = json.dumps(program, indent=random.choice([None, 1]))

    def judge(done: Completed | JobError) -> Judgement:
        if isinstance(done, JobError):
            return Verdict.WRONG, f"refused: {done.code}: {done.message}"
        return verdict_of(mutant_difference(source.encode(), done.output))

    return Case(task(source.encode()), judge, lambda: source)


def task(source: bytes) -> Task:
    """Return the task that runs a circuit on the simulator that gives exact probabilities."""
    return Task(
        "ionq.simulator", source, "ionq.circuit.v1", {"shots": 100}, "ionq.quantum-results.v1"
    )


def mutant_difference(source: bytes, output: bytes) -> str | None:
    """Return how an output differs from what a circuit gives, if it is one to our interpreter.

    Raises:
        ValueError: it is none.

    """
    exact = exact_histogram(json.loads(source))
    found: dict[str, float] = json.loads(output)["histogram"]
    if exact is None:
        raise ValueError("not a circuit")
    for state in {*exact, *found}:
        gap = abs(exact.get(state, 0) - found.get(state, 0))
        if not gap < _TOLERANCE:
            return f"{state} has {found.get(state, 0)}, not {exact.get(state, 0)}"
    return None


def exact_histogram(program: Any) -> dict[str, float] | None:  # noqa: ANN401 - JSON
    """Return the probability of each state by its number; None for what is no such circuit."""
    try:
        qubits = program["qubits"]
        native = program.get("gateset") == "native"
        steps: list[Step] = [_gate(gate, native=native) for gate in program["circuit"]]
        used = max((qubit for step in steps for qubit in step.qubits), default=0)  # type: ignore[union-attr]
        if not used < min(qubits, MOST_QUBITS + 1):
            return None
        steps += [Measure(qubit, qubit) for qubit in range(used + 1)]
        found = distribution(used + 1, used + 1, steps)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None
    return {str(sum(bit << n for n, bit in enumerate(bits))): p for bits, p in found.items()}


def _program(random: Random) -> dict[str, Any]:
    qubits = random.randint(1, MOST_QUBITS)
    native = random.random() < 1 / 3
    make = _native if native else _abstract
    gates = [make(random, qubits) for _ in range(random.randint(1, _MOST_GATES))]
    program: dict[str, Any] = {"qubits": qubits, "circuit": gates}
    if native or random.random() < 1 / 2:
        program["gateset"] = "native" if native else "qis"
    return program


def _abstract(random: Random, qubits: int) -> dict[str, Any]:
    order = random.sample(range(qubits), qubits)
    choice = random.random()
    if choice < 0.1:
        return _exponential(random, order)
    name = random.choice([*_PLAIN, *_TURNED, "swap", "cnot"])
    gate: dict[str, Any] = {"gate": name}
    targets = 2 if name in {"swap", *_ROTATED} else 1
    controls = 1 if name == "cnot" else random.choice([0, 0, 1, 2])
    if targets + controls > qubits:
        return {"gate": "h", "target": order[0]}
    if name in _TURNED or (name == "z" and random.random() < 1 / 2):
        gate["rotation"] = random.uniform(-7, 7)
    _place(random, gate, ("target", "targets"), order[:targets])
    _place(random, gate, ("control", "controls"), order[targets : targets + controls])
    return gate


def _place(random: Random, gate: dict[str, Any], names: tuple[str, str], qubits: list[int]) -> None:
    """Write qubits in one of the ways that there are."""
    if len(qubits) == 1 and random.random() < 1 / 2:
        gate[names[0]] = qubits[0]
    elif qubits:
        gate[names[1]] = qubits


def _exponential(random: Random, order: list[int]) -> dict[str, Any]:
    targets = order[: random.randint(1, min(3, len(order)))]
    # One term: a product of several exponentials is an approximation with a choice of its own.
    term = "".join(random.choice("XYZ") for _ in targets)
    return {
        "gate": "pauliexp",
        "targets": targets,
        "terms": [term],
        "coefficients": [random.uniform(-1, 1)],
        "time": random.uniform(0, 2),
    }


def _native(random: Random, qubits: int) -> dict[str, Any]:
    order = random.sample(range(qubits), qubits)
    name = random.choice(["gpi", "gpi2", "ms", "zz"] if qubits > 1 else ["gpi", "gpi2"])
    if name in {"gpi", "gpi2"}:
        return {"gate": name, "target": order[0], "phase": random.uniform(-1, 1)}
    gate: dict[str, Any] = {"gate": name, "targets": order[:2], "angle": random.uniform(0, 0.25)}
    if name == "ms":
        gate["phases"] = [random.uniform(-1, 1), random.uniform(-1, 1)]
        if random.random() < 1 / 2:
            del gate["angle"]
    return gate


def _gate(given: Mapping[str, Any], *, native: bool) -> Gate:
    targets, controls = _qubits(given, "target"), _qubits(given, "control")
    matrix = _native_matrix(given) if native else _matrix(given, bool(controls))
    if 1 << len(targets) != len(matrix) or len({*targets, *controls}) < len(targets + controls):
        raise ValueError("qubits")
    return Gate(controlled(matrix, len(controls)) if controls else matrix, (*controls, *targets))


def _qubits(given: Mapping[str, Any], name: str) -> list[int]:
    found = given.get(f"{name}s", [given[name]] if name in given else [])
    found = found if isinstance(found, list) else [found]
    if any(type(qubit) is not int or qubit < 0 for qubit in found):
        raise ValueError(name)
    return found


def _matrix(given: Mapping[str, Any], controlled_gate: bool) -> Matrix:  # noqa: FBT001 - named by its callers
    name = given["gate"]
    if name == "pauliexp":
        (term,), (coefficient,) = given["terms"], given["coefficients"]
        # The last letter is the first target's.
        return rotation(term[::-1], 2 * coefficient * given["time"])
    if name == "cnot" and controlled_gate:
        return FIXED["x"]
    if name == "z" and "rotation" in given:
        return phase(given["rotation"])
    if name in _TURNED:
        return rotation(ROTATIONS[_ROTATED.get(name, name)], given["rotation"])
    if any(member in given for member in ("rotation", "phase", "phases", "angle")):
        raise ValueError("a parameter too many")
    return FIXED[_OTHER_NAMES.get(name, name)]


def _native_matrix(given: Mapping[str, Any]) -> Matrix:
    match given:
        case {"gate": "gpi", "phase": turns}:
            return _equator(turns)
        case {"gate": "gpi2", "phase": turns}:
            return _about(_equator(turns), pi / 4)
        case {"gate": "ms", "phases": [one, other]}:
            angle = pi * given.get("angle", 0.25)
            return _about(np.kron(_equator(one), _equator(other)), angle)
        case {"gate": "zz", "angle": turns}:
            return rotation("ZZ", 2 * pi * turns)
        case _:
            raise ValueError("no gate")


def _about(axis: Matrix, angle: float) -> Matrix:
    """Return exp(-i angle A) of an operator that is its own inverse."""
    found: Matrix = cos(angle) * np.eye(len(axis)) - 1j * sin(angle) * axis
    return found


def _equator(turns: float) -> Matrix:
    """Return a half turn about an axis in the equator."""
    angle = 2 * pi * turns
    found: Matrix = cos(angle) * rotation("X", pi) * 1j + sin(angle) * rotation("Y", pi) * 1j
    return found
