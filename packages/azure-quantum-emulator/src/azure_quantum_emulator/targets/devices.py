"""The noise of real devices as their makers published it; one file each under `devices/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DEVICES = Path(__file__).with_name("devices")
LARGEST_RATE = 0.5
"""A device that errs more often than not has been read wrongly."""

type Connectivity = tuple[int, int] | None
"""Rows and columns of a square lattice whose neighbours are joined; None joins all with all."""


@dataclass(frozen=True, slots=True)
class NoiseRates:
    """How often a device errs, averaged over all its qubits."""

    one_qubit: float
    """Average infidelity of a one-qubit gate: how far on average it lands from where it should."""
    two_qubit: float
    """Average infidelity of a two-qubit gate."""
    read_1_given_0: float
    """Probability to read 1 from a qubit in state 0; wrong preparation is counted in."""
    read_0_given_1: float

    def depolarizing(self, qubits: int) -> float:
        """Return how probable it is that a gate on *qubits* (1 or 2) leaves nothing but noise.

        A channel that keeps a state of dimension d with probability 1 - p, and replaces it by the
        completely mixed one otherwise, has the average infidelity r = p (d - 1) / d. See Magesan,
        Gambetta and Emerson, Physical Review Letters 106, 180504 (2011), which calls 1 - p alpha.
        """
        dimension = 1 << qubits
        return self._infidelity(qubits) * dimension / (dimension - 1)

    def pauli(self, qubits: int) -> float:
        """Return the probability that a gate on *qubits* (1 or 2) is followed by a Pauli error.

        It is the same channel told otherwise: with this probability one of the d^2 - 1 Pauli
        operators other than the identity happens, each as often as any other. The completely mixed
        state is the average over all d^2, so this is p (d^2 - 1) / d^2 = r (d + 1) / d. That is the
        number `set_depolarizing` of qdk.simulation takes.
        """
        dimension = 1 << qubits
        return self._infidelity(qubits) * (dimension + 1) / dimension

    def _infidelity(self, qubits: int) -> float:
        return {1: self.one_qubit, 2: self.two_qubit}[qubits]


@dataclass(frozen=True, slots=True)
class Device:
    """A quantum computer as noise sees it."""

    name: str
    native_gates: tuple[str, ...]
    """Gates that circuits are translated to, by their names in Qiskit."""
    virtual_gates: tuple[str, ...]
    """Those of the native gates that only change the frame of later ones, and never err."""
    connectivity: Connectivity
    rates: NoiseRates


@cache
def all_devices() -> dict[str, Device]:
    """Return the devices by their name, which is that of their file.

    Raises:
        ValueError: a file is not what it should be; the message names it.

    """
    return {path.stem: _device(path) for path in sorted(DEVICES.glob("*.json"))}


def _device(path: Path) -> Device:
    try:
        return _read(path.stem, json.loads(path.read_text(encoding="utf-8")))
    except KeyError as error:
        raise ValueError(f"{path.name}: {error} is missing.") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _read(name: str, entry: dict[str, Any]) -> Device:
    if not set(entry["virtualGates"]) < set(entry["nativeGates"]):
        raise ValueError("virtualGates has to be a part of nativeGates.")
    lattice = entry["connectivity"].get("squareLattice")
    return Device(
        name=name,
        native_gates=tuple(entry["nativeGates"]),
        virtual_gates=tuple(entry["virtualGates"]),
        connectivity=None if lattice is None else (lattice["rows"], lattice["columns"]),
        rates=NoiseRates(
            one_qubit=_rate(entry, "oneQubitGateInfidelity"),
            two_qubit=_rate(entry, "twoQubitGateInfidelity"),
            read_1_given_0=_rate(entry, "read1Given0"),
            read_0_given_1=_rate(entry, "read0Given1"),
        ),
    )


def _rate(entry: dict[str, Any], name: str) -> float:
    value = entry["rates"][name]["value"]
    if not isinstance(value, float) or not 0 <= value <= LARGEST_RATE:
        raise ValueError(f"{name} is {value!r}, not a probability up to {LARGEST_RATE}.")
    return value
