"""How the quantum workspace is reached."""

from __future__ import annotations

from dataclasses import dataclass

from azure.core.credentials import AzureKeyCredential
from azure.identity import ManagedIdentityCredential
from azure.quantum import Workspace


@dataclass(frozen=True, slots=True)
class WorkspaceAddress:
    """The coordinates of a workspace."""

    subscription_id: str
    resource_group: str
    name: str
    location: str
    endpoint: str | None = None
    """Its data plane; None asks the resource manager."""
    api_key: str | None = None
    """None uses the managed identity."""
    client_id: str | None = None
    """Of a user-assigned identity; None is the system-assigned one."""

    def connect(self) -> Workspace:
        """Return a client; nothing is sent before its first use if the endpoint is known."""
        # Never left to the SDK: its default credential ends in an interactive browser.
        credential = (
            AzureKeyCredential(self.api_key)
            if self.api_key
            else ManagedIdentityCredential(client_id=self.client_id)
        )
        return Workspace(
            subscription_id=self.subscription_id,
            resource_group=self.resource_group,
            name=self.name,
            location=self.location,
            credential=credential,
            # The SDK has no public way to name the address.
            **({"_quantum_endpoint": self.endpoint} if self.endpoint else {}),
        )
