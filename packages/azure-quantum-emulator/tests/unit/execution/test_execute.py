from __future__ import annotations

import json
from typing import Any

import pytest

from azure_quantum_emulator.errors import JobError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Task
from azure_quantum_emulator.programs.formats import INPUT_FORMATS
from azure_quantum_emulator.targets.catalogue import all_targets
from emulator_support import qir_text as text
from emulator_support.tasks import completed

V1, V2 = "microsoft.quantum-results.v1", "microsoft.quantum-results.v2"
QIR = "qir.v1"
AER, IONQ = "local.sim.aer", "ionq.simulator"


def hadamards(qubits: int) -> bytes:
    """Return a program whose outcomes are uniform."""
    body = [text.call("h__body", text.qubit(q)) for q in range(qubits)]
    body += [text.measure(q, q) for q in range(qubits)]
    return text.module([*body, *text.register(*range(qubits))], qubits=qubits, results=qubits)


def run(
    source: bytes, target: str = AER, output_format: str = V2, **params: object
) -> dict[str, Any]:
    """Return the output of a job."""
    decoded: dict[str, Any] = json.loads(
        completed(Task(target, source, QIR, params, output_format)).output
    )
    return decoded


def failure(source: bytes, target: str = AER, **params: object) -> JobError:
    """Return why a job fails."""
    error = execute(Task(target, source, QIR, params, V2))
    assert isinstance(error, JobError)
    return error


def test_outcomes_are_in_the_order_of_the_output_records() -> None:
    """The first record is the first bit, whatever the numbers of qubits and results are."""
    body = [text.call("x__body", text.qubit(2)), text.measure(2, 0), text.measure(0, 1)]
    source = text.module([*body, *text.register(1, 0)], qubits=3, results=2)
    assert run(source, shots=2) == {
        "DataFormat": V2,
        "Results": [
            {
                "Histogram": [{"Outcome": [0, 1], "Display": "[0, 1]", "Count": 2}],
                "Shots": [[0, 1], [0, 1]],
            }
        ],
    }


def test_the_first_format_has_frequencies() -> None:
    """`v1` alternates what came out and its share of the shots."""
    body = [text.call("x__body", text.qubit(0)), text.measure(0, 0), text.measure(1, 1)]
    source = text.module(
        [*body, text.record("tuple", 2), text.record_result(0), text.record_result(1)],
        qubits=2,
        results=2,
    )
    assert run(source, output_format=V1, shots=3) == {"Histogram": ["(1, 0)", 1.0]}


def test_counts_add_up_to_the_shots_listed() -> None:
    """The histogram of a sampled job counts exactly its list of shots."""
    (item,) = run(hadamards(3), shots=200, seed=1)["Results"]
    counts = {entry["Display"]: entry["Count"] for entry in item["Histogram"]}
    listed = [str(shot) for shot in item["Shots"]]
    assert len(listed) == 200
    assert counts == {outcome: listed.count(outcome) for outcome in set(listed)}


def test_sampling_is_fair() -> None:
    """A fair coin is within five standard deviations of half: for all seeds but one in 10^6."""
    (item,) = run(hadamards(1), shots=10_000, seed=7)["Results"]
    heads = sum(shot[0] for shot in item["Shots"])
    assert abs(heads - 5_000) < 5 * 50


def test_a_seed_fixes_the_shots() -> None:
    """The same seed gives the same shots, another one gives others."""
    first, again, other = (run(hadamards(4), shots=100, seed=seed) for seed in (5, 5, 6))
    assert first == again != other


def test_a_qubit_can_be_measured_reset_and_used_again() -> None:
    """Sampling follows a program through measurements in its middle."""
    body = [text.call("x__body", text.qubit(0))]
    body += [text.call("mresetz__body", text.qubit(0), text.result(0)), text.measure(0, 1)]
    (item,) = run(text.module([*body, *text.register(0, 1)], qubits=1, results=2))["Results"]
    assert item["Histogram"] == [{"Outcome": [1, 0], "Display": "[1, 0]", "Count": 500}]


def test_every_item_of_a_job_is_run() -> None:
    """A job with two items has two results, which are independent of each other."""
    items = [{"entryPoint": "ENTRYPOINT__main", "arguments": []}] * 2
    first, second = run(hadamards(4), shots=100, seed=5, items=items)["Results"]
    assert first != second


def test_the_rounding_simulator_gives_whole_shares() -> None:
    """Half of an even number of shots is given exactly."""
    bell = [text.call("h__body", text.qubit(0)), text.call("cx__body", *map(text.qubit, (0, 1)))]
    bell += [text.measure(0, 0), text.measure(1, 1), *text.register(1, 0)]
    (item,) = run(text.module(bell, qubits=2, results=2), IONQ, shots=100)["Results"]
    assert [(e["Display"], e["Count"]) for e in item["Histogram"]] == [
        ("[0, 0]", 50),
        ("[1, 1]", 50),
    ]


def test_the_rounding_simulator_drops_what_is_less_than_a_shot() -> None:
    """Of 1000 shots over 32 equal outcomes each gets 31 and eight are lost."""
    (item,) = run(hadamards(5), IONQ, shots=1000)["Results"]
    assert [entry["Count"] for entry in item["Histogram"]] == [31] * 32
    assert len(item["Shots"]) == 992


def test_the_rounding_simulator_rounds_over_all_qubits_used() -> None:
    """A qubit that is not measured splits the shares all the same, and the shots are in order."""
    body = [text.call("h__body", text.qubit(0)), text.call("h__body", text.qubit(1))]
    source = text.module([*body, text.measure(0, 0), *text.register(0)], qubits=9, results=1)
    (item,) = run(source, IONQ, shots=10)["Results"]
    assert item["Shots"] == [[0], [0], [1], [1], [0], [0], [1], [1]]


def test_the_rounding_simulator_measures_at_the_end_only() -> None:
    """A qubit cannot be used after its measurement where nothing is sampled."""
    body = [text.measure(0, 0), text.call("x__body", text.qubit(0)), *text.register(0)]
    error = failure(text.module(body, qubits=1, results=1), IONQ)
    assert error.code == "QIRPreProcessingFailed"
    body = [text.call("x__body", text.qubit(0)), text.call("reset__body", text.qubit(0))]
    error = failure(text.module([*body, *text.register()], qubits=1, results=0), IONQ)
    assert "does not reset" in error.message


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"shots": 0}, "InvalidInputData"),
        ({"shots": 100_001}, "InvalidInputData"),
        ({"shots": "10"}, "InvalidInputData"),
        ({"shots": True}, "InvalidInputData"),
        ({"seed": 1.5}, "InvalidInputData"),
        ({"noise": "aria-1"}, "InvalidInputData"),
        ({"noise": {"model": "nope"}}, "InvalidInputData"),
        ({"noise": {"model": "ideal", "seed": "1"}}, "InvalidInputData"),
        ({"simulator": "nope"}, "InvalidInputData"),
        ({"items": []}, "InvalidInputData"),
        ({"items": ["ENTRYPOINT__main"]}, "InvalidInputData"),
        ({"entryPoint": "ENTRYPOINT__main", "arguments": [1]}, "InvalidInputData"),
        ({"entryPoint": "other"}, "QIRPreProcessingFailed"),
    ],
)
def test_wrong_parameters_fail_the_job(params: dict[str, Any], code: str) -> None:
    """A parameter that the target cannot follow is never ignored."""
    assert failure(hadamards(1), **params).code == code


@pytest.mark.parametrize("target", [AER, IONQ])
def test_a_program_may_use_as_many_qubits_as_the_target_has(target: str) -> None:
    """29 qubits run, 30 do not; idle ones cost nothing."""
    body = [text.measure(28, 0), *text.register(0)]
    assert run(text.module(body, qubits=29, results=1), target, shots=1)
    error = failure(text.module(body, qubits=30, results=1), target)
    assert error == JobError("InvalidInputData", f"The program needs 30 qubits; {target} has 29.")


def test_older_clients_call_shots_count() -> None:
    """`count` is the number of shots if `shots` is not given."""
    (item,) = run(hadamards(1), count=3)["Results"]
    assert len(item["Shots"]) == 3


def test_only_qubits_that_are_used_are_simulated() -> None:
    """Fifty qubits with gates between five of them are five."""
    body = [text.call("t__body", text.qubit(q)) for q in range(45, 50)]
    body += [text.call("h__body", text.qubit(q)) for q in range(45, 50)]
    body += [text.measure(q, q) for q in range(45, 50)]
    source = text.module([*body, *text.register(45, 49)], qubits=50, results=50)
    assert len(run(source, "quantinuum.sim.h2-1e", shots=10)["Results"][0]["Shots"]) == 10


def test_many_qubits_run_if_their_state_is_simple() -> None:
    """Fifty qubits run where all gates are Clifford gates."""
    body = [text.call("h__body", text.qubit(0))]
    body += [text.call("cx__body", text.qubit(0), text.qubit(q)) for q in range(1, 50)]
    body += [text.measure(q, q) for q in range(50)]
    source = text.module([*body, *text.register(*range(50))], qubits=50, results=50)
    params: dict[str, Any] = {"shots": 20, "error-model": False}
    (item,) = run(source, "quantinuum.sim.h2-1e", **params)["Results"]
    assert {tuple(shot) for shot in item["Shots"]} <= {(0,) * 50, (1,) * 50}


def test_exact_results_have_a_limit() -> None:
    """A state vector that does not fit fails the job at once, and says so."""
    error = failure(hadamards(27), IONQ)
    assert error.code == "SimulationFailed"
    assert "27 qubits" in error.message


def test_an_adaptive_program_runs_where_shots_are_sampled() -> None:
    """A program with a branch runs on a sampling target and not on one that rounds."""
    body = [text.call("x__body", text.qubit(0)), text.measure(0, 0), text.read("bit", 0)]
    body += ["br i1 %bit, label %a, label %b", "a:", text.call("x__body", text.qubit(1))]
    body += ["br label %b", "b:", text.measure(1, 1), *text.register(0, 1)]
    source = text.module(body, qubits=2, results=2)
    assert run(source, shots=3)["Results"][0]["Shots"] == [[1, 1]] * 3
    assert run(source, "quantinuum.sim.h2-1sc", shots=1)["Results"][0]["Shots"] == [[0, 0]]
    assert "depends on its own measurements" in failure(source, IONQ).message


def test_two_entry_points_are_two_results() -> None:
    """Items may name different functions of one module."""
    first = text.module([*flipped(0), *text.register(0)], qubits=1, results=1)
    second = first[first.index(b"define") : first.index(b"declare")].replace(b"main", b"other")
    second = second.replace(b"x__body", b"z__body")
    source = first.replace(
        b"define", second + b"declare void @__quantum__qis__z__body(%Qubit*)\ndefine", 1
    )
    items = [{"entryPoint": f"ENTRYPOINT__{name}"} for name in ("main", "other")]
    outcomes = [item["Shots"] for item in run(source, shots=1, items=items)["Results"]]
    assert outcomes == [[[1]], [[0]]]


def flipped(qubit: int) -> list[str]:
    """Return the instructions that flip and measure a qubit."""
    return [text.call("x__body", text.qubit(qubit)), text.measure(qubit, qubit)]


def test_usage_counts_the_program_as_submitted() -> None:
    """Gates of all items count, a Toffoli gate as six; preparation is a measurement."""
    body = [text.call("h__body", text.qubit(0)), *flipped(0)]
    body += [text.call("ccx__body", *map(text.qubit, (0, 1, 2)))]
    source = text.module([*body, *text.register(0)], qubits=3, results=1)
    items = [{"entryPoint": "ENTRYPOINT__main"}] * 2
    usage = completed(Task(AER, source, QIR, {"shots": 7, "items": items}, V2)).usage
    assert (usage.shots, usage.one_qubit_gates, usage.two_qubit_gates) == (7, 4, 12)
    assert usage.measurements == 2 * (1 + 3)
    assert usage.seconds > 0


ECHO = "echo-quantinuum"


def test_an_echo_target_gives_the_program_back() -> None:
    """The output of Microsoft's test target is its input."""
    done = completed(Task(ECHO, hadamards(1), QIR, {"shots": 3}, "honeywell.qir.v1"))
    assert done.output == hadamards(1)
    assert done.usage.shots == 3


@pytest.mark.parametrize(
    ("target", "output_format"),
    [(ECHO, "invalid_output_format"), ("quantinuum.sim.h2-1sc", "honeywell.quantum-results.v1")],
)
def test_an_output_that_cannot_be_translated_fails_the_job(target: str, output_format: str) -> None:
    """The message is that of the service, with the provider in lower case."""
    error = execute(Task(target, hadamards(1), QIR, {}, output_format))
    provider = {"echo-quantinuum": "microsoft.test.firstparty"}.get(target, "quantinuum")
    assert error == JobError(
        "CannotTranslateOutputData",
        f"The output returned by '{provider}' cannot be translated as specified by "
        "'outputDataFormat'. Please ensure that 'outputDataFormat' is correct.",
    )


def test_a_target_takes_its_own_input_formats_only() -> None:
    """A format that another provider takes fails the job."""
    error = execute(Task(AER, b"H 0", "rigetti.quil.v1", {}, V2))
    assert isinstance(error, JobError)
    assert "takes no programs in the format rigetti.quil.v1" in error.message


def test_every_input_format_of_every_target_is_there() -> None:
    """The lists of formats of the targets name none that is not read here."""
    named = {
        name
        for target in all_targets().values()
        if target.simulator != "echo"
        for name in target.input_formats
    }
    assert named <= set(INPUT_FORMATS)
