from __future__ import annotations

import json
import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from azure.quantum.target import IonQ, Quantinuum
from azure.quantum.target.pasqal import Pasqal
from azure.quantum.target.rigetti import Rigetti

from azure_quantum_emulator.targets import catalogue
from azure_quantum_emulator.targets.catalogue import (
    Availability,
    TargetState,
    all_targets,
    provider_status,
)
from azure_quantum_emulator.targets.devices import all_devices
from azure_quantum_emulator.targets.target import ProviderFile
from emulator_support.recordings import scenarios

with warnings.catch_warnings():  # the SDK imports a package that has a new name
    warnings.simplefilter("ignore", DeprecationWarning)
    from azure.quantum.qiskit.backends.backend import AzureQirBackend

BEFORE, SINCE = date(2025, 12, 1), date(2026, 1, 15)
KNOWN = {name: kind for kind in (IonQ, Quantinuum, Pasqal, Rigetti) for name in kind.target_names}
"""The targets that the SDK has classes for."""
TARGETS = list(all_targets().values())


def statuses(
    version: date = SINCE, states: dict[str, TargetState] | None = None
) -> dict[str, dict[str, Any]]:
    """Return the status of each listed target by its id."""
    providers = provider_status(version, states)
    return {target["id"]: target for provider in providers for target in provider["targets"]}


def provider(name: str, states: dict[str, TargetState]) -> dict[str, Any]:
    """Return the status of one provider."""
    (found,) = [one for one in provider_status(SINCE, states) if one["id"] == name]
    return found


def subclasses(kind: type) -> set[type]:
    """Return all that derive from a class."""
    children: list[type] = kind.__subclasses__()
    return {found for child in children for found in (child, *subclasses(child))}


def names(backend: type) -> tuple[str, ...]:
    """Return the targets that a class of backends is for."""
    return getattr(backend, "backend_names", ())


@pytest.mark.parametrize("name", KNOWN)
def test_every_target_of_the_sdk_is_there(name: str) -> None:
    """Whatever the SDK has a class for can be submitted to."""
    assert all_targets()[name].provider == name.split(".", maxsplit=1)[0]


@pytest.mark.parametrize("name", KNOWN)
def test_the_formats_of_the_sdk_are_taken(name: str) -> None:
    """What the SDK's class for a target sends and expects is among its formats."""
    target = all_targets()[name]
    sdk = KNOWN[name](workspace=None, name=name)
    assert sdk.input_data_format in target.input_formats
    assert sdk.output_data_format in target.output_formats


@pytest.mark.parametrize("name", [name for name in KNOWN if not name.startswith("pasqal")])
def test_circuits_of_the_qiskit_backends_fit(name: str) -> None:
    """A target has the QIR profile of the SDK's backend for it, and at least its qubits.

    Backends of IonQ's Forte machines have 35; the machines have 36.
    """
    (kind,) = (found for found in subclasses(AzureQirBackend) if name in names(found))
    backend = kind(name, None)
    target = all_targets()[name]
    assert target.num_qubits - 1 <= backend.num_qubits <= target.num_qubits
    assert str(backend.options.target_profile).rsplit(".", maxsplit=1)[-1] == target.target_profile


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_a_qpu_has_noise_unless_it_has_no_gates(target: catalogue.Target) -> None:
    """QPUs and the emulators of Quantinuum are noisy, other targets of the service are not."""
    noisy = target.kind in {"qpu", "emulator"} and target.provider != "pasqal"
    assert (target.noise in all_devices()) == (noisy or target.id == "local.sim.aer-noisy")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)
def test_a_qpu_is_paired_with_something_to_try_programs_on(target: catalogue.Target) -> None:
    """Each QPU names a simulator or emulator of its provider that takes the same formats."""
    if target.kind != "qpu":
        assert target.paired_simulator is None
        return
    assert target.paired_simulator is not None
    pair = all_targets()[target.paired_simulator]
    assert pair.kind in {"simulator", "emulator"}
    assert set(pair.input_formats) == set(target.input_formats)


def test_simulators_for_tests_do_not_wait_long() -> None:
    """The targets that the project's own tests use report the queue times these rely on."""
    assert statuses()["ionq.simulator"]["averageQueueTime"] == 10
    assert statuses()["local.sim.aer"]["averageQueueTime"] == 0


@pytest.mark.parametrize(
    "name", ["quantinuum.sim.h1-1e", "quantinuum.sim.h1-1sc", "pasqal.sim.emu-tn", "echo-output"]
)
def test_retired_targets_are_not_listed(name: str) -> None:
    """Jobs for them are taken, but nobody is told of them."""
    assert name in all_targets()
    assert name not in statuses()


def test_old_versions_of_the_api_tell_less() -> None:
    """A target has four members before January 2026, and exactly seven since."""
    four = {"id", "currentAvailability", "averageQueueTime", "statusPage"}
    assert {frozenset(status) for status in statuses(BEFORE).values()} == {frozenset(four)}
    seven = four | {"numQubits", "targetProfile", "metadata"}
    assert {frozenset(status) for status in statuses(SINCE).values()} == {frozenset(seven)}


@pytest.mark.skipif(not scenarios(), reason="the recordings are not beside the project")
def test_the_status_has_the_recorded_shape_and_order() -> None:
    """Providers and targets have the members of the service, and come in its order."""
    recorded = [
        step.answer["value"]
        for steps in scenarios().values()
        for step in steps
        if step.path.endswith("/providerStatus")
    ]
    ours = provider_status(BEFORE)
    order = [(one["id"], target["id"]) for one in ours for target in one["targets"]]
    assert recorded
    for theirs in recorded:
        assert {frozenset(one) for one in theirs} == {frozenset(one) for one in ours}
        members = {frozenset(target) for one in theirs for target in one["targets"]}
        assert members == {frozenset(target) for one in ours for target in one["targets"]}
        shared = [(one["id"], target["id"]) for one in theirs for target in one["targets"]]
        shared = [pair for pair in shared if pair in order]
        assert shared == [pair for pair in order if pair in shared]


def test_the_state_of_a_target_can_be_told() -> None:
    """What is said of a target replaces what its file says, and nothing else."""
    usual = statuses()
    state = TargetState("Degraded", 3600)
    changed = statuses(states={"ionq.qpu.aria-1": state})
    told = {"currentAvailability": "Degraded", "averageQueueTime": 3600}
    assert changed["ionq.qpu.aria-1"] == usual["ionq.qpu.aria-1"] | told
    assert {**changed, "ionq.qpu.aria-1": usual["ionq.qpu.aria-1"]} == usual


def test_half_of_a_state_can_be_told() -> None:
    """No waiting at all is a queue time, and leaves the availability as it is."""
    states = {"ionq.simulator": TargetState(average_queue_time=0)}
    status = statuses(states=states)["ionq.simulator"]
    assert (status["currentAvailability"], status["averageQueueTime"]) == ("Available", 0)


@pytest.mark.parametrize(
    ("qvm", "cepheus", "expected"),
    [
        ("Available", "Unavailable", "Available"),
        ("Degraded", "Unavailable", "Degraded"),
        ("Unavailable", "Unavailable", "Unavailable"),
    ],
)
def test_a_provider_is_as_available_as_its_best_target(
    qvm: Availability, cepheus: Availability, expected: str
) -> None:
    """Whoever has one working target is there."""
    states = {
        "rigetti.sim.qvm": TargetState(qvm),
        "rigetti.qpu.cepheus-1-108q": TargetState(cepheus),
    }
    assert provider("rigetti", states)["currentAvailability"] == expected


def test_the_server_can_import_it_without_qiskit() -> None:
    """The catalogue costs the server none of the large packages."""
    code = (
        "import sys; from azure_quantum_emulator.targets import catalogue, pricing;"
        "catalogue.all_targets();"
        "print([name for name in ('qiskit', 'qiskit_aer', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def file_with(directory: Path, name: str = "one.json", **changes: object) -> Path:
    """Return the path of a file of one target, changed."""
    content = json.loads((catalogue.PROVIDERS / "local.json").read_text())
    content["targets"] = [{"id": "local.one"} | changes]
    path = directory / name
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "abacus"}, "/targets/0/kind: .*'simulator', .* not 'abacus'"),
        ({"simulator": "guessing"}, "/targets/0/simulator: .* not 'guessing'"),
        ({"numQubits": "many"}, "/targets/0/numQubits: .*integer, not 'many'"),
        ({"qubits": 5}, "/targets/0: qubits: unknown; allowed is .*numQubits"),
        ({"defaultShots": 0}, "/targets/0/defaultShots: .*greater than or equal to 1"),
        ({"defaultShots": 100_001}, "/targets/0: defaultShots is more than maxShots"),
        ({"inputFormats": []}, "/targets/0/inputFormats: .*at least 1 item"),
        ({"inputFormats": [1]}, "/targets/0/inputFormats/0: .*string, not 1"),
        ({"costDimensions": [{"dimensionId": "x"}]}, "costDimensions/0: 'dimensionName' is a req"),
        ({"costDimensions": [{"amount": "y"}]}, "costDimensions/0: 'dimensionId' is a required"),
        ({"pricing": {}}, "/targets/0/pricing: 'currency' is a required member"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """The message names the file and what is wrong in it."""
    with pytest.raises(ValueError, match=f"one.json: .*{message}"):
        ProviderFile.from_file(file_with(tmp_path, **changes))


def test_a_file_without_defaults_is_refused(tmp_path: Path) -> None:
    """The message says which parts a file of a provider has."""
    path = tmp_path / "one.json"
    path.write_text('{"provider": "local", "targets": []}')
    with pytest.raises(ValueError, match=r"one.json: .*provider, defaults, and a list of targets"):
        ProviderFile.from_file(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"noise": "harmony"}, "'harmony', and there is no such device"),
        ({"pairedSimulator": "ionq.simulator"}, "local has no target 'ionq.simulator'"),
    ],
)
def test_names_of_nothing_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], message: str
) -> None:
    """A device or a target that a target refers to has to be there."""
    file_with(tmp_path, **changes)
    monkeypatch.setattr(catalogue, "PROVIDERS", tmp_path)
    with pytest.raises(ValueError, match=message):
        all_targets.__wrapped__()


def test_an_id_is_given_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two targets of the same id are refused, in different files too."""
    file_with(tmp_path)
    file_with(tmp_path, "two.json")
    monkeypatch.setattr(catalogue, "PROVIDERS", tmp_path)
    with pytest.raises(ValueError, match=r"two.json: local.one is there already"):
        all_targets.__wrapped__()
