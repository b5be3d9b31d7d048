"""Entra ID tenant of the local stack: applications, scopes, roles and managed identities.

The ids mean nothing; they are the same on every laptop, so that examples can be repeated.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

TENANT = "7e4a1f00-0000-4000-8000-000000000001"
API_CLIENT_ID = "7e4a1f00-0000-4000-8000-000000000002"
"""Of the API's app registration: the audience of v2 tokens."""
API_AUDIENCE = "api://qjobs"
"""Its application ID URI: the audience of v1 tokens."""
FUNCTIONS_AUDIENCE = "api://qjobs-functions"
"""Application ID URI of the functions' app registration: only the gateway has tokens for it."""
CLI_CLIENT_ID = "7e4a1f00-0000-4000-8000-000000000003"
"""Of the application with which people and programs get their tokens."""
PAGE_CLIENT_ID = "7e4a1f00-0000-4000-8000-00000000000a"
"""Of the web page: a public client, whose users sign in in a browser."""
SCOPES = ("jobs.read", "jobs.submit")
ROLES = ("jobs.reader", "jobs.submitter")
SECRETS_VARIABLE = "LOCALDEV_IDENTITY_SECRETS"
"""The environment variable with what opens each managed identity, as JSON by client id."""
HARDWARE_SCOPE, HARDWARE_ROLE = "jobs.hardware", "jobs.hardware-user"
"""Where hardware is reserved; in no token unless they are asked for."""


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """A user-assigned managed identity."""

    client_id: str
    object_id: str


GATEWAY = ManagedIdentity(
    "7e4a1f00-0000-4000-8000-000000000004", "7e4a1f00-0000-4000-8000-000000000005"
)
FUNCTIONS = ManagedIdentity(
    "7e4a1f00-0000-4000-8000-000000000006", "7e4a1f00-0000-4000-8000-000000000007"
)
WORKSPACE = ManagedIdentity(
    "7e4a1f00-0000-4000-8000-000000000008", "7e4a1f00-0000-4000-8000-000000000009"
)
IDENTITIES = {"gateway": GATEWAY, "functions": FUNCTIONS, "workspace": WORKSPACE}
"""By the part of the stack that each is assigned to."""


def object_id(caller: str) -> str:
    """Return the object id of the person or application called *caller*: always the same."""
    return str(uuid.uuid5(uuid.UUID(TENANT), caller))
