"""The quantum workspace through the `azure-quantum` SDK, which blocks: every call in a thread."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.quantum import Job, Workspace

from qjobs.adapters.azure_errors import transient
from qjobs.adapters.linked_storage import LinkedStorage
from qjobs.adapters.quantum_results import counts_of
from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.domain.errors import (
    OptionsRejectedError,
    ProviderRejectedError,
    ProviderUnavailableError,
    Violation,
)
from qjobs.domain.options import option_violations
from qjobs.domain.plan import Phase, ProviderJob, ProviderStatus
from qjobs.domain.target import Target

_log = logging.getLogger(__name__)
_OUTPUT_FORMAT = "microsoft.quantum-results.v2"
_TARGETS_KEPT = 30.0
"""Seconds for which the list of targets is cached."""
_MOST_KEPT = 100
"""Jobs cached between their last status and their counts; the others are requested again."""
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
    _connecting: threading.Lock = field(default_factory=threading.Lock)
    _workspace: Workspace | None = None
    _storage: LinkedStorage = field(default_factory=LinkedStorage)
    _targets: tuple[float, Sequence[Target]] = (float("-inf"), ())
    _succeeded: dict[str, Job] = field(default_factory=dict)
    """Jobs whose counts are about to be requested."""

    async def targets(self) -> Sequence[Target]:
        """Return the targets of the workspace."""
        asked, targets = self._targets
        if time.monotonic() - asked > _TARGETS_KEPT:
            targets = await self._call(_targets)
            self._targets = time.monotonic(), targets
        return targets

    async def submit(self, job: ProviderJob) -> None:
        """Run a job under its id; one that is there already is left as it is."""
        _check_options(job)
        await self._call(_submit, self._storage, job)

    async def status(
        self,
        target: str,  # noqa: ARG002 - the workspace knows a job by its id alone
        provider_job_id: str,
    ) -> ProviderStatus:
        """Return the status of a provider job."""
        job = await self._call(Workspace.get_job, provider_job_id)
        status = _status(job.details)
        if status.ended_well:
            self._succeeded[provider_job_id] = job
            while len(self._succeeded) > _MOST_KEPT:
                del self._succeeded[next(iter(self._succeeded))]
        return status

    async def counts(
        self,
        target: str,  # noqa: ARG002 - the workspace knows a job by its id alone
        provider_job_id: str,
    ) -> Counts:
        """Return the counts of a provider job that succeeded."""
        job = self._succeeded.pop(provider_job_id, None)
        if job is None:
            job = await self._call(Workspace.get_job, provider_job_id)
        return counts_of(await self._call(_output, self._storage, job))

    async def cancel(
        self,
        target: str,  # noqa: ARG002 - the workspace knows a job by its id alone
        provider_job_id: str,
    ) -> ProviderStatus | None:
        """Ask for a job to stop, unless it is over; return its status, None if there is none."""
        return await self._call(_cancel, provider_job_id)

    async def _call[**P, R](self, function: Callable[..., R], *arguments: object) -> R:
        return await asyncio.to_thread(partial(self._in_thread, function, *arguments))

    def _in_thread[R](self, function: Callable[..., R], *arguments: object) -> R:
        with _errors():
            with self._connecting:
                if self._workspace is None:
                    self._workspace = self._connected()
            return function(self._workspace, *arguments)

    def _connected(self) -> Workspace:
        try:
            return self.connect()
        except (AzureError, ValueError) as error:
            # Whatever it is, an operator can repair it without the job failing.
            _log.warning("The workspace cannot be found: %s", error)
            raise ProviderUnavailableError("The workspace cannot be found.") from error


@contextmanager
def _errors() -> Iterator[None]:
    try:
        with transient(ProviderUnavailableError):
            yield
    except ClientAuthenticationError as error:
        # A missing role or a rotated key can be repaired without the job failing.
        raise ProviderUnavailableError("The workspace refuses our identity.") from error
    except HttpResponseError as error:
        reason = getattr(error.error, "message", None) or error.reason
        raise ProviderRejectedError(f"The workspace refused the request: {reason}") from error


def _targets(workspace: Workspace) -> list[Target]:
    # The public `get_targets` leaves out the number of qubits and, in V1 workspaces, every
    # target that this version of the SDK has no class for.
    return [
        Target(
            id=status.id,
            provider=provider,
            available=status.current_availability != "Unavailable",
            queue_seconds=status.average_queue_time or 0,
            qubits=status.num_qubits,
        )
        for provider, status in workspace._get_target_status()  # noqa: SLF001 - see above
    ]


def _submit(workspace: Workspace, storage: LinkedStorage, job: ProviderJob) -> None:
    container = workspace.get_container_uri(job_id=job.id)
    program = job.program
    uploaded = storage.upload(container, "inputData", program.text.encode(), program.format)
    try:
        Job.from_storage_uri(
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
    except ResourceExistsError:
        # An earlier attempt came this far; its job is this job.
        return


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
        "items": [{"entryPoint": "ENTRYPOINT__main", "arguments": []}],
    }


def _status(details: Any) -> ProviderStatus:  # noqa: ANN401 - the SDK ships no types
    error, cost = details.error_data, details.cost_estimate
    return ProviderStatus(
        phase=_PHASES.get(details.status, Phase.WAITING),
        failure=f"{error.code}: {error.message}" if error else None,
        began=details.begin_execution_time,
        ended=details.end_execution_time,
        cost=cost.estimated_total if cost else None,
        currency=cost.currency_code if cost else None,
    )


def _output(_: Workspace, storage: LinkedStorage, job: Job) -> bytes:
    return storage.download(job.details.output_data_uri)


def _cancel(workspace: Workspace, provider_job_id: str) -> ProviderStatus | None:
    try:
        job = workspace.get_job(provider_job_id)
    except ResourceNotFoundError:
        return None
    if not job.has_completed():
        job = workspace.cancel_job(job)
    return _status(job.details)
