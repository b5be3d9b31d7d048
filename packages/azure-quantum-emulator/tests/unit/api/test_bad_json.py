"""Bodies that are no JSON, or JSON that cannot be shown: refused by every operation, not stored."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from emulator_support.data_plane import PATH, STORAGE, guid

BAD = {
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "overflow": "1e400",
    "more than 64 bits": "9223372036854775808",
    "thousands of digits": "7" * 5000,
    "half a character": r'"\ud83d"',
    "half a character as a name": r'{"\ude00": 1}',
    "nested deeply": "[" * 500 + "]" * 500,
    "nested beyond reading": "[" * 200_000 + "]" * 200_000,
}
JOB = {
    "name": "a job",
    "providerId": "local",
    "target": "local.sim.aer",
    "containerUri": f"{STORAGE}/job-1",
    "inputDataFormat": "qir.v1",
}
SESSION = {"name": "a session", "providerId": "local", "target": "local.sim.aer"}
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a job": ("PUT", f"{PATH}/jobs/{guid()}", JOB),
    "a session": ("PUT", f"{PATH}/sessions/{guid()}", SESSION),
    "a change": ("PATCH", f"{PATH}/jobs/{guid(2)}", {"name": "other"}),
    "an address": ("POST", f"{PATH}/storage/sasUri", {"containerName": "job-1"}),
    "a seed": ("POST", "/emulator/seed", {"value": []}),
    "settings": ("PUT", "/emulator/settings", {"seed": 1}),
    "a change of settings": ("PATCH", "/emulator/settings", {"seed": 1}),
    "a fault": ("POST", "/emulator/faults", {"operation": "*", "status": 503}),
    "a time": ("POST", "/emulator/clock/advance", {"by": 1}),
}
LISTS = [f"{PATH}/jobs", f"{PATH}/sessions", f"{PATH}/topLevelItems", "/emulator/jobs"]


def with_member(body: dict[str, Any], value: str) -> bytes:
    """Return a body with one more member, in a place where any value may be."""
    return json.dumps({**body, "inputParams": {"x": "?"}}).replace('"?"', value).encode()


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
@pytest.mark.parametrize(("method", "path", "body"), BODIES.values(), ids=BODIES)
async def test_a_body_that_is_no_json_is_refused(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any], value: str
) -> None:
    """It is the client's fault, and nothing is kept of it: every list can be shown afterwards."""
    refused = await client.request(method, path, content=with_member(body, value))

    assert refused.status_code == 400, refused.text
    for listed in LISTS:
        found = (await client.get(listed)).json()
        assert found in ([], {"value": [], "nextLink": None})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
async def test_a_body_in_another_encoding_is_refused(
    client: httpx.AsyncClient, encoding: str
) -> None:
    """JSON is UTF-8, whatever Python makes of others."""
    body = json.dumps({**JOB, "name": "é"}, ensure_ascii=False).encode(encoding)
    refused = await client.put(f"{PATH}/jobs/{guid()}", content=body)

    assert refused.status_code == 400
    assert "The body is not JSON" in refused.json()["error"]["message"]


async def test_the_message_names_the_value_and_is_short(client: httpx.AsyncClient) -> None:
    """A client reads what is wrong, and does not get its own five thousand digits back."""
    for value, words in (("NaN", "NaN is not a number"), ("7" * 5000, "is out of range")):
        refused = await client.put(f"{PATH}/jobs/{guid()}", content=with_member(JOB, value))
        message = refused.json()["error"]["message"]
        assert words in message
        assert len(message) < 200
