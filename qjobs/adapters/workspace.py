"""How the quantum workspace is reached."""

from __future__ import annotations

from dataclasses import dataclass

from azure.core.credentials import AzureKeyCredential, TokenCredential
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

    def connect(self, credential: TokenCredential | AzureKeyCredential) -> Workspace:
        """Return a client; nothing is sent before its first use if the endpoint is known.

        Args:
            credential: never left to the SDK, whose default ends in an interactive browser

        Raises:
            ValueError: the resource manager knows no such workspace.
            azure.core.exceptions.AzureError: it does not answer, or refuses.

        """
        return Workspace(
            subscription_id=self.subscription_id,
            resource_group=self.resource_group,
            name=self.name,
            location=self.location,
            credential=credential,
            # The SDK has no public way to name the address.
            **({"_quantum_endpoint": self.endpoint} if self.endpoint else {}),
        )
