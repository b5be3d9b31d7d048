"""Random circuits of Qiskit, lowered and run by the emulator, against bare Aer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit import Clbit, Parameter, Qubit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit_aer import AerSimulator

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.task import Completed
from qjobs.adapters.qiskit_algorithms import lower
from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.errors import AlgorithmError
from tools.fuzz import qir
from tools.fuzz.case import SHOTS, Case, Judgement, Verdict, verdict_of
from tools.fuzz.comparison import differ

_GATES = {
    name: gate
    for name, gate in get_standard_gate_name_mapping().items()
    if gate.num_qubits and name not in {"measure", "reset", "delay"}
}
_NAMES = ("c", "meas", "true", "if", "qubit", "let", "in", "größe", "a_b")
_MOST_STEPS = 20
_UNSUPPORTED = ("delay", "if_test", "nan", "unwritten", "parameter")


def case(random: Random) -> Case:
    """Return a random circuit; one in five has something that has to be refused by name."""
    circuit = _circuit(random)
    refused = random.choice(_UNSUPPORTED) if random.random() < 1 / 5 else None
    plain = circuit.copy()

    def show() -> str:
        return f"{plain.draw('text', fold=200, cregbundle=False)}\nwith {refused or 'nothing else'}"

    words = _spoil(circuit, refused) if refused else ""
    try:
        program = lower(circuit)
    except AlgorithmError as error:
        right = bool(words) and words in error.detail
        judgement = (Verdict.REFUSED if right else Verdict.WRONG), error.detail
        return Case(None, lambda _: judgement, show)
    if words:
        return Case(None, lambda _: (Verdict.WRONG, f"{refused} was not refused"), show)
    expected = _bare(circuit, random.randrange(2**31))
    task = qir.task(program.text.encode(), random.randrange(2**31), "local.sim.aer")
    return Case(task, lambda done: _judged(done, expected), show)


def _judged(done: Completed | JobError, expected: Mapping[str, int]) -> Judgement:
    if isinstance(done, JobError):
        # A reset takes another qubit in the Base profile, and the target has 29.
        few = "qubits; local.sim.aer has 29" in done.message or "can be simulated" in done.message
        return (Verdict.REFUSED if few else Verdict.WRONG), done.message
    return verdict_of(differ(counts_of(done.output).readings, expected))


def _bare(circuit: QuantumCircuit, seed: int) -> Counter[str]:
    """Return Aer's own counts, with the last classical bit first and nothing between registers."""
    simulator = AerSimulator(method="statevector", max_parallel_threads=1, enable_truncation=False)
    translated = transpile(_in_one_register(circuit), simulator, optimization_level=0)
    result = simulator.run(translated, shots=SHOTS, seed_simulator=seed).result()
    return Counter(result.get_counts())


def _in_one_register(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return the circuit as Aer can say its bits: it leaves out those that are in no register."""
    plain = QuantumCircuit(circuit.num_qubits, circuit.num_clbits)
    plain.compose(circuit, plain.qubits, plain.clbits, inplace=True)
    return plain


def _circuit(random: Random) -> QuantumCircuit:
    qubits, bits = random.randint(1, 5), random.randint(1, 4)
    circuit = QuantumCircuit(*_registers(random, qubits, bits))
    for _ in range(random.randint(1, _MOST_STEPS)):
        _add(random, circuit, depth=2)
    for bit in range(circuit.num_clbits):
        circuit.measure(random.randrange(qubits), bit)
    return circuit


def _registers(random: Random, qubits: int, bits: int) -> list[object]:
    names = random.sample(_NAMES, 3)
    match random.randrange(4):
        case 0:
            return [[Qubit() for _ in range(qubits)], [Clbit() for _ in range(bits)]]
        case 1:
            loose = [Clbit() for _ in range(bits)]
            half = loose[: random.randint(0, bits)]
            shared = [ClassicalRegister(bits=half, name=names[1])] if half else []
            return [QuantumRegister(qubits, names[0]), loose, *shared]
        case 2:
            return [QuantumRegister(qubits, names[0]), ClassicalRegister(bits, names[1])]
        case _:
            more = ClassicalRegister(random.randint(1, 2), names[2])
            return [QuantumRegister(qubits, names[0]), ClassicalRegister(bits, names[1]), more]


def _add(random: Random, circuit: QuantumCircuit, depth: int) -> None:
    places = random.sample(range(circuit.num_qubits), circuit.num_qubits)
    choice = random.random()
    if choice < 0.05:
        circuit.reset(places[0])
    elif choice < 0.12 and circuit.num_clbits:
        circuit.measure(places[0], random.randrange(circuit.num_clbits))
    elif choice < 0.16:
        circuit.barrier(places[: random.randint(1, len(places))])
    elif choice < 0.2:
        circuit.initialize(random.choice(["0", "1", "+", "-", "r", "l"]), [places[0]])
    elif choice < 0.28 and depth:
        part = QuantumCircuit(
            random.randint(1, len(places)), min(1, circuit.num_clbits), name="part"
        )
        for _ in range(random.randint(1, 4)):
            _add(random, part, depth - 1)
        bits = [random.randrange(circuit.num_clbits)] if part.num_clbits else []
        circuit.append(part.to_instruction(), places[: part.num_qubits], bits)
    else:
        fitting = [gate for gate in _GATES.values() if gate.num_qubits <= len(places)]
        gate = random.choice(fitting)
        angles = [random.uniform(-7, 7) for _ in gate.params]
        circuit.append(gate.base_class(*angles), places[: gate.num_qubits])


def _spoil(circuit: QuantumCircuit, how: str) -> str:
    """Add an instruction that cannot be run; return words that the refusal has to have."""
    match how:
        case "delay":
            circuit.delay(3, 0)
            return "`delay`"
        case "if_test":
            with circuit.if_test((circuit.clbits[0], 1)):
                circuit.x(0)
            return "`if_test`"
        case "nan":
            circuit.rx(float("nan"), 0)
            return "angle nan of `rx`"
        case "unwritten":
            circuit.add_register(ClassicalRegister(1, "unwritten"))
            return "unwritten[0] is never written"
        case _:
            circuit.ry(Parameter("theta"), 0)
            return "parameter theta of `ry`"
