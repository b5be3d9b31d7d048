from __future__ import annotations

import math
from collections import Counter

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator, SuperOp, average_gate_fidelity
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel

from azure_quantum_emulator.execution import noise
from azure_quantum_emulator.execution.native import translate
from azure_quantum_emulator.targets.devices import all_devices
from emulator_support.recordings import scenarios

SHOTS = 20_000
DEVIATIONS = 5
"""How many standard deviations are chance. Seeds are fixed; others fail once in ten thousand."""
ANGLE = 0.7  # of gates that have one
GATES = [
    (name, gate)
    for name, device in all_devices().items()
    for gate in device.native_gates
    if gate not in device.virtual_gates
]


def counts(circuit: QuantumCircuit, model: NoiseModel | None, seed: int = 7) -> Counter[str]:
    """Return how often which bits were measured in `SHOTS` shots."""
    simulator = AerSimulator(method="density_matrix", noise_model=model)
    result = simulator.run(circuit, shots=SHOTS, seed_simulator=seed).result()
    return Counter(result.get_counts())


def agrees(
    observed: int, probability: float, shots: int = SHOTS, deviations: float = DEVIATIONS
) -> bool:
    """Return whether *observed* of *shots* is as near to the expectation as chance allows."""
    spread = math.sqrt(shots * probability * (1 - probability))
    return abs(observed - shots * probability) <= deviations * spread


def one_gate(name: str) -> QuantumCircuit:
    """Return a circuit of one gate."""
    gate = get_standard_gate_name_mapping()[name]
    circuit = QuantumCircuit(gate.num_qubits)
    bound = gate.base_class(*[ANGLE] * len(gate.params))
    circuit.append(bound, range(gate.num_qubits))
    return circuit


def ghz() -> QuantumCircuit:
    """Return the circuit that is recorded most often: three entangled qubits, and one idle."""
    circuit = QuantumCircuit(4, 3)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.cx(1, 2)
    circuit.h(3)
    circuit.measure(range(3), range(3))
    return circuit


@pytest.mark.parametrize(("device", "gate"), GATES)
def test_a_gate_has_the_average_infidelity_of_its_device(device: str, gate: str) -> None:
    """The noise of every native gate is as large as published, in the published measure."""
    circuit = one_gate(gate)
    ideal = Operator(circuit)
    circuit.save_superop()
    simulator = AerSimulator(method="superop", noise_model=noise.model(device))
    channel = SuperOp(simulator.run(circuit).result().data()["superop"])
    rates = all_devices()[device].rates
    published = rates.one_qubit.value if circuit.num_qubits == 1 else rates.two_qubit.value
    assert 1 - average_gate_fidelity(channel, ideal) == pytest.approx(published, rel=1e-6)


@pytest.mark.parametrize("device", all_devices())
def test_a_virtual_gate_has_no_noise(device: str) -> None:
    """Rotations about z are carried out by counting, and never err."""
    circuit = one_gate("rz")
    ideal = Operator(circuit)
    circuit.save_superop()
    simulator = AerSimulator(method="superop", noise_model=noise.model(device))
    channel = SuperOp(simulator.run(circuit).result().data()["superop"])
    assert channel == SuperOp(ideal)


@pytest.mark.parametrize("qubits", [1, 2])
@pytest.mark.parametrize("device", all_devices())
def test_circuits_that_do_nothing_decay_at_the_stated_rate(device: str, qubits: int) -> None:
    """After enough gates for half the state to be lost, half of it is lost.

    With p for the depolarizing probability of a gate, 1 - (1 - p)^m of the state is mixed after m
    gates. The rest is in the state it began in, and each is read with the errors of reading.
    """
    rates = all_devices()[device].rates
    name = next(
        gate for owner, gate in GATES if owner == device and one_gate(gate).num_qubits == qubits
    )
    lost = rates.depolarizing(qubits)
    repeats = round(math.log(2) / lost / 4)  # four gates each: the order of sx; even for the rest
    gate = get_standard_gate_name_mapping()[name]
    circuit = QuantumCircuit(qubits, qubits)
    for repeat in range(repeats):
        angles = [0.1 * repeat, -0.1 * repeat] * 2
        for angle in angles:
            circuit.append(gate.base_class(*[angle] * len(gate.params)), range(qubits))
    circuit.measure(range(qubits), range(qubits))

    left = (1 - lost) ** (4 * repeats)
    right = 1 - rates.read_1_given_0.value
    mixed = (right + rates.read_0_given_1.value) / 2
    expected = left * right**qubits + (1 - left) * mixed**qubits
    assert 0.4 < left < 0.6
    assert agrees(counts(circuit, noise.model(device))["0" * qubits], expected)


@pytest.mark.parametrize("device", all_devices())
def test_zeros_are_misread_as_often_as_published(device: str) -> None:
    """A qubit that is measured at once gives 1 at the rate of errors in 0."""
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    model = noise.model(device)
    assert agrees(counts(circuit, model)["1"], all_devices()[device].rates.read_1_given_0.value)


@pytest.mark.parametrize("device", all_devices())
def test_ones_are_misread_as_often_as_published(device: str) -> None:
    """A qubit brought to 1 without errors gives 0 at the rate of errors in 1."""
    circuit = QuantumCircuit(1, 1)
    circuit.initialize("1")  # no gate of a device, so it has no noise
    circuit.measure(0, 0)
    model = noise.model(device)
    assert agrees(counts(circuit, model)["0"], all_devices()[device].rates.read_0_given_1.value)


@pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")
def test_the_recorded_emulator_errs_as_often_as_ours() -> None:
    """What H2-1E returned for GHZ states is within three standard deviations of ours (99.7 %)."""
    recorded = Counter[bool]()
    for answer in recorded_outputs("quantinuum.sim.h2-1e"):
        recorded.update(answer)
    circuit, model = translate("h2-1", ghz()), noise.model("h2-1")
    ours = counts(circuit, model)
    wrong = 1 - (ours["000"] + ours["111"]) / SHOTS
    assert recorded.total() == 1600
    assert agrees(recorded[False], wrong, recorded.total(), deviations=3)


def recorded_outputs(target: str) -> list[list[bool]]:
    """Return for each recorded job on *target* whether its shots are all 0 or all 1."""
    found = []
    for steps in scenarios().values():
        if not any(isinstance(s.answer, dict) and s.answer.get("target") == target for s in steps):
            continue
        for step in steps:
            if step.service != "blob" or step.method != "GET" or not isinstance(step.answer, dict):
                continue
            if "c" in step.answer:
                found.append([len(set(bits)) == 1 for bits in step.answer["c"]])
            elif "Results" in step.answer:
                histogram = step.answer["Results"][0]["Histogram"]
                found.append(
                    [len(set(h["Outcome"])) == 1 for h in histogram for _ in range(h["Count"])]
                )
    return found


@pytest.mark.parametrize("device", all_devices())
def test_a_model_has_one_error_for_each_gate_and_one_for_reading(device: str) -> None:
    """How large a model is depends on the kinds of gates, not on the number of qubits."""
    described = all_devices()[device]
    noisy = set(described.native_gates) - set(described.virtual_gates)
    errors = noise.model(device).to_dict()["errors"]
    assert sum(len(error.get("operations", ["measure"])) for error in errors) == len(noisy) + 1


def test_a_device_has_one_model() -> None:
    """A model is made once for a device, whatever circuits run on it."""
    assert noise.model("h2-1") is noise.model("h2-1")


def test_the_same_seed_gives_the_same_outcomes() -> None:
    """Noise is drawn from the seed of the run."""
    circuit, model = translate("cepheus-1-108q", ghz()), noise.model("cepheus-1-108q")
    assert counts(circuit, model, seed=1) == counts(circuit, model, seed=1)
    assert counts(circuit, model, seed=1) != counts(circuit, model, seed=2)


def test_branches_are_noisy_as_well() -> None:
    """A gate that depends on a measurement errs like any other."""
    circuit = QuantumCircuit(2, 2)
    circuit.x(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        for _ in range(40):
            circuit.cz(0, 1)
            circuit.barrier()
    circuit.measure(1, 1)
    prepared, model = translate("cepheus-1-108q", circuit), noise.model("cepheus-1-108q")
    rates = all_devices()["cepheus-1-108q"].rates
    ones = sum(n for bits, n in counts(prepared, model).items() if bits[0] == "1")
    # Readings alone would give about 4 percent; forty depolarized gates give more.
    assert not agrees(ones, rates.read_1_given_0.value)
    assert ones > SHOTS * rates.read_1_given_0.value


def test_an_unknown_device_has_no_noise() -> None:
    """The name of no device is refused."""
    with pytest.raises(KeyError, match="harmony"):
        noise.model("harmony")
