"""Noise models of devices for Qiskit Aer.

Errors are those of the average gate, the same for every qubit, so a model holds a handful of errors
however large the device is: Aer takes in a whole model for every run, and one with errors for each
qubit of a large device costs it a second. Not modelled: qubits that err while they wait, leakage,
crosstalk, and errors that add up coherently.
"""

from __future__ import annotations

from functools import cache

from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit_aer.noise import NoiseModel, ReadoutError, depolarizing_error

from azure_quantum_emulator.targets.devices import NoiseRates, all_devices


@cache
def model(device: str) -> NoiseModel:
    """Return the noise of *device*: depolarized gates, and measurements that are misread.

    Raises:
        KeyError: there is no such device.

    """
    described = all_devices()[device]
    noise = NoiseModel(basis_gates=list(described.native_gates))
    standard = get_standard_gate_name_mapping()
    for qubits in (1, 2):
        gates = [
            name
            for name in described.native_gates
            if name not in described.virtual_gates and standard[name].num_qubits == qubits
        ]
        error = depolarizing_error(described.rates.depolarizing(qubits), qubits)
        noise.add_all_qubit_quantum_error(error, gates)
    noise.add_all_qubit_readout_error(_readout(described.rates))
    return noise


def _readout(rates: NoiseRates) -> ReadoutError:
    up, down = rates.read_1_given_0.value, rates.read_0_given_1.value
    return ReadoutError([[1 - up, up], [down, 1 - down]])
