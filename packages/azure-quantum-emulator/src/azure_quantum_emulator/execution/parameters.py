"""Run parameters among the `inputParams` of a job: shots, seed, noise, simulation method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from azure_quantum_emulator.errors import InvalidInputError
from azure_quantum_emulator.targets.catalogue import Target
from azure_quantum_emulator.targets.devices import all_devices

SHOTS = ("shots", "count", "runs")
"""The names of the number of shots: that of today, and those of older clients."""


@dataclass(frozen=True, slots=True)
class Run:
    """Parameters of a run: shots, seed, noise model, simulation method."""

    shots: int
    seed: int | None = None
    device: str | None = None
    """The device whose noise is simulated; None is no noise."""
    method: str | None = None
    """Aer's simulation method; None leaves the choice to Aer."""

    def number(self, place: int) -> Run:
        """Return how to run the program at this *place* of a job of several: its seed differs."""
        return self if self.seed is None else replace(self, seed=self.seed + place)

    def seed_below(self, bits: int) -> int | None:
        """Return the seed for a simulator that takes seeds of so many bits, none of them a sign."""
        return None if self.seed is None else self.seed % 2**bits


def read(target: Target, params: Mapping[str, Any]) -> Run:
    """Return how *params* ask *target* to run a program.

    Raises:
        ProgramError: a parameter is not what it should be.

    """
    model = _noise(params)
    seed = _seed(params)
    return Run(
        shots=_shots(target, params),
        seed=_seed(model) if seed is None else seed,
        device=_device(target, params, model),
        method=_method(params),
    )


def _shots(target: Target, params: Mapping[str, Any]) -> int:
    given = (_integer(params, name) for name in SHOTS)
    shots = next((number for number in given if number is not None), target.default_shots)
    if not 1 <= shots <= target.max_shots:
        raise InvalidInputError(f"{target.id} takes 1 to {target.max_shots} shots, not {shots}.")
    return shots


def _noise(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return IonQ's `noise`: the `model` of a device that its simulator imitates, and a `seed`."""
    noise = params.get("noise")
    if noise is None:
        return {}
    if not isinstance(noise, dict):
        raise InvalidInputError("inputParams.noise is not an object.")
    return noise


def _device(target: Target, params: Mapping[str, Any], model: Mapping[str, Any]) -> str | None:
    if params.get("error-model") is False:  # how Quantinuum's emulators are asked for no noise
        return None
    match model.get("model"):
        case None:
            return target.noise
        case "ideal":
            return None
        case str(device) if device in all_devices():
            return device
        case other:
            raise InvalidInputError(f"There is no noise model {other!r} here.")


def _method(params: Mapping[str, Any]) -> str | None:
    """Return the simulation method, a parameter that Quantinuum's emulators call `simulator`."""
    simulator = params.get("simulator")
    if simulator is None:
        return None
    methods = {"state-vector": "statevector", "stabilizer": "stabilizer"}
    if simulator not in methods:
        raise InvalidInputError(f"inputParams.simulator is not one of {', '.join(methods)}.")
    return methods[simulator]


def _seed(params: Mapping[str, Any]) -> int | None:
    seed = _integer(params, "seed")
    if seed is not None and not -(2**63) <= seed < 2**63:
        raise InvalidInputError("inputParams.seed is not a whole number of 64 bits.")
    return seed


def _integer(params: Mapping[str, Any], name: str) -> int | None:
    value = params.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InvalidInputError(f"inputParams.{name} is not a whole number.")
