"""A circuit and what it is lowered to: nothing is lost, and refusals are in its author's words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Gate, Instruction, Parameter, Qubit
from qiskit.circuit.classical import expr
from qiskit.circuit.library import RXGate, get_standard_gate_name_mapping

from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task
from qjobs.adapters import lowering
from qjobs.adapters.qir import BASIS
from qjobs.adapters.qiskit_algorithms import lower
from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.errors import AlgorithmError

SHOTS = 20


def readings(circuit: QuantumCircuit) -> dict[str, int]:
    """Return the counts of a circuit that is lowered and run without noise."""
    task = Task(
        "local.sim.aer",
        lower(circuit).text.encode(),
        "qir.v1",
        {"shots": SHOTS, "seed": 1},
        "microsoft.quantum-results.v2",
    )
    done = execute(task)
    assert isinstance(done, Completed), done
    return dict(counts_of(done.output).readings)


def loose() -> QuantumCircuit:
    """Return a circuit without registers."""
    circuit = QuantumCircuit([Qubit(), Qubit()], [Clbit(), Clbit()])
    circuit.x(0)
    circuit.measure([0, 1], [0, 1])
    return circuit


def half_loose() -> QuantumCircuit:
    """Return a circuit with a register and a bit in none."""
    circuit = QuantumCircuit(QuantumRegister(2), [Clbit()], ClassicalRegister(1, "c"))
    circuit.x(1)
    circuit.measure([0, 1], [0, 1])
    return circuit


def shared() -> QuantumCircuit:
    """Return a circuit two registers of which have the same bits, and others are in none."""
    bits = [Clbit() for _ in range(4)]
    circuit = QuantumCircuit(
        QuantumRegister(4),
        bits,
        ClassicalRegister(bits=bits[:2], name="one"),
        ClassicalRegister(bits=bits[:2], name="two"),
    )
    circuit.x([0, 3])
    circuit.measure(range(4), range(4))
    return circuit


def out_of_order() -> QuantumCircuit:
    """Return a circuit whose registers are in another order than its bits."""
    bits = [Clbit() for _ in range(3)]
    circuit = QuantumCircuit(
        QuantumRegister(3),
        bits,
        ClassicalRegister(bits=bits[1:], name="late"),
        ClassicalRegister(bits=bits[:1], name="early"),
    )
    circuit.x(0)
    circuit.measure(range(3), range(3))
    return circuit


def overlapping() -> QuantumCircuit:
    """Return a circuit whose registers have one bit in common."""
    bits = [Clbit() for _ in range(3)]
    circuit = QuantumCircuit(
        QuantumRegister(3),
        bits,
        ClassicalRegister(bits=bits[:2], name="low"),
        ClassicalRegister(bits=bits[1:], name="high"),
    )
    circuit.x([0, 2])
    circuit.measure(range(3), range(3))
    return circuit


def reversed_register() -> QuantumCircuit:
    """Return a circuit whose register has its bits in the other order."""
    bits = [Clbit(), Clbit()]
    circuit = QuantumCircuit(
        QuantumRegister(2), bits, ClassicalRegister(bits=bits[::-1], name="back")
    )
    circuit.x(0)
    circuit.measure([0, 1], [0, 1])
    return circuit


def empty_register() -> QuantumCircuit:
    """Return a circuit with a register of no bits."""
    circuit = QuantumCircuit(QuantumRegister(2), ClassicalRegister(0, "none"), ClassicalRegister(2))
    circuit.x(0)
    circuit.measure([0, 1], [0, 1])
    return circuit


def after_a_reset(make: Callable[[], QuantumCircuit]) -> Callable[[], QuantumCircuit]:
    """Return what makes the same circuit for the compiler, which resets need."""

    def made() -> QuantumCircuit:
        circuit = make()
        with_reset = circuit.copy_empty_like()
        with_reset.reset(0)
        with_reset.compose(circuit, inplace=True)
        return with_reset

    return made


CIRCUITS = [
    (loose, "01"),
    (half_loose, "10"),
    (shared, "1001"),
    (out_of_order, "001"),
    (overlapping, "101"),
    (reversed_register, "01"),
    (empty_register, "01"),
]


@pytest.mark.parametrize(("make", "reading"), CIRCUITS)
@pytest.mark.parametrize("compiled", [False, True])
def test_every_classical_bit_is_given_out(
    make: Callable[[], QuantumCircuit], reading: str, *, compiled: bool
) -> None:
    """Bits are in the order of the circuit, whatever registers they are in."""
    circuit = (after_a_reset(make) if compiled else make)()

    assert readings(circuit) == {reading: SHOTS}


@pytest.mark.parametrize("name", ["true", "if", "qubit", "measure", "q"])
def test_a_register_may_have_any_name(name: str) -> None:
    """What is a word of the compiler's language is a name all the same."""
    circuit = QuantumCircuit(QuantumRegister(1, "let"), ClassicalRegister(1, name))
    circuit.reset(0)
    circuit.x(0)
    circuit.measure(0, 0)

    assert readings(circuit) == {"1": SHOTS}


def rounds_of(number: int, *, resets: bool) -> QuantumCircuit:
    """Return a circuit that flips a qubit and measures it so often, with resets or without."""
    circuit = QuantumCircuit(1, number)
    for bit in range(number):
        circuit.x(0)
        circuit.measure(0, bit)
        if resets:
            circuit.reset(0)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "reading"),
    [
        (rounds_of(1, resets=True), "1"),
        (rounds_of(5, resets=True), "11111"),
        (rounds_of(5, resets=False), "10101"),
        (rounds_of(1, resets=False), "1"),
    ],
)
def test_the_qubits_of_a_program_are_those_of_its_qir(
    circuit: QuantumCircuit, reading: str
) -> None:
    """In the Base profile a qubit that is reset is another one, and a target has to have it."""
    program = lower(circuit)

    assert f'"required_num_qubits"="{program.qubits}"' in program.text
    assert program.qubits >= len(reading)
    assert readings(circuit) == {reading: SHOTS}


def test_a_program_of_many_resets_says_that_it_is_large() -> None:
    """Whoever looks for a target sees that it has more qubits than its circuit."""
    program = lower(rounds_of(30, resets=True))

    assert f'"required_num_qubits"="{program.qubits}"' in program.text
    assert program.qubits >= 30


def test_every_gate_of_qiskit_may_be_controlled_and_inverted() -> None:
    """Some of its gates are made of others that only bear the name of a standard gate."""
    for gate in get_standard_gate_name_mapping().values():
        if not gate.num_qubits or gate.name in {"measure", "reset", "delay"}:
            continue
        plain = gate.base_class(*[0.3] * len(gate.params))
        for made in (plain.inverse(), plain.control(1), plain.control(1, ctrl_state=0)):
            circuit = QuantumCircuit(made.num_qubits, 1)
            circuit.append(made, range(made.num_qubits))
            circuit.measure(0, 0)
            assert set(lowering.translate(circuit).count_ops()) <= {*BASIS, "measure"}


def test_a_circuit_may_be_part_of_another() -> None:
    """Measurements in a sub-circuit count like any other."""
    part = QuantumCircuit(2, 2, name="part")
    part.x(1)
    part.measure([0, 1], [0, 1])
    circuit = QuantumCircuit(2, 2)
    circuit.append(part.to_instruction(), [0, 1], [1, 0])

    assert readings(circuit) == {"01": SHOTS}


def with_steps(*steps: Callable[[QuantumCircuit], object]) -> QuantumCircuit:
    """Return a circuit of two qubits, measured into the register c after these steps."""
    circuit = QuantumCircuit(2, 2)
    for step in steps:
        step(circuit)
    circuit.measure([0, 1], [0, 1])
    return circuit


def branching(circuit: QuantumCircuit) -> None:
    """Add a branch."""
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)


def looping(circuit: QuantumCircuit) -> None:
    """Add a loop."""
    with circuit.for_loop(range(2)):
        circuit.x(1)


def within(circuit: QuantumCircuit) -> None:
    """Add a sub-circuit that waits."""
    part = QuantumCircuit(1, name="part")
    part.delay(5, 0)
    circuit.append(part.to_instruction(), [0])


def repeating(circuit: QuantumCircuit) -> None:
    """Add a loop that ends by a measurement."""
    with circuit.while_loop((circuit.clbits[0], 1)):
        circuit.x(0)


def switching(circuit: QuantumCircuit) -> None:
    """Add a branch of several cases."""
    with circuit.switch(circuit.cregs[0]) as case, case(0):
        circuit.x(0)


def boxed(circuit: QuantumCircuit) -> None:
    """Add a box."""
    with circuit.box():
        circuit.x(0)


def storing(circuit: QuantumCircuit) -> None:
    """Add a variable."""
    circuit.add_var("flag", expr.lift(True))  # noqa: FBT003 - a value of the circuit


def turning_by(angle: float) -> Callable[[QuantumCircuit], object]:
    """Return a step that adds a sub-circuit with a rotation by this angle."""
    part = QuantumCircuit(1, name="part")
    part.rx(angle, 0)
    return lambda circuit: circuit.append(part.to_gate(), [0])


def namesake(name: str, depth: int = 1) -> Callable[[QuantumCircuit], object]:
    """Return a step that adds a gate of the author's own, in so many sub-circuits."""
    inner = QuantumCircuit(1, name=name)
    inner.x(0)
    for level in range(1, depth):
        outer = QuantumCircuit(1, name=f"level {level}")
        outer.append(inner.to_gate(), [0])
        inner = outer
    return lambda circuit: circuit.append(inner.to_gate(), [0])


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda circuit: circuit.delay(10, 0), "`delay` cannot be run"),
        (within, "`delay` cannot be run"),
        (branching, "`if_test` cannot be run"),
        (looping, "`for_loop` cannot be run"),
        (repeating, "`while_loop` cannot be run"),
        (switching, "`switch` cannot be run"),
        (boxed, "`box` cannot be run"),
        (storing, "`store` cannot be run"),
        (lambda circuit: circuit.append(Gate("mine", 1, []), [0]), "mine"),
        (lambda circuit: circuit.append(Instruction("mine", 1, 1, []), [0], [0]), "mine"),
        (namesake("h"), "`h` is another gate than Qiskit's"),
        (namesake("barrier"), "`barrier` is another gate than Qiskit's"),
        (namesake("ecr", depth=2), "`ecr` is another gate than Qiskit's"),
        (lambda circuit: circuit.rx(Parameter("theta"), 0), "parameter theta of `rx` has no value"),
        (lambda circuit: circuit.rx(float("nan"), 0), "angle nan of `rx` is no number"),
        (lambda circuit: circuit.rzz(float("-inf"), 0, 1), "angle -inf of `rzz` is no number"),
        (lambda circuit: circuit.u(0, np.float64("nan"), 0, 0), "angle nan of `u` is no number"),
        (lambda circuit: circuit.cp(np.inf, 0, 1), "angle inf of `cp` is no number"),
        (lambda circuit: circuit.rx(10**400, 0), "angle inf of `rx` is no number"),
        (lambda circuit: circuit.append(RXGate(np.nan).control(1), [0, 1]), "angle nan of `crx`"),
        (turning_by(float("nan")), "angle nan of `rx` is no number"),
    ],
)
@pytest.mark.parametrize("compiled", [False, True])
def test_what_has_no_form_is_refused_in_words_of_the_circuit(
    step: Callable[[QuantumCircuit], object], words: str, *, compiled: bool
) -> None:
    """An author reads the instruction, not a compiler's error."""
    steps = [lambda circuit: circuit.reset(0), step] if compiled else [step]

    with pytest.raises(AlgorithmError, match=words):
        lower(with_steps(*steps))


@pytest.mark.parametrize(
    ("circuit", "words"),
    [
        (QuantumCircuit(1, 1), r"classical bit c\[0\] is never written"),
        (QuantumCircuit(QuantumRegister(1), [Clbit()]), "classical bit 0 is never written"),
        (QuantumCircuit(1), "it measures nothing"),
    ],
)
def test_a_bit_that_is_never_written_is_named(circuit: QuantumCircuit, words: str) -> None:
    """It has no value, and is none of zero."""
    with pytest.raises(AlgorithmError, match=words):
        lower(circuit)


def test_what_is_written_is_compared_with_the_circuit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler that loses a bit is found out before anything is submitted."""
    text = lower(loose()).text
    lines = [line for line in text.splitlines() if "call void @__quantum__rt__result" in line]
    monkeypatch.setattr(lowering, "straight_line", lambda _: text.replace(lines[0], ""))

    with pytest.raises(AlgorithmError, match="gives out 1 of 2 classical bits"):
        lower(loose())


def test_what_the_compiler_says_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a report of many lines the reason is told."""
    monkeypatch.setattr(lowering, "straight_line", lambda _: None)
    monkeypatch.setattr(lowering, "_renamed", lambda _: QuantumCircuit([Qubit()], [Clbit()]))
    monkeypatch.setattr("qdk.qiskit.QSharpBackend.qir", raise_report)

    with pytest.raises(AlgorithmError, match=r"the compiler refuses it: this is not supported\.$"):
        lower(with_steps())


def raise_report(*_: object) -> None:
    """Fail as the compiler does.

    Raises:
        ValueError: always.

    """
    raise ValueError(
        "Qdk.Qasm.Compiler.NotSupported\n\n  x this is not supported\n   ,-[./p:5:1]\n"
    )


def test_order_of_the_readings_is_that_of_qiskit() -> None:
    """The last classical bit comes first, as in the counts of Qiskit's own simulator."""
    circuit = QuantumCircuit(QuantumRegister(3), ClassicalRegister(2, "a"), ClassicalRegister(1))
    circuit.x([0, 2])
    circuit.measure([0, 1, 2], [0, 1, 2])

    assert readings(circuit) == {"101": SHOTS}
