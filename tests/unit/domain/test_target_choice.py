from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjobs.adapters.target_table import target_facts
from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.price import Cost, cost_of
from qjobs.domain.target import Mode, Target, TargetRequest
from qjobs.domain.target_choice import (
    Needs,
    TargetChoice,
    check_request,
    choice_document,
    choose_target,
    misfit,
    stored_choice,
)
from qjobs.domain.target_facts import Profile, TargetFacts
from tests.fakes import BELL, START, target


def device(name: str, *, queue: int, qubits: int | None, available: bool = True) -> Target:
    """Return a device."""
    return Target(f"x.qpu.{name}", "x", available, queue, qubits, as_of=START)


DEVICES = [
    device("small", queue=10, qubits=5),
    device("down", queue=0, qubits=50, available=False),
    device("busy", queue=900, qubits=50),
    device("calm", queue=60, qubits=50),
]


@pytest.mark.parametrize(("qubits", "chosen"), [(5, "small"), (6, "calm"), (50, "calm")])
def test_hardware_is_the_least_busy_device_that_fits(qubits: int, chosen: str) -> None:
    """Of the available devices with enough qubits, the one with the shortest queue is taken."""
    choice = choose_target(TargetRequest(mode=Mode.HARDWARE), DEVICES, Needs(qubits))

    assert choice.id == f"x.qpu.{chosen}"
    assert choice.mode is Mode.HARDWARE
    assert choice.as_of == START


def test_no_device_fits_is_an_error_that_says_so() -> None:
    """A job too large for every device is refused with the numbers of qubits."""
    with pytest.raises(NoSuitableTargetError, match=r"has 5 qubits; the job needs 51\."):
        choose_target(TargetRequest(mode=Mode.HARDWARE), DEVICES, Needs(51))


def test_a_named_target_is_taken_even_if_it_is_down() -> None:
    """A caller that names a target gets its queue."""
    assert choose_target(TargetRequest(id="x.qpu.down"), DEVICES, Needs(50)).id == "x.qpu.down"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x.qpu.small", "has 5"),
        ("x.qpu.none", "GET /targets lists"),
    ],
)
def test_a_named_target_must_be_there_and_fit(name: str, reason: str) -> None:
    """A named target that cannot take the job is refused with the reason."""
    with pytest.raises(NoSuitableTargetError, match=reason):
        choose_target(TargetRequest(id=name), DEVICES, Needs(6))


def test_a_target_of_which_nothing_is_known_may_fit() -> None:
    """What a workspace and the table do not tell rules a target out for nothing."""
    unknown = device("unknown", queue=1, qubits=None)
    needs = Needs(1000, "other.v1", Profile.ADAPTIVE_RIF, sampling=True)

    assert choose_target(TargetRequest(mode=Mode.HARDWARE), [unknown], needs).id == unknown.id


@pytest.mark.parametrize(
    ("name", "needs", "reason"),
    [
        ("ionq.qpu.aria-1", Needs(25), None),
        ("ionq.qpu.aria-1", Needs(26), "has 25 qubits; the job needs 26"),
        ("pasqal.qpu.fresnel", Needs(2), "it takes pasqal.pulser.v1"),
        ("rigetti.sim.qvm", Needs(2, profile=Profile.ADAPTIVE_RI), "the profile Base"),
        ("quantinuum.qpu.h2-1", Needs(2, profile=Profile.ADAPTIVE_RI), None),
        ("quantinuum.qpu.h2-1", Needs(2, profile=Profile.ADAPTIVE_RIF), "needs Adaptive_RIF"),
        ("quantinuum.qpu.helios-1", Needs(2, profile=Profile.ADAPTIVE_RIF), None),
        ("ionq.simulator", Needs(2), None),
        ("ionq.simulator", Needs(2, sampling=True), "does not sample"),
        ("quantinuum.sim.h2-1sc", Needs(2, sampling=True), "does not sample"),
        ("quantinuum.sim.h2-1e", Needs(2, sampling=True), None),
    ],
)
def test_a_misfit_has_its_reason(name: str, needs: Needs, reason: str | None) -> None:
    """Whether a target can run a step follows from its facts and the needs of the step."""
    found = misfit(target(name), needs)

    assert found is None if reason is None else found is not None and reason in found


EMULATED = ("quantinuum.qpu.h2-1", "quantinuum.sim.h2-1e")
IONQ = ("ionq.qpu.aria-1", "ionq.qpu.forte-1", "ionq.simulator")


def workspace(*names: str, **queues: int) -> list[Target]:
    """Return the targets of a workspace; some wait as long as is said of a part of their id."""
    return [
        target(
            name,
            queue=next((wait for part, wait in queues.items() if part in name), 100),
        )
        for name in names
    ]


def chosen(mode: Mode, targets: list[Target], needs: Needs | None = None) -> TargetChoice:
    """Return the choice of a mode, for two qubits if nothing else is said."""
    return choose_target(TargetRequest(mode=mode), targets, needs or Needs(2))


def down(name: str) -> Target:
    """Return a target that is not available."""
    return target(name, available=False)


@pytest.mark.parametrize(
    ("targets", "names"),
    [
        pytest.param(workspace(*EMULATED, *IONQ, h2=10), ("quantinuum.sim.h2-1e", EMULATED[0], {})),
        pytest.param(
            workspace(*EMULATED, *IONQ, aria=10),
            ("ionq.simulator", "ionq.qpu.aria-1", {"noise": {"model": "aria-1"}}),
        ),
        pytest.param(
            workspace(*IONQ, forte=10),
            ("ionq.simulator", "ionq.qpu.forte-1", {"noise": {"model": "forte-1"}}),
        ),
        pytest.param(
            workspace("rigetti.qpu.cepheus-1-108q", "rigetti.sim.qvm", *EMULATED, rigetti=1),
            ("quantinuum.sim.h2-1e", EMULATED[0], {}),
            id="the noise of the least busy device is not simulated anywhere",
        ),
        pytest.param(
            [*workspace(*EMULATED, aria=10), target("ionq.qpu.aria-1"), down("ionq.simulator")],
            ("quantinuum.sim.h2-1e", EMULATED[0], {}),
            id="the simulator of the least busy device is down",
        ),
        pytest.param(
            [
                down("quantinuum.qpu.h2-1"),
                target("quantinuum.sim.h2-1e"),
                *workspace(*IONQ, aria=1),
            ],
            ("ionq.simulator", "ionq.qpu.aria-1", {"noise": {"model": "aria-1"}}),
            id="a device is down",
        ),
    ],
)
def test_noise_is_that_of_the_least_busy_device(
    targets: list[Target], names: tuple[str, str, dict[str, object]]
) -> None:
    """A noisy simulation has the noise of the device that would be chosen, if it is simulated."""
    choice = chosen(Mode.NOISY_SIMULATOR, targets)

    assert (choice.id, choice.device, choice.options) == names
    assert choice.mode is Mode.NOISY_SIMULATOR
    assert names[1] in choice.reason
    assert choice.facts is not None
    assert choice.facts.noisy
    assert choice.facts.samples


def test_a_simulated_device_follows_the_queues() -> None:
    """When another device becomes the least busy one, its noise is what is simulated."""
    devices = [
        chosen(Mode.NOISY_SIMULATOR, workspace(*IONQ, aria=wait, forte=50)).device
        for wait in (10, 60)
    ]

    assert devices == ["ionq.qpu.aria-1", "ionq.qpu.forte-1"]


def test_a_device_that_cannot_run_the_job_is_not_simulated() -> None:
    """Its simulator may be larger: the noise of a device without the qubits means nothing."""
    choice = chosen(Mode.NOISY_SIMULATOR, workspace(*IONQ, aria=1), Needs(26))

    assert choice.device == "ionq.qpu.forte-1"


@pytest.mark.parametrize("others", [[], [down("ionq.qpu.aria-1"), target("ionq.simulator")]])
def test_noise_without_devices_is_a_simulators_own(others: list[Target]) -> None:
    """A workspace in which no device is simulated has its own noisy simulator, and says so."""
    choice = chosen(Mode.NOISY_SIMULATOR, [target("local.sim.aer-noisy"), *others])

    assert (choice.id, choice.device, choice.options) == ("local.sim.aer-noisy", None, {})
    assert "No device" in choice.reason


def test_the_device_of_an_emulator_is_named() -> None:
    """Who names an emulator is told whose noise it has."""
    named = choose_target(TargetRequest(id=EMULATED[1]), workspace(*EMULATED), Needs(2))

    assert named.device == EMULATED[0]
    assert choose_target(TargetRequest(id=IONQ[2]), workspace(*IONQ), Needs(2)).device is None


@pytest.mark.parametrize(
    ("targets", "first"),
    [
        (["quantinuum.qpu.h2-1", "ionq.qpu.forte-1", "ionq.qpu.aria-1"], "ionq.qpu.aria-1"),
        (["ionq.qpu.forte-enterprise-1", "ionq.qpu.forte-1"], "ionq.qpu.forte-1"),
        (["rigetti.qpu.cepheus-1-108q", "ionq.qpu.aria-1"], "ionq.qpu.aria-1"),
    ],
)
def test_equal_waits_go_to_the_cheaper_and_then_the_first_by_id(
    targets: list[str], first: str
) -> None:
    """Of targets with equal waits the cheapest comes first; one without a known cost last."""

    def cost_at(facts: TargetFacts) -> Cost | None:
        return cost_of(facts, [(BELL, 1000)])

    for order in (targets, targets[::-1]):
        request = TargetRequest(mode=Mode.HARDWARE)
        choice = choose_target(request, [target(one) for one in order], Needs(2), cost_at)

        assert choice.id == first
        assert f"of {len(targets)} with it" in choice.reason


def test_a_shorter_wait_counts_more_than_a_lower_price() -> None:
    """Cost decides between equal waits alone."""
    targets = [target("local.sim.aer", queue=1), target("pasqal.sim.emu-sv"), target("a.sim.x")]

    assert chosen(Mode.SIMULATOR, targets).id == "a.sim.x"


@pytest.mark.parametrize(
    ("mode", "targets", "words"),
    [
        (Mode.HARDWARE, [], "The workspace has no Hardware."),
        (Mode.HARDWARE, [down("ionq.qpu.aria-1")], "ionq.qpu.aria-1 is not available."),
        (Mode.NOISY_SIMULATOR, [target("ionq.qpu.aria-1")], "The workspace has no NoisySimulator."),
        (Mode.SIMULATOR, [target("ionq.simulator")], "ionq.simulator does not sample"),
    ],
)
def test_a_refusal_has_its_reason(mode: Mode, targets: list[Target], words: str) -> None:
    """Who asks for a mode learns what is in the way of each of its targets."""
    with pytest.raises(NoSuitableTargetError) as refused:
        chosen(mode, targets, Needs(2, sampling=True))

    assert words in refused.value.detail


def test_a_simulator_that_rounds_is_passed_over_for_an_algorithm_that_needs_samples() -> None:
    """Of two simulators the one that samples is taken, though the other is less busy."""
    targets = [target("ionq.simulator"), target("rigetti.sim.qvm", queue=60)]

    assert chosen(Mode.SIMULATOR, targets).id == "ionq.simulator"
    assert chosen(Mode.SIMULATOR, targets, Needs(2, sampling=True)).id == "rigetti.sim.qvm"


def test_what_is_down_now_is_no_reason_to_refuse_a_submission() -> None:
    """A job can wait for its target, but not for one that never can run it."""
    request = TargetRequest(mode=Mode.HARDWARE)
    check_request(request, [down("ionq.qpu.aria-1")], Needs())

    with pytest.raises(NoSuitableTargetError, match=r"it takes pasqal\.pulser\.v1"):
        check_request(request, [target("pasqal.qpu.fresnel")], Needs())


@pytest.mark.parametrize("name", ["ionq.qpu.aria-1", "ionq.simulator", "new.qpu.x"])
def test_a_choice_survives_its_storage(name: str) -> None:
    """A choice is the same after it went through JSON, with facts or without."""
    choice = choose_target(TargetRequest(id=name), [target(name)], Needs(2))

    assert stored_choice(json.loads(json.dumps(choice_document(choice)))) == choice


def test_a_choice_stored_before_it_had_facts_can_be_read() -> None:
    """A step that an earlier version stored is gone on with."""
    earlier = {
        "id": "a.sim",
        "provider": "a",
        "mode": "Simulator",
        "reason": "",
        "queue_seconds": 3,
    }

    assert stored_choice(earlier) == TargetChoice("a.sim", "a", Mode.SIMULATOR, "", 3)


STATES = st.lists(
    st.tuples(
        st.sampled_from(sorted(target_facts())), st.integers(0, 3), st.booleans(), st.booleans()
    ),
    unique_by=lambda state: state[0],
    min_size=1,
)
"""Targets of a workspace: id, expected wait, whether it is available, whether it is known."""


def reported(name: str, wait: int, *, available: bool, known: bool) -> Target:
    """Return a target of a state."""
    described = target(name, queue=wait, available=available)
    return described if known else replace(described, facts=None, qubits=None)


@given(
    STATES,
    st.sampled_from(list(Mode)),
    st.integers(0, 60),
    st.sampled_from(list(Profile)),
    st.booleans(),
)
def test_no_target_is_better_than_the_chosen_one(
    states: list[tuple[str, int, bool, bool]],
    mode: Mode,
    qubits: int,
    profile: Profile,
    sampling: bool,
) -> None:
    """In any workspace: it can run the job, it is available, and no other such waits less."""
    targets = [
        reported(name, wait, available=available, known=known)
        for name, wait, available, known in states
    ]
    needs = Needs(qubits, profile=profile, sampling=sampling)
    fitting = [one for one in targets if one.available and misfit(one, needs) is None]
    best = [one for one in fitting if one.mode is mode]
    if mode is Mode.NOISY_SIMULATOR:
        devices = [one for one in fitting if one.mode is Mode.HARDWARE]
        best = [one for one in devices if simulated(one, targets, needs)] or best
    try:
        choice = choose_target(TargetRequest(mode=mode), targets, needs)
    except NoSuitableTargetError:
        assert best == []
        return

    assert choice.mode is mode
    assert choice.facts is None or choice.facts.samples or not sampling
    assert next(one for one in targets if one.id == choice.id).available
    shortest = {one.id for one in best if one.queue_seconds == min(o.queue_seconds for o in best)}
    assert {choice.id, choice.device} & shortest


def simulated(device: Target, targets: list[Target], needs: Needs) -> bool:
    """Return whether the noise of a device is simulated by a target that can run the job."""
    model = device.facts.noise_model if device.facts else None
    exact = replace(needs, sampling=False)  # with noise, every simulator samples
    return model is not None and any(
        one.id == model.simulator and one.available and misfit(one, exact) is None
        for one in targets
    )
