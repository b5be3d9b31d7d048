"""Lowering of circuits to QIR of the Base profile.

What the profile cannot express is refused in the words of who wrote the circuit, and what is
written is compared with the circuit: a bit that went missing would be a wrong result that nobody
sees.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from math import inf, isfinite
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Barrier, ClassicalRegister, Clbit, ParameterExpression, QuantumRegister
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.exceptions import QiskitError
from qiskit.quantum_info import Operator
from qiskit.transpiler import generate_preset_pass_manager

from qjobs.adapters.qir import BASIS, straight_line
from qjobs.domain.algorithm import Program
from qjobs.domain.errors import AlgorithmError
from qjobs.domain.qir_attributes import required_qubits

_RUN = frozenset({*BASIS, "measure", "reset", "barrier"})
_WRITTEN_AS = {"if_else": "if_test", "switch_case": "switch"}
"""What Qiskit's users call an instruction whose name is another."""

_STANDARD = {name: one.base_class for name, one in get_standard_gate_name_mapping().items()}
_STANDARD["barrier"] = Barrier

_RECORDED = re.compile(r"^\s*call void @__quantum__rt__result_record_output\(", re.MULTILINE)
_REASON = re.compile(r"^\s*x (.+)$", re.MULTILINE)
"""The line of the compiler's report that says what is wrong."""


def translate(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return *circuit* in gates that QIR has.

    Raises:
        AlgorithmError: it has instructions that the Base profile does not have, parameters without
            a value, or angles that are no numbers.

    """
    _refuse_numbers(circuit)
    _refuse_namesakes(circuit)
    try:
        translated: QuantumCircuit = _translation().run(circuit)
    except (QiskitError, ValueError, TypeError, ArithmeticError) as error:
        reason = str(error).strip("'").partition("\n")[0]
        raise AlgorithmError(f"it cannot be translated to the gates of QIR: {reason}") from error
    _refuse_instructions(translated)
    _refuse_numbers(translated)
    return translated


def write(translated: QuantumCircuit) -> Program:
    """Return a circuit in gates that QIR has as a program.

    Raises:
        AlgorithmError: a classical bit of it is never written, or it has no form in the Base
            profile.

    """
    _refuse_unwritten(translated)
    in_order = [*chain(*translated.cregs)] == translated.clbits
    grouped = translated if in_order else _renamed(translated)
    text = straight_line(grouped) or _compiled(_renamed(grouped))
    return Program(
        format="qir.v1",
        text=text,
        qubits=_compared(text, translated),
        depth=translated.depth(),
        gates=dict(translated.count_ops()),
    )


def _refuse_numbers(circuit: QuantumCircuit) -> None:
    for instruction in circuit.data:
        name = instruction.operation.name
        for value in instruction.operation.params:
            if isinstance(value, ParameterExpression) and value.parameters:
                missing = ", ".join(sorted(str(one) for one in value.parameters))
                raise AlgorithmError(f"the parameter {missing} of `{name}` has no value.")
            if _is_number(value) and not isfinite(number := _double(value)):
                raise AlgorithmError(f"the angle {number} of `{name}` is no number.")


def _double(value: Any) -> float:  # noqa: ANN401 - numbers of many types
    try:
        return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return inf


def _refuse_namesakes(circuit: QuantumCircuit) -> None:
    """Refuse a gate of the author's own that would be taken for Qiskit's of the same name."""
    for step in circuit.data:
        operation = step.operation
        standard = _STANDARD.get(operation.name)
        if standard is None:
            if getattr(operation, "definition", None) is not None:
                _refuse_namesakes(operation.definition)
        elif operation.base_class is not standard and not _does_the_same(operation, standard):
            raise AlgorithmError(
                f"`{operation.name}` is another gate than Qiskit's; give it another name."
            )


def _does_the_same(operation: Any, standard: type) -> bool:  # noqa: ANN401 - Qiskit's
    """Return whether a gate has the matrix of the standard gate of its name, as Qiskit's own do."""
    try:
        return bool(Operator(operation) == Operator(standard(*operation.params)))
    except (QiskitError, TypeError, ValueError):  # it has no matrix, or other parameters
        return False


def _is_number(value: object) -> bool:
    """Return whether it has one of the forms of an angle; a matrix for example has not."""
    if isinstance(value, ParameterExpression):
        return bool(value.is_real())
    scalar = getattr(value, "ndim", 0) == 0
    return scalar and hasattr(value, "__float__") and not isinstance(value, complex)


def _refuse_instructions(circuit: QuantumCircuit) -> None:
    for step in circuit.data:
        name = step.operation.name
        if name not in _RUN:
            raise AlgorithmError(
                f"`{_WRITTEN_AS.get(name, name)}` cannot be run: a circuit has gates, barriers, "
                "resets and measurements alone."
            )


def _refuse_unwritten(circuit: QuantumCircuit) -> None:
    written = {
        bit for step in circuit.data if step.operation.name == "measure" for bit in step.clbits
    }
    missing = [_named(circuit, bit) for bit in circuit.clbits if bit not in written]
    if missing or not written:
        raise AlgorithmError(
            f"the classical bit {missing[0]} is never written; every one has to be measured."
            if missing
            else "it measures nothing, so there is nothing to give out."
        )


def _named(circuit: QuantumCircuit, bit: Clbit) -> str:
    """Return a bit as its author knows it: by its first register, or else by its number."""
    found = circuit.find_bit(bit)
    return (
        f"{found.registers[0][0].name}[{found.registers[0][1]}]"
        if found.registers
        else str(found.index)
    )


def _renamed(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return *circuit* in registers of our own.

    Names of registers may be words of the compiler's language, bits may be in no register or in
    several, and registers in another order than their bits: then all are in one.
    """
    in_order = [*chain(*circuit.cregs)] == circuit.clbits
    sizes = [len(register) for register in circuit.cregs] if in_order else [circuit.num_clbits]
    renamed = QuantumCircuit(
        QuantumRegister(circuit.num_qubits, "q"),
        *(ClassicalRegister(size, f"c{number}") for number, size in enumerate(sizes)),
        global_phase=circuit.global_phase,
    )
    for step in circuit.data:
        renamed.append(
            step.operation,
            [circuit.find_bit(qubit).index for qubit in step.qubits],
            [circuit.find_bit(bit).index for bit in step.clbits],
        )
    return renamed


def _compared(text: str, circuit: QuantumCircuit) -> int:
    """Return how many qubits a program takes, which gives out every bit of *circuit*."""
    recorded = len(_RECORDED.findall(text))
    qubits = required_qubits(text)
    if recorded != circuit.num_clbits or qubits is None:
        raise AlgorithmError(
            f"its QIR gives out {recorded} of {circuit.num_clbits} classical bits."
        )
    return qubits


@cache
def _translation() -> Any:  # noqa: ANN401 - Qiskit ships no types
    """Return the translation to the basis; building it costs far more than running it."""
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
    try:
        return str(backend.qir(circuit))
    except Exception as error:  # the compiler documents no errors
        reason = _REASON.search(str(error))
        raise AlgorithmError(
            f"the compiler refuses it: {reason[1] if reason else str(error).partition(chr(10))[0]}."
        ) from error
