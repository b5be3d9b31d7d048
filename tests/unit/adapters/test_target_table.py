from __future__ import annotations

import pickle
from datetime import date

import pytest

from azure_quantum_emulator.targets.catalogue import Target as Emulated
from azure_quantum_emulator.targets.catalogue import all_targets
from qjobs.adapters.target_table import target_facts
from qjobs.domain.target import mode_of
from qjobs.domain.target_facts import Amount, Kind, TargetFacts
from tests.fakes import target

LISTED = {one.id: one for one in all_targets().values() if one.listed}
AMOUNTS = {
    "one-qubit-gate-shots": Amount.ONE_QUBIT_GATE_SHOTS,
    "two-qubit-gate-shots": Amount.TWO_QUBIT_GATE_SHOTS,
    "hqc": Amount.QUANTUM_CREDITS,
    "centiseconds": Amount.CENTISECONDS,
    "hours": Amount.HOURS,
}
FACTS = [pytest.param(facts, id=name) for name, facts in target_facts().items()]


def kind(emulated: Emulated) -> Kind:
    """Return the kind of a target of the emulator."""
    kinds = {"qpu": Kind.HARDWARE, "syntax-checker": Kind.SYNTAX_CHECKER}
    simulator = Kind.NOISY_SIMULATOR if emulated.noise else Kind.SIMULATOR
    return kinds.get(emulated.kind, simulator)


def test_the_table_has_the_targets_that_a_workspace_lists() -> None:
    """Every target that the emulator lists is in the table, and no other."""
    assert target_facts().keys() == LISTED.keys()


@pytest.mark.parametrize("name", LISTED)
def test_facts_are_those_of_the_emulator(name: str) -> None:
    """The engine plans with what the emulator then does."""
    facts, emulated = target_facts()[name], LISTED[name]

    assert facts.kind is kind(emulated)
    assert facts.qubits == emulated.num_qubits
    assert facts.largest_shots == emulated.max_shots
    assert facts.samples is (emulated.simulator == "sampling")
    assert facts.noisy is (facts.kind is Kind.HARDWARE or emulated.noise is not None)
    assert facts.profile == emulated.target_profile
    assert facts.formats == tuple(emulated.input_formats)


@pytest.mark.parametrize("name", LISTED)
def test_prices_are_those_of_the_emulator(name: str) -> None:
    """What the engine says a program costs is what the emulator bills for."""
    price, emulated = target_facts()[name].price, LISTED[name]
    items = {
        AMOUNTS[one.amount]: one.unit_price
        for one in emulated.cost_dimensions
        if one.amount != "none"
    }

    assert price is not None
    assert {item.amount: item.unit_price for item in price.items} == items
    assert price.currency == emulated.pricing.currency
    assert price.minimum == emulated.pricing.minimum
    assert price.minimum_unmitigated == emulated.pricing.minimum_unmitigated
    assert price.native_gates is (bool(items) and emulated.counted_gates == "native")


@pytest.mark.parametrize("name", LISTED)
def test_a_noise_model_is_simulated_by_a_target_of_the_table(name: str) -> None:
    """The noise of a device comes from a simulator of its own provider that can hold its qubits."""
    model = target_facts()[name].noise_model
    if model is None:
        return
    simulator = target_facts()[model.simulator]

    assert target_facts()[name].kind is Kind.HARDWARE
    assert simulator.kind in {Kind.SIMULATOR, Kind.NOISY_SIMULATOR}
    assert (simulator.kind is Kind.SIMULATOR) is bool(model.options)
    assert model.simulator.partition(".")[0] == name.partition(".")[0]


@pytest.mark.parametrize("facts", FACTS)
def test_facts_have_a_source_and_a_date(facts: TargetFacts) -> None:
    """Everyone can look up what the engine believes, and see how old it is."""
    assert facts.source
    assert date.fromisoformat(facts.date) <= date.today()  # noqa: DTZ011 - a day, anywhere
    assert facts.price is not None
    assert facts.price.source
    assert date.fromisoformat(facts.price.date) <= date.today()  # noqa: DTZ011 - likewise


@pytest.mark.parametrize("facts", FACTS)
def test_facts_can_be_sent_to_another_process(facts: TargetFacts) -> None:
    """Algorithms run in a process of their own."""
    assert pickle.loads(pickle.dumps(facts)) == facts


def test_kinds_agree_with_names_but_for_noise() -> None:
    """The name of a target and the table say the same, but for our own noisy simulator."""
    differing = {name for name in target_facts() if target(name).mode is not mode_of(name)}

    assert differing == {"local.sim.aer-noisy"}
