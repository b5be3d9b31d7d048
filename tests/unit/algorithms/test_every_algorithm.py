"""What every algorithm keeps to with its worked examples; new folders are found by themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from localdev.algorithm_folder import check_folder, folders
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Finish, Inputs
from qjobs.domain.errors import InputRejectedError, PermanentError
from qjobs.domain.estimate import Workload
from qjobs.domain.plan import Plan
from qjobs.methods.evidence import without_times
from tests.unit.algorithms.rehearsing import (
    ALGORITHMS,
    CATALOGUE,
    EXAMPLES,
    NAMES,
    ROOT,
    rehearsed,
    run,
)
from tests.unit.algorithms.schema_inputs import has_pointer
from tools.algorithm_checks.rehearsal import Step

FOLDERS = folders(ROOT)
KINDS = ("local.sim.aer-noisy", "quantinuum.sim.h2-1e", "ionq.qpu.aria-1")
FIRST = {one.algorithm: number for number, one in reversed([*enumerate(EXAMPLES)])}
"""The place of the first example of each algorithm."""

each_example = pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=NAMES)


def inputs_of(number: int, target: str = "local.sim.aer") -> Inputs:
    """Return what the engine passes for the example at a place, at a target."""
    example, facts = EXAMPLES[number], target_facts()[target]
    return Inputs(example.input, example.shots, example.seed, facts)


def resumed(number: int, step: Step, outcomes: Sequence[Counts]) -> Plan | Finish:
    """Return what the algorithm of an example makes of other outcomes of a step."""
    algorithm, state = EXAMPLES[number].algorithm, step.run.plan.state
    return ALGORITHMS.resume(algorithm, inputs_of(number), state, outcomes)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_is_complete_and_says_all(folder: Path) -> None:
    """Its files are there, and clients can be generated from its schemas."""
    assert check_folder(folder) == []


@each_example
def test_an_example_ends_in_a_valid_result(number: int) -> None:
    """Without noise; no step fails or decides otherwise when it is computed again."""
    done = rehearsed(number)

    assert done.failure is None, done.trace or done.failure
    schema = CATALOGUE.describe(EXAMPLES[number].algorithm)["resultSchema"]
    Draft202012Validator(schema).validate(json.loads(json.dumps(done.result, allow_nan=False)))


@pytest.mark.parametrize("number", FIRST.values(), ids=FIRST)
def test_the_same_seed_gives_the_same_result(number: int) -> None:
    """A second run has the same circuits, counts and result; only the time may be another."""
    done, again = rehearsed(number), run(EXAMPLES[number])

    assert [step.run.plan.programs for step in again.steps] == [
        step.run.plan.programs for step in done.steps
    ]
    assert [step.outcomes for step in again.steps] == [step.outcomes for step in done.steps]
    assert without_times(again.result or {}) == without_times(done.result or {})


@pytest.mark.parametrize("number", FIRST.values(), ids=FIRST)
def test_an_example_is_estimated(number: int) -> None:
    """For a fault-tolerant computer; not every program of a caller is read by the estimator."""
    done = rehearsed(number)
    unread = not done.programs or EXAMPLES[number].algorithm == "qir"

    assert (done.fault_tolerant() is None) == unread


@each_example
def test_every_step_keeps_the_limits(number: int) -> None:
    """No circuit is larger, and no job takes or plans more steps, than algorithm.json says."""
    example, done = EXAMPLES[number], rehearsed(number)
    planned = [step.run.plan.progress for step in done.steps]

    assert done.qubits <= example.most_qubits
    assert len(done.steps) <= example.rules.most_steps
    assert all((one.steps or 0) <= example.rules.most_steps for one in planned if one)


@each_example
def test_the_run_is_as_its_estimate(number: int) -> None:
    """Circuits and shots of all steps are within the most; of a single step they are the plan."""
    example, done = EXAMPLES[number], rehearsed(number)
    if not done.steps:
        return
    estimate = Workload.of(done.steps[0].run.plan, example.shots, example.rules.most_steps)
    circuits = sum(len(step.programs) for step in done.steps)
    shots = sum(shots for step in done.steps for _, shots in step.programs)

    assert circuits <= estimate.circuits.at_most
    assert shots <= estimate.total_shots.at_most
    if len(done.steps) == estimate.steps.planned == 1:
        assert circuits == estimate.circuits.planned
        assert shots == estimate.total_shots.planned


@each_example
def test_lost_shots_are_no_fault(number: int) -> None:
    """With a tenth of the shots lost, an algorithm ends or goes on."""
    for step in rehearsed(number).steps[:1]:
        outcomes = [
            Counts({reading: count - count // 10 for reading, count in counts.readings.items()})
            for counts in step.outcomes
        ]

        assert isinstance(resumed(number, step, outcomes), Plan | Finish)


@each_example
def test_without_readings_there_is_no_answer(number: int) -> None:
    """Circuits that returned nothing end the job with a reason, not with a crash."""
    for step in rehearsed(number).steps[:1]:
        with pytest.raises(PermanentError) as ended:
            resumed(number, step, [Counts({}) for _ in step.outcomes])

        assert "failed with" not in ended.value.detail


@pytest.mark.parametrize("target", KINDS)
@each_example
def test_other_targets_run_an_example_or_refuse_it_by_name(number: int, target: str) -> None:
    """What is too large for noise or for a device is refused with the member that is at fault."""
    example = EXAMPLES[number]
    try:
        decision = ALGORITHMS.start(example.algorithm, inputs_of(number, target))
    except InputRejectedError as refused:
        schema = CATALOGUE.describe(example.algorithm)["inputSchema"]
        whole = {"properties": {"input": schema, "shots": {}}, "$defs": schema.get("$defs", {})}
        pointers = [violation.pointer or "" for violation in refused.violations]
        assert pointers
        assert all(has_pointer(whole, pointer) for pointer in pointers), pointers
    else:
        assert isinstance(decision, Plan | Finish)
