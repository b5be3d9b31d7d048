"""Outputs of circuits that storage announces: the container of a circuit names its job.

The storage account of the workspace announces each blob that is created in it. A circuit that is
expected to wait gets a container whose name says to which job it belongs, so that whoever hears of
its output needs no look-up, and an announcement of any other container is none of ours.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass

CONTAINER_PREFIX = "qjobs-"
"""Of the containers whose outputs are announced: a filter of what announces them."""
_OUTPUTS = ("outputData", "rawOutputData")
"""The blobs in which a result may be, by the names that the service gives them."""
_CREATED = "Microsoft.Storage.BlobCreated"
_SUBJECT = re.compile(r"/blobServices/default/containers/(?P<container>[^/]+)/blobs/(?P<blob>.+)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WIDTH = 25
"""Digits of 128 bits in base 36."""
_NAME = re.compile(
    rf"{CONTAINER_PREFIX}(?P<owner>[0-9a-z]{{{_WIDTH}}})(?P<job>[0-9a-z]{{{_WIDTH}}})"
    r"-(?P<index>[0-9a-z]{1,4})"
)
_BITS = 128


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a circuit: its job, and its number among all circuits of the step."""

    owner: str
    job_id: str
    index: int

    @property
    def container(self) -> str:
        """The name of its container, of at most 63 lower-case letters, digits and hyphens.

        Raises:
            ValueError: the owner is no key of an owner, or the job no UUID.

        """
        job = int(self.job_id.replace("-", ""), 16)
        numbers = f"{_base36(int(self.owner, 16), _WIDTH)}{_base36(job, _WIDTH)}"
        return f"{CONTAINER_PREFIX}{numbers}-{_base36(self.index, 1)}"

    @classmethod
    def of(cls, container: str) -> Origin | None:
        """Return the origin that a container names; None if it names none."""
        match = _NAME.fullmatch(container)
        if match is None:
            return None
        owner, job = int(match["owner"], 36), int(match["job"], 36)
        if max(owner, job) >> _BITS:
            return None
        text = f"{job:032x}"
        parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
        return cls(f"{owner:032x}", "-".join(parts), int(match["index"], 36))


def origin_of_output(message: str) -> Origin | None:
    """Return the origin of the circuit whose output a message announces; None if it is no output.

    Args:
        message: an event in the schema of Event Grid or of CloudEvents, as JSON, which Event Grid
            puts into a queue in Base64

    Raises:
        ValueError: it is no JSON.

    """
    try:
        event = json.loads(message)
    except ValueError:
        event = json.loads(base64.b64decode(message, validate=True))
    if not isinstance(event, dict):
        return None
    kind = event.get("eventType") or event.get("type")
    match = _SUBJECT.fullmatch(str(event.get("subject", "")))
    if kind != _CREATED or match is None or match["blob"] not in _OUTPUTS:
        return None
    return Origin.of(match["container"])


def _base36(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(width, "0")
