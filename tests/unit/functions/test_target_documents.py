from __future__ import annotations

import pytest

from functions.target_documents import choice_document, target_document
from qjobs.adapters.target_table import target_facts
from qjobs.domain.price_formula import formula
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import Needs, choose_target
from tests.fakes import DEVICE, target
from tests.openapi import check_schema

ASKED = TargetRequest(mode=Mode.NOISY_SIMULATOR)


@pytest.mark.parametrize("name", [*target_facts(), "new.qpu.x", "microsoft.estimator"])
def test_every_target_is_as_the_contract_says(name: str) -> None:
    """Those of the table, and those that it does not know."""
    check_schema("Target", target_document(target(name)))


def test_a_target_says_what_it_costs_and_how_old_that_is() -> None:
    """Kind, shots and price come with their sources' date, the queue with the workspace's time."""
    document = target_document(DEVICE)

    assert document["kind"] == "Hardware"
    assert document["largestShots"] == 10_000
    assert document["asOf"] == "2026-01-02T03:04:05.678901Z"
    assert document["price"]["asOf"] == "2026-08-21"
    assert document["price"]["currency"] == "USD"


def test_of_an_unknown_target_nothing_is_made_up() -> None:
    """What its name says is all there is."""
    document = target_document(target("new.qpu.x"))

    assert (document["kind"], document["largestShots"], document["price"]) == (
        "Hardware",
        None,
        None,
    )


def test_a_job_says_whose_noise_it_has() -> None:
    """From the choice on; before there is one it says what was asked for."""
    workspace = [DEVICE, target("ionq.simulator")]
    choice = choose_target(ASKED, workspace, Needs(2))

    before, after = choice_document(None, ASKED), choice_document(choice, ASKED)

    check_schema("JobTarget", before)
    check_schema("JobTarget", after)
    assert (before["id"], before["mode"], before["device"]) == (None, "NoisySimulator", None)
    assert (after["id"], after["device"]) == ("ionq.simulator", "ionq.qpu.aria-1")
    assert after["asOf"] == "2026-01-02T03:04:05.678901Z"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "ionq.qpu.aria-1",
            (
                "0.00022 USD for each one-qubit gate and shot, 0.000975 USD for each two-qubit "
                "gate and shot; at least 97.5 USD a program, 12.4166 without error mitigation."
            ),
        ),
        ("ionq.simulator", "Free of charge."),
        ("quantinuum.sim.h2-1e", "Free of charge."),
        ("rigetti.qpu.cepheus-1-108q", "0.02 USD for each begun 10 ms of execution."),
        ("pasqal.qpu.fresnel", "3000 EUR for each hour of execution."),
    ],
)
def test_a_price_is_told_in_a_sentence(name: str, sentence: str) -> None:
    """The formula of the provider, with its numbers."""
    price = target_facts()[name].price

    assert price is not None
    assert formula(price) == sentence
