"""Transpiles circuits to a device's native gates, and counts gates for the bill.

Noise belongs to the gates that are carried out, so a circuit is translated before it is made noisy.
Not modelled: the way ions are moved, which gates run at the same time, and the provider's own
optimisations; Qiskit's light ones (level 1) stand in for these.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction
from qiskit.transpiler import CouplingMap, generate_preset_pass_manager

from azure_quantum_emulator.programs import angles
from azure_quantum_emulator.programs.program import GateCounts, tally
from azure_quantum_emulator.targets.devices import Connectivity, all_devices
from azure_quantum_emulator.targets.target import Target

_WITHOUT_EFFECT = frozenset({"barrier", "delay"})


def translate(device: str, circuit: QuantumCircuit) -> QuantumCircuit:
    """Return *circuit* in the native gates of *device*, without the qubits nothing happens to.

    What it measures stays the same, and so do its classical registers, measurements in the middle
    and branches on them. Where a device joins neighbours only, qubits are placed and moved by
    swaps, the same way each time.

    Raises:
        KeyError: there is no such device.
        ProgramError: it has an angle that is no number.

    """
    described = all_devices()[device]
    manager = _pass_manager(described.native_gates, described.connectivity)
    native = compact(manager.run(circuit))
    angles.check(native)
    return native


def compact(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return *circuit* without the qubits nothing happens to; one is kept in any case.

    A simulator's time and memory grow with every qubit, used or not.
    """
    active = {
        qubit
        for instruction in circuit.data
        if instruction.operation.name not in _WITHOUT_EFFECT
        for qubit in instruction.qubits
    }
    kept = [qubit for qubit in circuit.qubits if qubit in active] or circuit.qubits[:1]
    if len(kept) == circuit.num_qubits:
        return circuit
    # Loose qubits, and not a register: a name could collide with a classical register's.
    smaller = QuantumCircuit(kept, circuit.clbits, *circuit.cregs, name=circuit.name)
    for instruction in circuit.data:
        if instruction.operation.name in _WITHOUT_EFFECT:
            continue
        smaller.append(instruction)
    smaller.global_phase = circuit.global_phase
    smaller.metadata = circuit.metadata
    return smaller


def operations(target: Target, circuit: QuantumCircuit, input_format: str) -> GateCounts:
    """Return the usage that *target* bills for *circuit*, as submitted in *input_format*.

    Gates in branches count, taken or not. For QIR, Quantinuum counts one more gate and one more
    reset of every qubit than for OpenQASM: 500 shots of the same circuit on 4 qubits were billed
    with 13.5 and 11.1 eHQC, and (13.5 - 11.1) 5000 / 500 = 4 (1 + 5).
    """
    free: tuple[str, ...] = ()
    extra = 0
    if target.counted_gates == "native" and target.noise is not None:
        circuit = translate(target.noise, circuit)
        free = all_devices()[target.noise].virtual_gates
        extra = circuit.num_qubits if input_format == "qir.v1" else 0
    gate_sizes, measured = [1] * extra, circuit.num_qubits + extra
    for instruction in _flat(circuit):
        name, qubits = instruction.operation.name, len(instruction.qubits)
        if name in {"measure", "reset"}:
            measured += 1
        elif qubits and name not in free and name not in _WITHOUT_EFFECT:
            gate_sizes.append(qubits)
    return tally(gate_sizes, measured)


def _flat(circuit: QuantumCircuit) -> Iterator[CircuitInstruction]:
    for instruction in circuit.data:
        blocks = getattr(instruction.operation, "blocks", ())
        if not blocks:
            yield instruction
        for block in blocks:
            yield from _flat(block)


@cache
def _pass_manager(gates: tuple[str, ...], connectivity: Connectivity) -> Any:  # noqa: ANN401 - Qiskit has no types
    # Kept, because to build one takes longer than to translate a small circuit. The seed is that
    # of Qiskit's choice between placements that are equally good.
    lattice = connectivity.square_lattice
    coupling = lattice and CouplingMap.from_grid(lattice.rows, lattice.columns)
    return generate_preset_pass_manager(
        optimization_level=1,
        basis_gates=list(gates),
        coupling_map=coupling,
        seed_transpiler=1,
    )
