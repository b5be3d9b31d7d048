"""Differences between an answer and a recorded one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.integration.functions_host.exchange import Answer, recorded


def differences(answer: Answer, response: Mapping[str, Any], app: Path) -> Iterator[object]:
    """Yield what an answer of an app in a folder has otherwise than the recorded one."""
    for name, value in recorded(response).said().items():
        if value != answer.said()[name]:
            yield name, answer.said()[name], "recorded", value
    if "seen" in response:
        yield from _unlike_seen(answer.body, response["seen"])
    else:
        yield from _unlike_body(answer.body.replace(str(app).encode(), b"<root>"), response)


def _unlike_body(body: bytes, response: Mapping[str, Any]) -> Iterator[object]:
    if "bodyHex" in response:
        wanted = bytes.fromhex(response["bodyHex"])
    elif "bodyLength" in response:
        wanted = (response["bodyStart"][:1] * response["bodyLength"]).encode()
    else:
        wanted = response.get("body", "").encode()
    told = "body" in response or wanted or "200" not in response["line"]
    process_ids = wanted.isdigit() and body.isdigit()
    if told and body != wanted and not process_ids:
        yield "body", body[:200], "recorded", wanted[:200]


def _unlike_seen(body: bytes, seen: Mapping[str, Any]) -> Iterator[object]:
    """Yield what the function was given otherwise."""
    try:
        given = json.loads(body)
    except ValueError:
        yield "body", body[:200]
        return
    absent = {
        "headers": [["host", "host.test"]],
        "params": [],
        "routeParams": {},
        "bodyType": "bytes",
        "bodyLength": 0,
        "body": "",
        "form": [],
    }
    for name, value in (absent | dict(seen)).items():
        ours = _shortened(given[name], value)
        if ours != value:
            yield name, ours, "recorded", value


def _shortened(ours: Any, like: Any) -> Any:  # noqa: ANN401 - of JSON
    """Write what is too long as the recording does."""
    if isinstance(like, str) and like.endswith(" characters"):
        return f"{len(ours)} characters"
    if isinstance(like, str) and like.endswith(" headers"):
        return f"{len(ours)} headers"
    if isinstance(ours, list) and isinstance(like, list) and len(ours) == len(like):
        return [_shortened(*pair) for pair in zip(ours, like, strict=True)]
    if isinstance(ours, dict) and isinstance(like, dict) and ours.keys() == like.keys():
        return {name: _shortened(value, like[name]) for name, value in ours.items()}
    return ours
