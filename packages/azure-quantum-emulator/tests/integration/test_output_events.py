"""Outputs are announced in a queue, as Event Grid announces the blobs of a storage account."""

from __future__ import annotations

import base64
import json
import uuid
from pathlib import Path

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient

from azure_quantum_emulator.testing import running
from emulator_support.patience import PATIENCE

CIRCUIT = {"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}


@pytest.mark.parametrize(("prefix", "announced"), [("job-", True), ("other-", False)])
def test_outputs_in_containers_of_the_prefix_are_announced(
    azurite: str,
    tmp_path: Path,
    prefix: str,
    announced: bool,
) -> None:
    """The message is an event in Base64 whose subject names container and blob; others are not."""
    name = f"outputs-{uuid.uuid4().hex}"
    arguments = ("--in-memory", "--quiet", "--output-events", name, prefix)
    with running(tmp_path, *arguments, storage=azurite) as emulator:
        workspace = emulator.connect()
        job = workspace.get_targets("ionq.simulator").submit(CIRCUIT, shots=10)
        job.wait_until_completed(timeout_secs=PATIENCE)

        with QueueClient.from_connection_string(azurite, name) as queue:
            if not announced:
                with pytest.raises(ResourceNotFoundError):
                    queue.peek_messages()
                return
            [message] = list(queue.receive_messages())
    event = json.loads(base64.b64decode(message.content, validate=True))
    output = job.details.output_data_uri.partition("?")[0].rpartition("/")[2]
    assert event["eventType"] == "Microsoft.Storage.BlobCreated"
    assert event["subject"] == f"/blobServices/default/containers/job-{job.id}/blobs/{output}"
    assert event["data"]["contentLength"] > 0
