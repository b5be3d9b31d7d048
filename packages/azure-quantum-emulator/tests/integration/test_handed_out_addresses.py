"""Signed addresses of blobs: what clients do with those that they were given."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from azure_quantum_emulator.api.versions import PUBLISHED
from azure_quantum_emulator.testing import RunningEmulator
from emulator_support.patience import PATIENCE

CREATE = {"x-ms-blob-type": "BlockBlob"}
BLOBS = httpx.Client(timeout=PATIENCE)
CIRCUIT = {"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}
BEFORE = [version for version in PUBLISHED if version < "2026"]
"""The versions whose clients create the container."""


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    """Close the connections to the account at the end."""
    yield
    BLOBS.close()


def sas_uri(emulator: RunningEmulator, version: str, container: str, blob: str = "") -> str:
    """Ask for an address."""
    body = {"containerName": container} | ({"blobName": blob} if blob else {})
    answer = emulator.control.post(
        f"{emulator.path}/storage/sasUri", json=body, params={"api-version": version}
    )
    return str(answer.raise_for_status().json()["sasUri"])


def within(uri: str, blob: str) -> str:
    """Return the address of a blob in the container at *uri*."""
    return urlsplit(uri)._replace(path=f"{urlsplit(uri).path}/{blob}").geturl()


def container_request(method: str, uri: str) -> int:
    """Send a request about the container itself; return the status."""
    return BLOBS.request(method, f"{uri}&restype=container").status_code


@pytest.mark.parametrize("version", BEFORE)
def test_an_older_client_asks_for_its_container_and_creates_it(
    emulator: RunningEmulator, version: str
) -> None:
    """As recorded: it is not there, is created, is there, and takes a blob."""
    uri = sas_uri(emulator, version, f"job-{uuid.uuid4()}")
    statuses = [container_request(method, uri) for method in ("GET", "PUT", "GET")]
    assert statuses == [404, 201, 200]
    assert BLOBS.put(within(uri, "inputData"), content=b"x", headers=CREATE).status_code == 201
    listed = BLOBS.get(f"{uri}&restype=container&comp=list")
    assert (listed.status_code, "<Name>inputData</Name>" in listed.text) == (200, True)


def test_an_older_client_gets_the_signature_that_was_recorded(emulator: RunningEmulator) -> None:
    """It is an account SAS for containers and objects of the blob service."""
    query = parse_qs(urlsplit(sas_uri(emulator, BEFORE[-1], "job-a")).query)
    assert {name: query[name] for name in ("ss", "srt", "sp")} == {
        "ss": ["b"],
        "srt": ["co"],
        "sp": ["rwlac"],
    }


def test_a_newer_client_finds_its_container_created(emulator: RunningEmulator) -> None:
    """It writes its input at once; the signature is for this container alone."""
    uri = sas_uri(emulator, PUBLISHED[-1], f"job-{uuid.uuid4()}")
    assert BLOBS.put(within(uri, "inputData"), content=b"x", headers=CREATE).status_code == 201
    other = sas_uri(emulator, PUBLISHED[-1], f"job-{uuid.uuid4()}")
    foreign = urlsplit(other)._replace(query=urlsplit(uri).query).geturl()
    assert BLOBS.put(within(foreign, "inputData"), content=b"x", headers=CREATE).status_code == 403


@pytest.mark.parametrize("version", [BEFORE[-1], PUBLISHED[-1]])
def test_the_address_of_a_blob_writes_and_reads_it_and_no_other(
    emulator: RunningEmulator, version: str
) -> None:
    """A blob is created with it and read, and the one beside it is not."""
    container = f"job-{uuid.uuid4()}"
    container_request("PUT", sas_uri(emulator, BEFORE[-1], container))
    uri = sas_uri(emulator, version, container, "outputData")
    assert BLOBS.put(uri, content=b"x", headers=CREATE).status_code == 201
    assert BLOBS.get(uri).content == b"x"
    beside = uri.replace("outputData", "inputData")
    assert BLOBS.put(beside, content=b"x", headers=CREATE).status_code == 403


@pytest.mark.parametrize("version", [BEFORE[-1], PUBLISHED[-1]])
def test_the_addresses_in_a_job_read_its_blobs_and_write_none(
    emulator: RunningEmulator, version: str
) -> None:
    """Input and output are read with their addresses, and with that of the container."""
    job_id = str(uuid.uuid4())
    uri = sas_uri(emulator, version, f"job-{job_id}")
    container_request("PUT", uri)
    written = BLOBS.put(within(uri, "inputData"), content=json.dumps(CIRCUIT), headers=CREATE)
    assert written.status_code == 201
    body = {
        "name": "a job",
        "providerId": "ionq",
        "target": "ionq.simulator",
        "containerUri": uri,
        "inputDataFormat": "ionq.circuit.v1",
        "outputDataFormat": "ionq.quantum-results.v1",
    }
    path, query = f"{emulator.path}/jobs/{job_id}", {"api-version": version}
    emulator.control.put(path, json=body, params=query).raise_for_status()
    job = emulator.control.get(path, params=query).json()
    deadline = datetime.now(UTC) + timedelta(seconds=PATIENCE)
    while job["status"] != "Succeeded" and datetime.now(UTC) < deadline:
        job = emulator.control.get(path, params=query).json()
    assert BLOBS.get(job["inputDataUri"]).json() == CIRCUIT
    output = BLOBS.get(job["outputDataUri"])
    assert output.json()["histogram"] == {"1": 1.0}
    assert BLOBS.get(within(job["containerUri"], "rawOutputData")).content == output.content
    for read_only in (job["inputDataUri"], within(job["containerUri"], "inputData")):
        assert BLOBS.put(read_only, content=b"x", headers=CREATE).status_code == 403
