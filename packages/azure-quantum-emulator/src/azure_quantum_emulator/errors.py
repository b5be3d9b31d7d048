"""Error classes: refused requests with the service's codes, and failed programs."""

from __future__ import annotations

from dataclasses import dataclass


class ServiceError(Exception):
    """An error response to a request; the subclass decides the HTTP status."""

    status = 400

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class InvalidRequestError(ServiceError):
    """A request that is not valid: 400."""


class NotFoundError(ServiceError):
    """A workspace, job or session that does not exist: 404."""

    status = 404


class ConflictError(ServiceError):
    """An id that is in use already: 409."""

    status = 409


LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class JobError:
    """The error of a failed job: its `errorData`."""

    code: str
    message: str

    @classmethod
    def of(cls, error: ProgramError) -> JobError:
        """Return the error of a job whose program failed, with a message that can be shown.

        A message may quote the program, which has any length and characters that are none.
        """
        message = error.message.encode(errors="replace").decode()
        if len(message) > LONGEST_MESSAGE:
            message = f"{message[:LONGEST_MESSAGE]}..."
        return cls(error.code, message)


class ProgramError(Exception):
    """A program that the target cannot run; it fails its job and nothing else."""

    code = "QIRPreProcessingFailed"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInputError(ProgramError):
    """A program or `inputParams` that do not fit their format or the target."""

    code = "InvalidInputData"


class LimitError(ProgramError):
    """A program that takes more time or memory than one may have."""

    code = "ProgramLimitExceeded"


class SimulationError(ProgramError):
    """A program that the target could run, and the simulator cannot."""

    code = "SimulationFailed"
