"""The callers of a soak may call for as long as it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import jwt

from localdev.identity.tokens import Issuer, new_key
from localdev.stack.facts import StackFacts
from tools.soak.callers import connect
from tools.soak.workload import CALLERS

TENANT = "7e4a1f00-0000-4000-8000-000000000001"
BUSY = 4 * 3600
"""Seconds that a run may take where all else is busy."""


async def test_their_tokens_outlast_a_run(tmp_path: Path) -> None:
    """A job is submitted, and asked for, hours after the first one."""
    issuer = Issuer(TENANT, new_key())
    file = tmp_path / "key.pem"
    file.write_bytes(issuer.pem)
    facts: dict[str, Any] = {
        "identity": {"tenant": TENANT, "signingKeyFile": str(file)},
        "gateway": {"url": "http://127.0.0.1:1/quantum"},
    }

    async with connect(cast("StackFacts", facts)) as callers:
        for caller in CALLERS:
            _, _, token = callers.sessions[caller].headers["authorization"].partition(" ")
            claims = jwt.decode(token, options={"verify_signature": False})
            assert claims["exp"] - claims["iat"] > BUSY
