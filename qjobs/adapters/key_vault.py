"""Where the workspace is, as the key vault says it."""

from __future__ import annotations

import json

from azure.core.credentials import TokenCredential
from azure.keyvault.secrets import SecretClient

from qjobs.adapters.workspace import WorkspaceAddress

SECRET = "quantum-workspace"  # noqa: S105 - its name
"""The secret with the coordinates: one, so that they change together."""
REQUIRED = ("subscriptionId", "resourceGroup", "name", "location")
"""What its value, a JSON object, has to have."""


def workspace_in_vault(vault_uri: str, credential: TokenCredential) -> WorkspaceAddress:
    """Return the coordinates in the secret `SECRET`: a JSON object.

    Its members are `subscriptionId`, `resourceGroup`, `name`, `location` and, to spare the resource
    manager a question, `endpoint`.

    Raises:
        ValueError: the secret has no coordinates.
        azure.core.exceptions.AzureError: the vault does not answer, or refuses.

    """
    with SecretClient(vault_uri, credential) as client:
        text = client.get_secret(SECRET).value
    try:
        members = json.loads(text or "")
        subscription_id, resource_group, name, location = (str(members[one]) for one in REQUIRED)
        endpoint = members.get("endpoint")
    except (ValueError, LookupError, TypeError, AttributeError):
        # Without the cause: its message may quote the secret.
        message = f"The secret {SECRET} is no JSON object with {', '.join(REQUIRED)}."
        raise ValueError(message) from None
    return WorkspaceAddress(subscription_id, resource_group, name, location, endpoint)
