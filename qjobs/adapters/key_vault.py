"""The coordinates of the quantum workspace as a secret in Key Vault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qjobs.adapters.client_options import one_attempt
from qjobs.settings import WorkspaceSettings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

SECRET = "quantum-workspace"  # noqa: S105 - its name
"""The secret with the coordinates: one, so that they change together."""
REQUIRED = ("subscriptionId", "resourceGroup", "name", "location")
"""The members that its value, a JSON object, must have."""


def workspace_in_vault(vault_uri: str, credential: TokenCredential) -> WorkspaceSettings:
    """Return the coordinates in the secret `SECRET`: a JSON object.

    Its members are `subscriptionId`, `resourceGroup`, `name`, `location` and, to spare the resource
    manager a question, `endpoint`.

    Raises:
        ValueError: the secret has no coordinates.
        azure.core.exceptions.AzureError: the vault does not respond, or refuses.

    """
    from azure.keyvault.secrets import SecretClient  # noqa: PLC0415 - 0.25 s to import

    with SecretClient(vault_uri, credential, **one_attempt()) as client:
        text = client.get_secret(SECRET).value
    try:
        members = json.loads(text or "")
        subscription_id, resource_group, name, location = (str(members[one]) for one in REQUIRED)
        endpoint = members.get("endpoint")
    except (ValueError, LookupError, TypeError, AttributeError):
        # Without the cause: its message may quote the secret.
        message = f"The secret {SECRET} is no JSON object with {', '.join(REQUIRED)}."
        raise ValueError(message) from None
    return WorkspaceSettings(
        subscription_id=subscription_id,
        resource_group=resource_group,
        name=name,
        location=location,
        endpoint=endpoint,
    )
