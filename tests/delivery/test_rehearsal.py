"""An example of an algorithm, run as the engine would run it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from qdk import TargetProfile
from qdk.openqasm import compile  # noqa: A004 - its name

from qjobs.adapters.algorithm_pool import AlgorithmPool
from qjobs.adapters.file_catalogue import FileCatalogue
from qjobs.domain.algorithm import Counts, Finish, Inputs, JSONObject, Program
from qjobs.domain.plan import Plan
from tests.delivery.rehearsals import ALGORITHMS, example, rehearsed
from tools.algorithm_checks import __main__ as algorithm_checks
from tools.algorithm_checks.__main__ import main
from tools.algorithm_checks.example import Example, examples
from tools.algorithm_checks.simulator import NOISELESS, NOISY


@pytest.fixture(scope="module")
def algorithms() -> Iterator[AlgorithmPool]:
    """Return the algorithms of the repository, as they are executed in production."""
    with closing(AlgorithmPool(ALGORITHMS)) as pool:
        yield pool


@dataclass
class Wavering:
    """Algorithms that decide otherwise whenever they are asked again."""

    method: str
    real: AlgorithmPool
    asked: int = 0

    async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
        """Return the first step."""
        return self._wavered("start", await self.real.start(algorithm, inputs))

    async def resume(
        self, algorithm: str, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Plan | Finish:
        """Return the next step."""
        return self._wavered("resume", await self.real.resume(algorithm, inputs, state, outcomes))

    def _wavered(self, method: str, step: Plan | Finish) -> Plan | Finish:
        self.asked += 1
        if method != self.method:
            return step
        if isinstance(step, Plan):
            return replace(step, state={**step.state, "asked": self.asked})
        return replace(step, result={**step.result, "asked": self.asked})


@pytest.mark.parametrize("method", ["start", "resume"])
async def test_a_step_that_is_another_the_second_time_fails(
    algorithms: AlgorithmPool, method: str
) -> None:
    """What depends on more than input, seed, state and counts would be wrong after a crash."""
    done = await rehearsed(example(), Wavering(method, algorithms))

    assert done.failure is not None
    assert done.failure.startswith("ghz decides otherwise when the same step is computed again")


async def test_too_many_qubits_fail(tmp_path: Path) -> None:
    """An algorithm that needs more qubits than it says is found."""
    folder = tmp_path / "algorithms"
    shutil.copytree(ALGORITHMS / "ghz", folder / "ghz")
    file = folder / "ghz" / "algorithm.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**manifest, "limits": {"qubits": 4, "steps": 1}}), encoding="utf-8")

    with closing(AlgorithmPool(folder)) as algorithms:
        rehearsal = await rehearsed(example(), algorithms)

    assert rehearsal.failure is not None
    assert "has 5 qubits; limits.qubits of algorithm.json is 4." in rehearsal.failure
    assert rehearsal.result is None


async def test_a_result_that_breaks_its_schema_fails(tmp_path: Path) -> None:
    """What the engine would refuse in production is refused here."""
    folder = tmp_path / "algorithms"
    shutil.copytree(ALGORITHMS / "ghz", folder / "ghz")
    file = folder / "ghz" / "result.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["properties"]["qubits"] = {"type": "string", "description": "Not what it is."}
    file.write_text(json.dumps(schema), encoding="utf-8")

    with closing(AlgorithmPool(folder)) as algorithms:
        rehearsal = await rehearsed(example(), algorithms)

    assert rehearsal.failure is not None
    assert "/qubits" in rehearsal.failure


async def test_a_program_that_the_simulator_refuses_fails(algorithms: AlgorithmPool) -> None:
    """The reason is the provider's."""

    @dataclass
    class Broken(Wavering):
        async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
            return Plan((Program("qir.v1", "no program", qubits=1),), {})

    done = await rehearsed(example(), Broken("start", algorithms))

    assert done.failure is not None
    assert done.failure.startswith("QIRPreProcessingFailed: ")


async def test_sizes_are_counted_over_all_circuits(algorithms: AlgorithmPool) -> None:
    """Gates are added up, measurements are none, and those on several qubits are told apart."""
    rehearsal = await rehearsed(example(), algorithms)

    assert (rehearsal.qubits, rehearsal.gates) == (5, {"h": 1, "cx": 4})
    assert rehearsal.entangling_gates == 4


LOOP = '''"""A loop of steps of one circuit."""

from __future__ import annotations

from qiskit import QuantumCircuit

from qjobs.domain.algorithm import Execute, Finish


class Loop:
    def start(self, inputs):
        return self.resume(inputs, {"steps": 0}, [])

    def resume(self, inputs, state, outcomes):
        if state["steps"] == 3:
            return Finish({"qubits": sum(one.total for one in outcomes)})
        circuit = QuantumCircuit(1)
        circuit.h(0)
        circuit.measure_all()
        return Execute([circuit, circuit], {"steps": state["steps"] + 1}, shots=[10, 100_001])


algorithm = Loop()
'''


@pytest.fixture
def loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of algorithms with one, a loop of three steps."""
    folder = tmp_path / "algorithms"
    shutil.copytree(ALGORITHMS / "ghz", folder / "ghz")
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    (folder / "ghz" / "algorithm.py").write_text(LOOP, encoding="utf-8")
    schema = {"type": "object", "description": "Shots.", "examples": [{"qubits": 1}]}
    (folder / "ghz" / "result.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder


def allow_steps(folder: Path, steps: int) -> Example:
    """Let the algorithm take so many steps; return its first example."""
    file = folder / "ghz" / "algorithm.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    limits = {"qubits": 20, "steps": steps}
    file.write_text(json.dumps(manifest | {"limits": limits}), encoding="utf-8")
    return next(examples(FileCatalogue(folder)))


async def test_each_circuit_runs_with_the_shots_that_its_step_asks_for(loop: Path) -> None:
    """As deployed: more shots than the target takes at once run in parts, with seeds of their own.

    The counts of the parts are added up, and every step has seeds of its own too.
    """
    one = allow_steps(loop, 3)
    with closing(AlgorithmPool(loop)) as algorithms:
        rehearsal = await rehearsed(one, algorithms)

    assert rehearsal.failure is None
    assert rehearsal.result == {"qubits": 100_011}
    assert [[shots for _, shots in step.programs] for step in rehearsal.steps] == [
        [10, 100_001]
    ] * 3
    jobs = [job for step in rehearsal.steps for job in step.run.provider_jobs()]
    assert [job.shots for job in jobs] == [10, 50_001, 50_000] * 3
    assert len({job.seed for job in jobs}) == 9


async def test_more_steps_than_the_limit_fail(loop: Path) -> None:
    """The engine would end such a job before its result; the message names what to change."""
    one = allow_steps(loop, 2)
    with closing(AlgorithmPool(loop)) as algorithms:
        rehearsal = await rehearsed(one, algorithms)

    assert len(rehearsal.steps) == 2
    assert rehearsal.failure == "It asks for more than 2 steps, the limits.steps of algorithm.json."


async def test_the_algorithm_is_told_of_the_target(algorithms: AlgorithmPool) -> None:
    """Its inputs have the facts of the simulator, as they would have those of any target."""
    seen = []

    @dataclass
    class Watched(Wavering):
        async def start(self, algorithm: str, inputs: Inputs) -> Plan | Finish:
            seen.append(inputs.target)
            return await super().start(algorithm, inputs)

    for target in (NOISELESS, NOISY):
        await rehearsed(example(), Watched("", algorithms), target)

    assert [one.noisy for one in seen if one] == [False, False, True, True]


@pytest.mark.parametrize("source", ["[*{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}]", "os.getpid()"])
def test_a_choice_of_the_process_is_found(
    loop: Path, source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is the same in one process may be another after a crash, as the order of a set is."""
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    allow_steps(loop, 3)
    file = loop / "ghz" / "algorithm.py"
    code = file.read_text(encoding="utf-8").replace('{"steps": 0}', f'{{"steps": {source}}}')
    code = code.replace("class Loop", "import os\n\n\nclass Loop")
    broken = code.replace('state["steps"] + 1', 'state["steps"]')
    file.write_text(broken, encoding="utf-8")
    monkeypatch.setattr(algorithm_checks, "ALGORITHMS", loop)
    monkeypatch.setattr(algorithm_checks, "check_folder", lambda _: [])

    assert main(["ghz", "--first"]) == 1

    assert "decides otherwise when the same step is computed again" in capsys.readouterr().out


@pytest.mark.parametrize("method", ["start", "resume"])
def test_an_exception_is_shown_with_its_traceback(
    loop: Path, method: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its author sees the line and the message once, and nothing of the engine's own frames."""
    allow_steps(loop, 3)
    with (loop / "ghz" / "algorithm.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\ndef broken(*_):\n    return [][7]\n\n\nalgorithm.{method} = broken\n")
    monkeypatch.setattr(algorithm_checks, "ALGORITHMS", loop)
    monkeypatch.setattr(algorithm_checks, "check_folder", lambda _: [])

    assert main(["ghz", "--first"]) == 1

    told = capsys.readouterr().err
    assert told.count("Traceback (most recent call last):") == 1
    assert "return [][7]" in told
    assert "IndexError: list index out of range" in told
    assert "qiskit_algorithms.py" not in told


FINISHED = '''"""A finished program."""

from __future__ import annotations

from pathlib import Path

from qjobs.domain.algorithm import Execute, Finish, Program

TEXT = Path(__file__).with_name("program.ll").read_text()


class Finished:
    def start(self, inputs):
        return Execute([Program("qir.v1", TEXT, qubits=2)], {})

    def resume(self, inputs, state, outcomes):
        return Finish({"qubits": outcomes[0].total})


algorithm = Finished()
'''
BRANCHING = """
include "stdgates.inc";
qubit[2] q;
bit[2] c;
h q[0];
c[0] = measure q[0];
if (c[0]) { x q[1]; }
c[1] = measure q[1];
"""


def test_a_finished_program_that_cannot_be_estimated_passes(
    loop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that branches runs as it is; the resource estimator does not read it."""
    program = str(compile(BRANCHING, target_profile=TargetProfile.Adaptive_RI))
    (loop / "ghz" / "program.ll").write_text(program, encoding="utf-8")
    (loop / "ghz" / "algorithm.py").write_text(FINISHED, encoding="utf-8")
    monkeypatch.setattr(algorithm_checks, "ALGORITHMS", loop)
    monkeypatch.setattr(algorithm_checks, "check_folder", lambda _: [])

    code = main(["ghz", "--first"])

    printed = capsys.readouterr()
    assert code == 0, printed.err
    assert re.search(r"ghz 1 +1 +1 +2/20 .* - +- passed", printed.out)
