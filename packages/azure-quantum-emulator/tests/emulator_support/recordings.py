"""Recorded traffic of the real service, which lies beside the repository and not in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).parents[5] / "shared" / "data" / "azure-quantum" / "recordings.json"
ACCOUNT = "https://mystorage.blob.core.windows.net"
"""Where the recorded blobs were."""
WORKSPACE = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myresourcegroup"
    "/providers/Microsoft.Quantum/workspaces/myworkspace"
)
"""The recorded workspace."""


@dataclass(frozen=True, slots=True)
class Step:
    """A request and its answer."""

    service: Literal["quantum", "blob", "arm"]
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int
    content_type: str | None
    answer: Any

    @property
    def operation(self) -> str:
        """The method and the path without ids."""
        path = self.path.removeprefix(WORKSPACE).strip("/").split("/")
        kind = [
            part if not _is_id(part) else f"id{part[36:]}"
            for part in path
            if not part.startswith("job-")
        ]
        return f"{self.method} {'/'.join(kind) or 'container'}"


@cache
def scenarios() -> dict[str, list[Step]]:
    """Return the recorded scenarios by their name; none if the file is not there."""
    if not FILE.exists():
        return {}
    recorded = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: [_step(step) for step in steps] for name, steps in recorded.items()}


def _step(step: dict[str, Any]) -> Step:
    request, response = step["request"], step["response"]
    return Step(
        step["service"],
        request["method"],
        request["path"],
        request["query"],
        request["headers"],
        request["body"],
        response["status"],
        response["contentType"],
        response["body"],
    )


def _is_id(part: str) -> bool:
    return len(part) >= len("00000000-0000-0000-0000-000000000000") and part.count("-") == 4
