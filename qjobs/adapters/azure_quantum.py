"""The quantum workspace through the `azure-quantum` SDK, which blocks: every call in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.quantum import Job, Workspace
from azure.quantum.job.session import Session

from qjobs.adapters.azure_errors import retry_after
from qjobs.adapters.bulkhead import Bulkhead
from qjobs.adapters.linked_storage import LinkedStorage
from qjobs.adapters.provider_errors import linked_storage_errors, provider_errors, public_text
from qjobs.adapters.quantum_results import counts_of
from qjobs.adapters.shared_call import SharedCall
from qjobs.adapters.target_list import TargetList
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.domain.errors import (
    OptionsRejectedError,
    ProviderRejectedError,
    ProviderUnavailableError,
    UnknownProviderJobError,
    Violation,
)
from qjobs.domain.options import option_violations
from qjobs.domain.plan import Phase, ProviderJob, ProviderStatus
from qjobs.domain.provider_error_kind import ProviderErrorKind
from qjobs.domain.target import Target

_log = logging.getLogger(__name__)
_OUTPUT_FORMAT = "microsoft.quantum-results.v2"
_CONNECTING = 15.0
"""Seconds that a call waits for vault, identity and resource manager when the first is made."""
_MOST_KEPT = 100
"""Jobs cached between their last status and their counts; the others are requested again."""
_NOT_TAKEN = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})
_PHASES = {
    "Executing": Phase.RUNNING,
    "Finishing": Phase.RUNNING,
    "Completed": Phase.SUCCEEDED,
    "Succeeded": Phase.SUCCEEDED,
    "Failed": Phase.FAILED,
    "Cancelled": Phase.CANCELED,
}
"""Every other status is one of waiting."""
_SEED: dict[str, Callable[[int, JSONObject], JSONObject]] = {
    "local": lambda seed, _: {"seed": seed},
    "ionq": lambda seed, options: {
        "noise": {"model": "ideal", **options.get("noise", {}), "seed": seed}
    },
}
"""The form in which a provider takes the seed; those that are not here take none."""


@dataclass
class AzureQuantumProvider:
    """The `QuantumProvider` over the `azure-quantum` SDK."""

    connect: Callable[[], Workspace]
    """Makes the client, when it is first needed."""
    bulkhead: Bulkhead = field(default_factory=Bulkhead)
    """The threads of the calls that name a target."""
    named_containers: bool = False
    """Whether the containers of circuits that wait name their jobs, as the announcements of the
    linked storage need it; else all have the names that the SDK gives."""
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="workspace")
    )
    """The threads of what all targets share: the connection and the list."""
    _workspace: Workspace | None = None
    _connection: SharedCall[Workspace] = field(init=False)
    _list: TargetList = field(init=False)
    _storage: LinkedStorage = field(default_factory=LinkedStorage)
    _succeeded: dict[str, Job] = field(default_factory=dict)
    """Jobs whose counts are about to be requested."""

    def __post_init__(self) -> None:
        """Share the connection and the list of targets between calls."""
        self._connection = SharedCall(self._connect, _CONNECTING)
        self._list = TargetList(self._read_targets)

    async def targets(self) -> Sequence[Target]:
        """Return the targets of the workspace."""
        return await self._list()

    async def submit(self, job: ProviderJob) -> None:
        """Run a job under its id; one that is there already is left as it is."""
        _check_options(job)
        await self._call(job.target, partial(_submit, self._storage, job, self._container(job)))

    def _container(self, job: ProviderJob) -> str | None:
        return job.origin.container if self.named_containers and job.origin else None

    async def status(self, target: str, provider_job_id: str) -> ProviderStatus:
        """Return the status of a provider job."""
        job, status = await self._call(target, partial(_job_with_status, provider_job_id))
        if status.ended_well:
            self._succeeded[provider_job_id] = job
            while len(self._succeeded) > _MOST_KEPT:
                del self._succeeded[next(iter(self._succeeded))]
        return status

    async def counts(self, target: str, provider_job_id: str) -> Counts:
        """Return the counts of a provider job that succeeded."""
        job = self._succeeded.pop(provider_job_id, None)
        if job is None:
            job = await self._call(target, partial(_job, provider_job_id))
        return counts_of(await self._call(target, partial(_output, self._storage, job)))

    async def open_session(self, target: str, session_id: str, name: str) -> None:
        """Open a session for jobs at a target; one that is there already is left as it is."""
        try:
            await self._call(target, partial(_open_session, target, session_id, name))
        except ProviderRejectedError as error:
            _log.warning("No session at %s: %s", target, error.detail)

    async def close_session(self, target: str, session_id: str) -> None:
        """Close a session; one that is over, or not known, is as good as closed."""
        try:
            await self._call(target, partial(_close_session, target, session_id))
        except ProviderRejectedError as error:
            _log.warning("A session at %s cannot be closed: %s", target, error.detail)

    async def cancel(self, target: str, provider_job_id: str) -> ProviderStatus | None:
        """Ask for a job to stop, unless it is over; return its status, None if there is none."""
        return await self._call(target, partial(_cancel, provider_job_id))

    async def _call[R](self, target: str, function: Callable[[Workspace], R]) -> R:
        workspace = self._workspace or await self._connection()
        return await self.bulkhead.run(target, partial(_with_errors, function, workspace))

    async def _read_targets(self) -> list[Target]:
        workspace = self._workspace or await self._connection()
        return await self._in_thread(partial(_with_errors, _targets, workspace))

    async def _connect(self) -> Workspace:
        try:
            self._workspace = await self._in_thread(self.connect)
        except (AzureError, ValueError, RuntimeError) as error:
            # Whatever it is, an operator can repair it without the job failing.
            _log.warning("The workspace cannot be found: %s", error)
            asked = retry_after(error) if isinstance(error, AzureError) else None
            raise ProviderUnavailableError(
                "The workspace cannot be found.", asked, kind=ProviderErrorKind.NOT_FOUND
            ) from error
        return self._workspace

    async def _in_thread[R](self, function: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)


def _with_errors[R](function: Callable[[Workspace], R], workspace: Workspace) -> R:
    with provider_errors():
        return function(workspace)


def _targets(workspace: Workspace) -> list[Target]:
    # The public `get_targets` leaves out the number of qubits and, in V1 workspaces, every
    # target that this version of the SDK has no class for.
    statuses = workspace._get_target_status()  # noqa: SLF001 - see above
    return [_target(provider, status, datetime.now(UTC)) for provider, status in statuses]


def _target(provider: str, status: Any, as_of: datetime) -> Target:  # noqa: ANN401 - the SDK ships no types
    facts = target_facts().get(status.id)
    return Target(
        id=status.id,
        provider=provider,
        available=status.current_availability != "Unavailable",
        queue_seconds=status.average_queue_time or 0,
        qubits=status.num_qubits or (facts.qubits if facts else None),
        as_of=as_of,
        facts=facts,
    )


def _submit(
    storage: LinkedStorage, job: ProviderJob, container_name: str | None, workspace: Workspace
) -> None:
    container = workspace.get_container_uri(job_id=job.id, container_name=container_name)
    program = job.program
    with linked_storage_errors():
        uploaded = storage.upload(container, "inputData", program.text.encode(), program.format)
    create = partial(
        Job.from_storage_uri,
        workspace,
        name=job.name,
        target=job.target,
        provider_id=job.provider,
        job_id=job.id,
        container_uri=container,
        input_data_uri=uploaded,
        input_data_format=program.format,
        output_data_format=_OUTPUT_FORMAT,
        input_params=_input_params(job),
        metadata={"traceparent": job.trace_parent} if job.trace_parent else None,
    )
    with suppress(ResourceExistsError):  # an earlier attempt came this far; its job is this job
        try:
            create(session_id=job.session)
        except HttpResponseError as error:
            if job.session is None or not _is_about_session(error):
                raise
            _log.warning("A session at %s takes no more jobs.", job.target)
            create()


def _is_about_session(error: HttpResponseError) -> bool:
    """Return whether a job is refused for its session: it is over, or was never opened."""
    said = str(getattr(error.error, "message", None) or error.message).lower()
    return error.status_code in _NOT_TAKEN and "session" in said


def _open_session(target: str, session_id: str, name: str, workspace: Workspace) -> None:
    session = Session(workspace, id=session_id, name=name, target=target)
    with suppress(ResourceExistsError):  # an earlier attempt has opened it
        workspace.open_session(session)


def _close_session(target: str, session_id: str, workspace: Workspace) -> None:
    session = Session(workspace, id=session_id, target=target)
    with suppress(ResourceNotFoundError):
        workspace.close_session(session)


def _check_options(job: ProviderJob) -> None:
    # Once more, now that the target is chosen: on the way to it nothing else may fail for them.
    for path, detail in option_violations(job.options, job.provider):
        pointer = f"/options{path}"
        violation = Violation(detail, pointer=pointer)
        raise OptionsRejectedError(f"{job.target}, {pointer}: {detail}", [violation])


def _input_params(job: ProviderJob) -> JSONObject:
    seed = _SEED.get(job.provider)
    return {
        **job.options,
        **(seed(job.seed, job.options) if seed and job.seed is not None else {}),
        "shots": job.shots,
        "items": [{"entryPoint": job.program.entry_point, "arguments": []}],
    }


def _job(provider_job_id: str, workspace: Workspace) -> Job:
    try:
        return workspace.get_job(provider_job_id)
    except ResourceNotFoundError as error:
        raise UnknownProviderJobError from error


def _job_with_status(provider_job_id: str, workspace: Workspace) -> tuple[Job, ProviderStatus]:
    job = _job(provider_job_id, workspace)
    return job, _status(job.details)


def _status(details: Any) -> ProviderStatus:  # noqa: ANN401 - the SDK ships no types
    error, cost = details.error_data, details.cost_estimate
    return ProviderStatus(
        phase=_PHASES.get(details.status, Phase.WAITING),
        failure=public_text(error.code, error.message) if error else None,
        accepted=details.creation_time,
        began=details.begin_execution_time,
        ended=details.end_execution_time,
        cost=cost.estimated_total if cost else None,
        currency=cost.currency_code if cost else None,
    )


def _output(storage: LinkedStorage, job: Job, _: Workspace) -> bytes:
    with linked_storage_errors():
        return storage.download(job.details.output_data_uri)


def _cancel(provider_job_id: str, workspace: Workspace) -> ProviderStatus | None:
    try:
        job = _job(provider_job_id, workspace)
    except UnknownProviderJobError:
        return None
    if not job.has_completed():
        job = workspace.cancel_job(job)
    return _status(job.details)
