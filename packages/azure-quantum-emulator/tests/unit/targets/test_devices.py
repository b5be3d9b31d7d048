from __future__ import annotations

import json
from pathlib import Path

import pytest
from qiskit.circuit.library import get_standard_gate_name_mapping

from azure_quantum_emulator.targets import devices
from azure_quantum_emulator.targets.devices import DEVICES, NoiseRates, all_devices

RATES = ("oneQubitGateInfidelity", "twoQubitGateInfidelity", "read1Given0", "read0Given1")


def test_the_noise_of_the_providers_machines_is_there() -> None:
    """There is a file for each gate-based machine of the service, and one of no maker."""
    assert set(all_devices()) == {
        "aria-1",
        "forte-1",
        "forte-enterprise-1",
        "h1-1",
        "h2-1",
        "h2-2",
        "helios-1",
        "cepheus-1-108q",
        "generic",
    }


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", all_devices())
def test_every_rate_has_a_source_and_a_date(name: str, rate: str) -> None:
    """Where a number comes from, and of when it is, stands beside it."""
    entry = json.loads((DEVICES / f"{name}.json").read_text())["rates"][rate]
    assert entry["source"]
    assert entry["published"][:2] == "20"


@pytest.mark.parametrize("name", all_devices())
def test_native_gates_have_names_that_qiskit_knows(name: str) -> None:
    """Circuits can be translated to them: there are gates on one qubit and on two."""
    gates = [get_standard_gate_name_mapping()[gate] for gate in all_devices()[name].native_gates]
    assert {gate.num_qubits for gate in gates} == {1, 2}


@pytest.mark.parametrize("name", all_devices())
def test_entangling_is_what_goes_wrong_most(name: str) -> None:
    """On every real device a gate on two qubits errs at least five times as often as on one."""
    rates = all_devices()[name].rates
    assert rates.two_qubit.value >= 5 * rates.one_qubit.value > 0


@pytest.mark.parametrize(("qubits", "depolarizing", "pauli"), [(1, 0.02, 0.015), (2, 0.04, 0.0375)])
def test_infidelity_is_converted_as_in_the_literature(
    qubits: int, depolarizing: float, pauli: float
) -> None:
    """For d = 2 and 4: p = r d / (d - 1), and Pauli errors with p (d^2 - 1) / d^2."""
    values = zip(RATES, (0.01, 0.03, 0.0, 0.0), strict=True)
    rates = NoiseRates.from_json(
        {name: {"value": value, "published": "2026", "source": "a test"} for name, value in values}
    )
    assert rates.depolarizing(qubits) == pytest.approx(depolarizing)
    assert rates.pauli(qubits) == pytest.approx(pauli)


def test_ionq_gets_back_the_parameters_it_publishes() -> None:
    """IonQ gives parameters of channels; they survive being kept as infidelities."""
    rates = all_devices()["aria-1"].rates
    assert rates.depolarizing(1) == pytest.approx(0.0005)
    assert rates.depolarizing(2) == pytest.approx(0.0133)


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("nativeGates", None, "/nativeGates: .*tuple, not None"),
        ("virtualGates", ["u"], "virtualGates has to be a part of nativeGates"),
        ("connectivity", [], r"/connectivity: \[\] is not an object"),
        ("rates", {}, "/rates: 'oneQubitGateInfidelity' is a required member"),
        (
            "rates",
            {"oneQubitGateInfidelity": {"value": 0.9}},
            "/rates/oneQubitGateInfidelity/value: .*less than or equal to 0.5",
        ),
        (
            "rates",
            {"oneQubitGateInfidelity": {"value": 0.1, "published": "2026"}},
            "/rates/oneQubitGateInfidelity: 'source' is a required member",
        ),
    ],
)
def test_a_bad_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str, value: object, message: str
) -> None:
    """The message names the file and what is wrong in it."""
    entry = json.loads((DEVICES / "generic.json").read_text())
    (tmp_path / "broken.json").write_text(json.dumps(entry | {member: value}))
    monkeypatch.setattr(devices, "DEVICES", tmp_path)
    with pytest.raises(ValueError, match=f"broken.json: .*{message}"):
        all_devices.__wrapped__()
