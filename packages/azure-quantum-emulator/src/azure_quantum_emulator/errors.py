"""What the emulator refuses, as the service words it."""

from __future__ import annotations

from dataclasses import dataclass


class ServiceError(Exception):
    """A request that is answered with an error; the subclass decides the HTTP status."""

    status = 400

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class InvalidRequestError(ServiceError):
    """The request itself is wrong."""


class NotFoundError(ServiceError):
    """The workspace or the job does not exist."""

    status = 404


class ConflictError(ServiceError):
    """What is to be created exists already."""

    status = 409


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: the `errorData` of the job."""

    code: str
    message: str


class ProgramError(Exception):
    """A program that the target cannot run; it fails its job and nothing else."""

    code = "QIRPreProcessingFailed"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def as_job_error(self) -> JobError:
        """Return it as the job's `errorData`."""
        return JobError(self.code, self.message)


class InvalidInputError(ProgramError):
    """A program or `inputParams` that do not fit their format or the target."""

    code = "InvalidInputData"


class SimulationError(ProgramError):
    """A program that the target could run, and the simulator cannot."""

    code = "SimulationFailed"
