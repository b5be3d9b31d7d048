"""The proxy of the storage account, in the steps of the extension of VS Code."""

from __future__ import annotations

import time
import uuid
from urllib.parse import urlsplit

import httpx
import pytest

from azure_quantum_emulator.testing import RunningEmulator
from emulator_support import qir_text as text
from emulator_support.patience import PATIENCE

VERSION = {"api-version": "2022-09-12-preview"}
COIN = text.module(
    [text.call("x__body", text.qubit(0)), text.measure(0, 0), *text.register(0)],
    qubits=1,
    results=1,
)


def proxied(
    emulator: RunningEmulator, method: str, address: str, content: bytes = b"", **headers: str
) -> httpx.Response:
    """Send a request to the account through the emulator."""
    return emulator.control.request(
        method,
        emulator.path.replace("workspaces", "Workspaces") + "/storage/proxy",
        params=VERSION,
        content=content,
        headers={"x-proxy-to": address, "x-ms-version": "2023-01-03", **headers},
    )


@pytest.mark.parametrize("in_path", [True, False])
def test_a_job_goes_through_the_proxy(emulator: RunningEmulator, in_path: bool) -> None:
    """Its container is created, its input written and its output read; with the account or not.

    The extension takes the account for the host, as it is on Azure, and leaves the path out.
    """
    job_id = str(uuid.uuid4())
    sas = emulator.control.post(
        f"{emulator.path}/storage/sasUri", json={"containerName": job_id}, params=VERSION
    ).json()["sasUri"]
    parts = urlsplit(sas)
    account = f"{parts.scheme}://{parts.netloc}"
    if in_path:
        account += parts.path.removesuffix(f"/{job_id}")
    created = proxied(emulator, "PUT", f"{account}/{job_id}?restype=container&{parts.query}")
    assert created.status_code == 201
    source = f"{account}/{job_id}/inputData"
    headers = {"x-ms-blob-type": "BlockBlob", "content-type": "text/plain"}
    written = proxied(emulator, "PUT", f"{source}?{parts.query}", COIN, **headers)
    assert written.status_code == 201
    body = {
        "id": job_id,
        "name": "from an editor",
        "providerId": "rigetti",
        "target": "rigetti.sim.qvm",
        "itemType": "Job",
        "containerUri": sas,
        "inputDataUri": source,
        "inputDataFormat": "qir.v1",
        "outputDataFormat": "microsoft.quantum-results.v1",
        "inputParams": {
            "entryPoint": "ENTRYPOINT__main",
            "arguments": [],
            "count": 10,
            "shots": 10,
        },
    }
    path = f"{emulator.path}/jobs/{job_id}"
    emulator.control.put(path, json=body, params=VERSION).raise_for_status()
    deadline = time.monotonic() + PATIENCE
    while emulator.control.get(path, params=VERSION).json()["status"] != "Succeeded":
        assert time.monotonic() < deadline
    output = emulator.control.post(
        f"{emulator.path}/storage/sasUri",
        json={"containerName": job_id, "blobName": "outputData"},
        params=VERSION,
    ).json()["sasUri"]
    read = proxied(emulator, "GET", output)
    assert read.status_code == 200
    assert read.json() == {"Histogram": ["[1]", 1.0]}


def test_the_account_decides_what_the_address_permits(emulator: RunningEmulator) -> None:
    """The proxy adds no key of its own: without a signature nothing is read or written."""
    sas = emulator.control.post(
        f"{emulator.path}/storage/sasUri", json={"containerName": "private"}, params=VERSION
    ).json()["sasUri"]
    bare = sas.partition("?")[0]
    for method in ("GET", "PUT", "DELETE"):
        assert proxied(emulator, method, f"{bare}?restype=container").status_code in {403, 404}
