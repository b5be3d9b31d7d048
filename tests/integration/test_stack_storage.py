from __future__ import annotations

from pathlib import Path

from azure.storage.blob import BlobServiceClient

from localdev.stack.part import Options
from localdev.stack.parts import Storage
from localdev.stack.stack import Stack
from tools.bench.transactions import Transactions


def test_kept_data_survives_a_restart(tmp_path: Path) -> None:
    """Storage with a directory comes back with its data and under its address."""
    with Stack(Options(tmp_path, keep=True), lambda options: [Storage(options)]) as stack:
        facts = stack.facts["storage"]
        with BlobServiceClient.from_connection_string(facts["connectionString"]) as client:
            blob = client.create_container("kept").upload_blob("document", b"{}")
            stack.restart("storage")
            assert stack.facts["storage"] == facts
            assert blob.download_blob().readall() == b"{}"


def test_the_access_log_has_every_transaction(tmp_path: Path) -> None:
    """What the SDK sends is what is counted."""
    with Stack(Options(tmp_path), lambda options: [Storage(options)]) as stack:
        connection = stack.facts["storage"]["connectionString"]
        transactions = Transactions(stack.log("storage"))
        with BlobServiceClient.from_connection_string(connection) as client:
            container = client.create_container("counted")
            container.upload_blob("document", b"{}")
            container.download_blob("document").readall()
            list(container.list_blobs())
    # Only now, because a request is logged a moment after its answer.
    sent = {"container.create": 1, "blob.put": 1, "blob.get": 1, "blob.list": 1}
    seen = transactions.snapshot()
    del seen["account.list"]  # the stack itself asked whether the services answer
    assert seen == sent
