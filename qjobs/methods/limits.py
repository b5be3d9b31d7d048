"""The largest input of an algorithm for each kind of target, and its refusal by name."""

from __future__ import annotations

from collections.abc import Mapping

from qjobs.domain.algorithm import Inputs
from qjobs.domain.errors import InputRejectedError, Violation
from qjobs.domain.target_facts import Kind

_KINDS = {
    Kind.SIMULATOR: "noiseless simulators",
    Kind.NOISY_SIMULATOR: "noisy simulators",
    Kind.HARDWARE: "quantum computers",
    Kind.SYNTAX_CHECKER: "syntax checkers",
}


def kind_of(inputs: Inputs) -> Kind:
    """Return the kind of the target; one of which nothing is known is taken for hardware."""
    return inputs.target.kind if inputs.target else Kind.HARDWARE


def check_size(
    inputs: Inputs, size: int, largest: Mapping[Kind, int], what: str, pointer: str
) -> None:
    """Refuse an input that is too large for its kind of target.

    Args:
        inputs: of the job
        size: the size of the input, in units of *largest*
        largest: by kind of target; a kind that is not there is unlimited
        what: the plural of what is counted, such as `vertices` or `gates on two qubits`
        pointer: JSON Pointer of the member to change, such as `/input/edges`

    Raises:
        InputRejectedError: the size is beyond the largest for this target.

    """
    kind = kind_of(inputs)
    most = largest.get(kind)
    if most is not None and size > most:
        raise rejected(
            f"{size:,} {what} are too many for {_KINDS[kind]}: at most {most:,}.", pointer
        )


def rejected(detail: str, pointer: str) -> InputRejectedError:
    """Return the error that refuses one member of an input."""
    return InputRejectedError(detail, [Violation(detail, pointer=pointer)])
