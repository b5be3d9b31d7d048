from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError
from azure.quantum import Workspace as Client

from emulator_support.patience import async_tries
from localdev.stack.part import Options, Part
from localdev.stack.parts import Storage, Workspace
from localdev.stack.stack import Stack
from qjobs.adapters.azure_quantum import AzureQuantumProvider
from qjobs.adapters.workspace import connect as connect_to
from qjobs.domain.algorithm import Program
from qjobs.domain.errors import (
    OptionsRejectedError,
    ProviderRejectedError,
    ProviderUnavailableError,
    UnknownProviderJobError,
)
from qjobs.domain.plan import Phase, ProviderJob, ProviderStatus
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import Needs, choose_target
from qjobs.ports import QuantumProvider
from qjobs.settings import WorkspaceSettings
from tests.fakes import FakeProvider

type Connect = Callable[..., Client]


def storage_and_workspace(options: Options) -> list[Part]:
    """Return what the adapter talks to, without the functions."""
    return [Storage(options), Workspace(options)]


@pytest.fixture(scope="module")
def connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connect]:
    """Start a workspace; yields what makes a client of it, for a key."""
    options = Options(tmp_path_factory.mktemp("workspace"))
    with Stack(options, storage_and_workspace) as stack:
        facts = stack.facts["workspace"]
        workspace = WorkspaceSettings(
            subscription_id=facts["subscriptionId"],
            resource_group=facts["resourceGroup"],
            name=facts["name"],
            location=facts["location"],
            endpoint=facts["url"],
        )
        yield lambda key=facts["apiKey"]: connect_to(workspace, AzureKeyCredential(key))


@pytest.fixture(params=["fake", "workspace"])
def provider(request: pytest.FixtureRequest) -> QuantumProvider:
    """Return a provider with a noiseless simulator."""
    if request.param == "fake":
        return FakeProvider()
    return AzureQuantumProvider(request.getfixturevalue("connect"))


@pytest.fixture
def bell() -> Program:
    """Return a Bell pair."""
    from qiskit import QuantumCircuit  # noqa: PLC0415 - most tests of this folder need none

    from qjobs.adapters.qiskit_algorithms import lower  # noqa: PLC0415 - likewise

    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    return lower(circuit)


def provider_job(program: Program, **members: object) -> ProviderJob:
    """Return a job for the simulator."""
    described: dict[str, object] = {
        "id": str(uuid.uuid4()),
        "name": "bell",
        "target": "local.sim.aer",
        "provider": "local",
        "program": program,
        "shots": 1000,
        "seed": 7,
        "options": {},
    }
    return ProviderJob(**{**described, **members})  # type: ignore[arg-type]


async def ended(provider: QuantumProvider, job: ProviderJob) -> ProviderStatus:
    """Return the status of a job once it is over."""
    async for _ in async_tries(0.02):
        status = await provider.status(job.target, job.id)
        if status.over:
            return status
    pytest.fail("the job did not end")


async def test_a_simulator_is_found(provider: QuantumProvider) -> None:
    """The targets of a workspace include one that the mode simulator chooses."""
    choice = choose_target(TargetRequest(mode=Mode.SIMULATOR), await provider.targets(), Needs(5))

    assert (choice.id, choice.provider) == ("local.sim.aer", "local")


async def test_a_submitted_job_succeeds_with_readings(
    provider: QuantumProvider, bell: Program
) -> None:
    """The readings of a Bell pair are equal bits, as many as there were shots."""
    job = provider_job(bell)
    await provider.submit(job)

    assert (await ended(provider, job)).phase is Phase.SUCCEEDED
    counts = await provider.counts(job.target, job.id)
    assert set(counts.readings) == {"00", "11"}
    assert counts.total == 1000


async def test_a_program_is_run_from_its_entry_point(
    provider: QuantumProvider, bell: Program
) -> None:
    """Whatever that is called: a module that was written elsewhere has a name of its own."""
    text = bell.text.replace("ENTRYPOINT__main", "main")
    job = provider_job(replace(bell, text=text, entry_point="main"))

    await provider.submit(job)

    assert (await ended(provider, job)).ended_well


async def test_the_provider_tells_how_long_a_job_took(connect: Connect, bell: Program) -> None:
    """The times of the workspace are read in their order; what follows a job learns from them."""
    provider, job = AzureQuantumProvider(connect), provider_job(bell)
    await provider.submit(job)

    status = await ended(provider, job)

    assert status.accepted is not None
    assert status.began is not None
    assert status.ended is not None
    assert status.accepted <= status.began <= status.ended
    assert status.taken == status.ended - status.accepted


async def test_submitting_again_is_no_error_and_no_second_job(
    provider: QuantumProvider, bell: Program
) -> None:
    """A job under an id that exists is left as it is, however often it is submitted."""
    job = provider_job(bell)

    await asyncio.gather(*(provider.submit(job) for _ in range(3)))
    assert (await ended(provider, job)).ended_well
    await provider.submit(job)

    assert (await ended(provider, job)).ended_well


async def test_an_unknown_job_may_be_known_later(provider: QuantumProvider) -> None:
    """Asking for a job that is not there is an error by which to tell that it is not."""
    with pytest.raises(UnknownProviderJobError):
        await provider.status("local.sim.aer", str(uuid.uuid4()))


async def test_a_session_is_opened_and_closed_as_often_as_it_takes(
    provider: QuantumProvider, bell: Program
) -> None:
    """A repetition is no error, nor is closing what was never opened; jobs run in it and after."""
    session, other = str(uuid.uuid4()), str(uuid.uuid4())
    target = "local.sim.aer"
    for _ in range(2):
        await provider.open_session(target, session, "a loop")
    inside = provider_job(bell, session=session)
    await provider.submit(inside)
    assert (await ended(provider, inside)).phase is Phase.SUCCEEDED
    for closing in (session, session, other):
        await provider.close_session(target, closing)

    for late in (provider_job(bell, session=session), provider_job(bell, session=other), inside):
        await provider.submit(late)
        assert (await ended(provider, late)).phase is Phase.SUCCEEDED


async def test_a_job_is_in_its_session(connect: Connect, bell: Program) -> None:
    """The workspace lists it there."""
    provider, session = AzureQuantumProvider(connect), str(uuid.uuid4())
    await provider.open_session("local.sim.aer", session, "a loop")
    job = provider_job(bell, session=session)
    await provider.submit(job)
    await ended(provider, job)
    await provider.close_session("local.sim.aer", session)

    workspace = connect()
    assert [one.id for one in workspace.list_session_jobs(session)] == [job.id]
    assert workspace.get_session(session).details.status == "Succeeded"


async def test_canceling_is_never_an_error(provider: QuantumProvider, bell: Program) -> None:
    """A job that was never there, one that runs and one that is over may be canceled."""
    job = provider_job(bell)
    await provider.cancel(job.target, job.id)
    await provider.submit(job)
    await provider.cancel(job.target, job.id)

    assert (await ended(provider, job)).phase in {Phase.CANCELED, Phase.SUCCEEDED}
    await provider.cancel(job.target, job.id)


async def test_a_program_that_was_only_uploaded_is_submitted(
    connect: Connect, bell: Program
) -> None:
    """An attempt that died after its upload is completed by the next one."""
    from azure.quantum import Job  # noqa: PLC0415 - only this test goes below the adapter

    provider, job = AzureQuantumProvider(connect), provider_job(bell)
    container = connect().get_container_uri(job_id=job.id)
    Job.upload_input_data(container, bell.text.encode())

    await provider.submit(job)

    assert (await ended(provider, job)).ended_well


async def test_a_job_at_the_workspace_has_all_that_was_submitted(
    connect: Connect, bell: Program
) -> None:
    """Name, shots, seed, options and trace context are on the job in the workspace."""
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    job = provider_job(bell, options={"priority": "low"}, trace_parent=trace)

    await AzureQuantumProvider(connect).submit(job)

    details = connect().get_job(job.id).details
    assert (details.name, details.target, details.provider_id) == ("bell", "local.sim.aer", "local")
    assert details.metadata == {"traceparent": trace}
    sent = {name: details.input_params[name] for name in ("shots", "seed", "priority")}
    assert sent == {"shots": 1000, "seed": 7, "priority": "low"}


@pytest.mark.parametrize(
    ("provider_id", "options"),
    [
        ("local", {"noise": "ideal"}),
        ("ionq", {"noise": [1]}),
        ("ionq", {"noise": {"seed": True}}),
        ("rigetti", {"deep": {"a": {"a": {"a": {"a": 1}}}}}),
        ("quantinuum", {"shots": 5}),
    ],
)
async def test_options_that_a_target_cannot_take_end_the_job(
    provider: QuantumProvider, bell: Program, provider_id: str, options: dict[str, object]
) -> None:
    """They are the caller's to change, so nothing is tried again."""
    with pytest.raises(OptionsRejectedError):
        await provider.submit(provider_job(bell, provider=provider_id, options=options))


async def test_refused_options_are_named(connect: Connect, bell: Program) -> None:
    """Target, member and reason are in the detail, and the member is pointed at."""
    job = provider_job(bell, options={"noise": "ideal"})

    with pytest.raises(OptionsRejectedError) as refused:
        await AzureQuantumProvider(connect).submit(job)

    assert refused.value.detail == "local.sim.aer, /options/noise: Must be of type object."
    assert [one.pointer for one in refused.value.violations] == ["/options/noise"]


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("local.sim.aer", {"noise": {}, "other": [[0.5, True], {"a": "b"}]}),
        ("ionq.simulator", {"noise": {"model": "aria-1", "x": 1}}),
        ("quantinuum.sim.h2-1e", {"error-model": False, "error-params": {"p": {"X": 0.5}}}),
        ("rigetti.sim.qvm", {"substitutions": {"theta": [[0.5]]}, "skipQuilc": True}),
    ],
)
async def test_options_that_pass_the_check_reach_the_workspace(
    connect: Connect, bell: Program, target: str, options: dict[str, object]
) -> None:
    """Whatever is let pass, the client sends, with a seed and without."""
    provider = AzureQuantumProvider(connect)
    for seed in (None, 7):
        job = provider_job(
            bell, target=target, provider=target.partition(".")[0], options=options, seed=seed
        )
        await provider.submit(job)

        sent = connect().get_job(job.id).details.input_params
        assert sent.keys() >= options.keys()


async def test_a_refused_job_says_why(connect: Connect, bell: Program) -> None:
    """What the workspace says of a job that it does not take is in the error."""
    provider = AzureQuantumProvider(connect)

    with pytest.raises(ProviderRejectedError, match=r"no\.such\.target"):
        await provider.submit(provider_job(bell, target="no.such.target"))


async def test_a_failed_job_says_why(connect: Connect, bell: Program) -> None:
    """The reason of a job that fails at the provider is in its status."""
    provider = AzureQuantumProvider(connect)
    job = provider_job(Program(bell.format, "no program", 2, 1, {}))
    await provider.submit(job)

    status = await ended(provider, job)

    assert status.phase is Phase.FAILED
    assert status.failure


async def test_a_wrong_key_is_waited_out(connect: Connect) -> None:
    """A key that is not accepted any more is ours to mend, not the job's end."""
    provider = AzureQuantumProvider(lambda: connect("outdated"))

    with pytest.raises(ProviderUnavailableError, match="identity"):
        await provider.targets()


@pytest.mark.parametrize("error", [ValueError("no such workspace"), HttpResponseError("403")])
async def test_a_workspace_that_cannot_be_found_is_waited_for(error: Exception) -> None:
    """A vault or a resource manager that does not tell is ours to mend, not the job's end."""

    def connect() -> Client:
        raise error

    with pytest.raises(ProviderUnavailableError, match="cannot be found"):
        await AzureQuantumProvider(connect).targets()


async def test_a_target_that_is_not_there_is_told_from_a_refused_program(
    connect: Connect, bell: Program
) -> None:
    """A job that named no target can go to another one."""
    job = provider_job(bell, target="ionq.qpu.gone", provider="ionq")

    with pytest.raises(ProviderRejectedError) as refused:
        await AzureQuantumProvider(connect).submit(job)

    assert refused.value.kind is ProviderErrorKind.NO_TARGET
