"""The noise of real devices as their makers published it; one file each under `devices/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from azure_quantum_emulator.json_model import JsonModel, Strings

DEVICES = Path(__file__).with_name("devices")
LARGEST_RATE = 0.5
"""A device that errs more often than not has been read wrongly."""


class Rate(JsonModel):
    """An error rate, and where and when it was published."""

    value: Annotated[float, Field(ge=0, le=LARGEST_RATE)]
    published: str
    source: str


class NoiseRates(JsonModel):
    """Error rates of a device, averaged over all its qubits."""

    one_qubit: Rate = Field(alias="oneQubitGateInfidelity")
    """Average infidelity of a one-qubit gate: how far on average it lands from where it should."""
    two_qubit: Rate = Field(alias="twoQubitGateInfidelity")
    """Average infidelity of a two-qubit gate."""
    read_1_given_0: Rate = Field(alias="read1Given0")
    """Probability to read 1 from a qubit in state 0; wrong preparation is counted in."""
    read_0_given_1: Rate = Field(alias="read0Given1")

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
        return {1: self.one_qubit, 2: self.two_qubit}[qubits].value


class SquareLattice(JsonModel):
    """Qubits on a lattice, with edges between neighbours."""

    rows: int
    columns: int


class Connectivity(JsonModel):
    """Pairs of qubits on which a device has gates."""

    description: str
    square_lattice: SquareLattice | None = None
    """None joins all with all."""


class Device(JsonModel):
    """A device: native gates, connectivity and error rates; a file of `devices/`."""

    title: str
    native_gates: Strings
    """Gates that circuits are transpiled to, by their names in Qiskit."""
    virtual_gates: Strings
    """Those of the native gates that only change the frame of later ones, and never err."""
    connectivity: Connectivity
    rates: NoiseRates
    notes: list[str]

    @model_validator(mode="after")
    def _check_gates(self) -> Self:
        if not set(self.virtual_gates) < set(self.native_gates):
            raise ValueError("virtualGates has to be a part of nativeGates.")
        return self


@cache
def all_devices() -> dict[str, Device]:
    """Return the devices by their name, which is that of their file.

    Raises:
        DocumentError: a file is not what it should be; the message names it.

    """
    return {path.stem: Device.from_file(path) for path in sorted(DEVICES.glob("*.json"))}
