"""The parts of the stack under test: two Functions hosts behind faulty links, all state kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, override
from urllib.parse import urlsplit

from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from azure_quantum_emulator.supervision import azurite
from localdev.stack.facts import StackFacts
from localdev.stack.part import Options, Part
from localdev.stack.parts import Functions, Gateway, Identity, Storage, Workspace
from tools.soak.links import Links

SLOW = "ionq.qpu.aria-1"
"""Its queue takes hours, unless the clock is advanced: its jobs are given up by their callers."""
DEVICES = ("ionq.qpu.forte-1", "rigetti.qpu.cepheus-1-108q")
"""Their queues are short, and the shorter one changes."""
DOOMED = "rigetti.sim.qvm"
"""It refuses every program."""
REASON = "ProgramRefused"
"""Of the provider, for that."""
QUEUE_DELAY = {"distribution": "uniform", "low": 0.3, "high": 3}
SECOND_HOST = "functions-2"
HOSTS = ("functions", SECOND_HOST)

SCENARIO: dict[str, Any] = {
    "targets": {
        **{
            device: {"queueDelay": QUEUE_DELAY, "averageQueueTime": 2 + number}
            for number, device in enumerate(DEVICES)
        },
        SLOW: {"queueDelay": "2h", "averageQueueTime": "2h"},
        "ionq.qpu.forte-enterprise-1": {"availability": "Unavailable"},
    },
    "jobFaults": [
        {"target": DOOMED, "code": REASON, "message": "The program is too wide for this machine."}
    ],
}
"""Of the emulator, each time it starts."""


class ScriptedWorkspace(Workspace):
    """The emulator, with a scenario."""

    def __init__(self, options: Options, scenario: Mapping[str, Any] = SCENARIO) -> None:
        super().__init__(options)
        self._scenario = scenario
        self._file = options.directory / "scenario.json"

    @override
    def arguments(self, facts: StackFacts) -> Sequence[str]:
        self._file.write_text(json.dumps(self._scenario), encoding="utf-8")
        return [*super().arguments(facts), "--config", str(self._file)]


class LinkedFunctions(Functions):
    """A Functions host that reaches storage and workspace by faulty links alone."""

    def __init__(self, options: Options, links: Links) -> None:
        super().__init__(options)
        self._links = links

    @override
    def environment(self, facts: StackFacts) -> Mapping[str, str]:
        links = self._links
        blob, queue = ports_of(facts)
        links.lead_to_storage(blob, queue)
        links.workspace.upstream = urlsplit(facts["workspace"]["url"]).port or 0
        ports = (links.blobs.port, links.queues.port, 0)
        return {
            **super().environment(facts),
            "AzureWebJobsStorage": azurite.connection_string(ports),
            "QJOBS_WORKSPACE_ENDPOINT": f"http://127.0.0.1:{links.workspace.port}/",
            # A host that is killed keeps an announcement for the ten minutes of its lease, and jobs
            # wait for it; what is audited here is the net, which looks at jobs by itself.
            "QJOBS_OUTPUT_EVENTS": "false",
        }


class SecondFunctions(LinkedFunctions):
    """A second host, which shares the queues and the timers of the first."""

    name = SECOND_HOST


def soak_parts(options: Options, links: Links) -> list[Part]:
    """Return the parts, each after those it needs."""
    return [
        Identity(options),
        Storage(options),
        ScriptedWorkspace(options),
        LinkedFunctions(options, links),
        SecondFunctions(options, links),
        Gateway(options),
    ]


def ports_of(facts: StackFacts) -> tuple[int, int]:
    """Return the ports of Azurite's blob and queue service."""
    connection = facts["storage"]["connectionString"]
    blob = urlsplit(BlobServiceClient.from_connection_string(connection).url).port
    queue = urlsplit(QueueServiceClient.from_connection_string(connection).url).port
    return blob or 0, queue or 0
