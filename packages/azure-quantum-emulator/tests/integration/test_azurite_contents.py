"""Azurite keeps what is in use, and no more, with any number of blobs of one name.

Its garbage collection runs every 0.1 s here instead of every 10 minutes, and in pages of 5 blobs
instead of 5,000: what happens to thousands of jobs happens to a dozen.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.storage.blob import BlobBlock, BlobServiceClient, ContainerClient

from azure_quantum_emulator.supervision import azurite
from azure_quantum_emulator.supervision.process import Process
from emulator_support.patience import PATIENCE

SOON = """
const load = require("node:module").createRequire(
  require("node:fs").realpathSync(process.argv[1])
);
const constants = load("./blob/utils/constants");
constants.DEFAULT_GC_INTERVAL_MS = 100;
constants.DEFAULT_LIST_BLOBS_MAX_RESULTS = 5;
const common = load("./common/utils/constants");
common.DEFAULT_EXTENT_GC_PROTECT_TIME_IN_MS = %d;
common.DEFAULT_MAX_EXTENT_SIZE = 1; // a file for each content
const collector = load("./blob/gc/BlobGCManager").default.prototype;
const { markSweep } = collector;
collector.markSweep = async function () {
  await markSweep.call(this);
  const contents = this.allExtentsProvider;
  const left = contents.db.getCollection(contents.EXTENTS_COLLECTION).data.length;
  console.log(`collected, ${left} contents left`);
};
"""
JOBS = 12


class Collecting:
    """An Azurite that collects garbage all the time."""

    def __init__(self, process: Process, connection: str) -> None:
        self._process = process
        self.service = BlobServiceClient.from_connection_string(connection, retry_total=0)

    def collected(self) -> int:
        """Wait for a collection that begins after this call; return how many contents are left."""
        before = len(self._collections())
        deadline = time.monotonic() + PATIENCE
        while len(found := self._collections()) < before + 2:
            assert time.monotonic() < deadline, self._process.tail()
            time.sleep(0.05)
        return int(found[-1])

    def _collections(self) -> list[str]:
        return re.findall(r"^collected, (\d+) contents left$", self._process.output(), re.MULTILINE)


@contextlib.contextmanager
def collecting(
    directory: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool = False, spared: int = 0
) -> Iterator[Collecting]:
    """Run Azurite, which spares for *spared* milliseconds what was just written."""
    soon = directory / "soon.cjs"
    soon.write_text(SOON % spared, encoding="utf-8")
    monkeypatch.setenv("NODE_OPTIONS", f"--require {soon}")
    line = azurite.command(azurite.FREE_PORTS, directory / "data" if kept else None)
    process = Process("azurite", line, log=directory / "azurite.log", cwd=Path.cwd())
    try:
        ports = process.wait_until(lambda: azurite.listening(process.output()), PATIENCE)
        found = Collecting(process, azurite.connection_string(ports))
        with found.service:
            yield found
    finally:
        process.stop()


def fill(service: BlobServiceClient) -> None:
    """Write some blobs, and for each job a container with its input."""
    records = service.create_container("jobs")
    for number in range(3):
        records.upload_blob(f"a{number}", b"record")
    for number in range(JOBS):
        service.create_container(f"job-{number}").upload_blob("inputData", b"program %d" % number)


def inputs(service: BlobServiceClient) -> list[bytes]:
    """Return the inputs of all jobs."""
    return [content(service.get_container_client(f"job-{n}"), "inputData") for n in range(JOBS)]


def content(container: ContainerClient, name: str) -> bytes:
    """Return the content of a blob."""
    return container.download_blob(name).readall()


def test_contents_under_equal_names_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The input of every job can be read after a collection."""
    with collecting(tmp_path, monkeypatch) as storage:
        fill(storage.service)
        storage.collected()
        assert inputs(storage.service) == [b"program %d" % number for number in range(JOBS)]


def test_contents_that_are_kept_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the collection with which Azurite begins takes them, nor a later one."""
    with collecting(tmp_path, monkeypatch, kept=True) as storage:
        fill(storage.service)
    with collecting(tmp_path, monkeypatch, kept=True) as storage:
        storage.collected()
        assert inputs(storage.service) == [b"program %d" % number for number in range(JOBS)]


def test_snapshots_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have the name of their blob, too."""
    with collecting(tmp_path, monkeypatch) as storage:
        blob = storage.service.create_container("jobs").get_blob_client("a")
        snapshots = []
        for number in range(JOBS):
            blob.upload_blob(b"version %d" % number, overwrite=True)
            snapshots.append(str(blob.create_snapshot()["snapshot"]))
        storage.collected()
        for number, snapshot in enumerate(snapshots):
            old = storage.service.get_blob_client("jobs", "a", snapshot=snapshot)
            assert old.download_blob().readall() == b"version %d" % number


def test_blocks_stay_until_they_are_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload in blocks may take longer than until the next collection."""
    with collecting(tmp_path, monkeypatch) as storage:
        fill(storage.service)
        blob = storage.service.get_blob_client("job-0", "outputData")
        blob.stage_block("1", b"one ")
        storage.collected()
        blob.stage_block("2", b"two")
        blob.commit_block_list([BlobBlock("1"), BlobBlock("2")])
        storage.collected()
        assert blob.download_blob().readall() == b"one two"


def test_contents_out_of_use_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was replaced or deleted takes no memory after a collection."""
    with collecting(tmp_path, monkeypatch) as storage:
        fill(storage.service)
        records = storage.service.get_container_client("jobs")
        for number in range(JOBS):
            records.upload_blob("a0", b"version %d" % number, overwrite=True)
        storage.service.delete_container("job-0")
        assert storage.collected() == 3 + JOBS - 1
        assert content(records, "a0") == b"version %d" % (JOBS - 1)


def test_what_was_just_written_is_spared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its blob may be about to be created, so a collection leaves it alone for ten minutes."""
    with collecting(tmp_path, monkeypatch, spared=600_000) as storage:
        records = storage.service.create_container("jobs")
        for number in range(JOBS):
            records.upload_blob("a", b"version %d" % number, overwrite=True)
        assert storage.collected() == JOBS
