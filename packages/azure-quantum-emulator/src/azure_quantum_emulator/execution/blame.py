"""Errors of parsers and simulators, told as errors of the program that met them.

They document no errors: whatever they raise on one program is about that program, and the same
program raises it again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from azure_quantum_emulator.errors import LimitError, ProgramError
from azure_quantum_emulator.execution.results import UntranslatableError

_log = logging.getLogger(__name__)


@contextmanager
def blamed(kind: type[ProgramError], summary: str) -> Iterator[None]:
    """Turn every error of the block into one of this *kind*, with the cause in its message.

    Raises:
        ProgramError: the block raised something.
        UntranslatableError: as the block does.

    """
    try:
        yield
    except (ProgramError, UntranslatableError, KeyboardInterrupt):
        raise
    except MemoryError as error:
        raise LimitError("The program takes more memory than it may have.") from error
    except RecursionError as error:
        raise kind(f"{summary}: it is nested too deeply.") from error
    except BaseException as error:  # native code raises what is no Exception when it panics
        _log.info("%s", summary, exc_info=True)
        reason = str(error).strip().partition("\n")[0]
        raise kind(f"{summary}: {type(error).__name__}: {reason}") from error
