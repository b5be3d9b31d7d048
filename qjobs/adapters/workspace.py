"""The connection to the quantum workspace."""

from __future__ import annotations

from azure.core.credentials import AzureKeyCredential, TokenCredential
from azure.quantum import Workspace

from qjobs.settings import WorkspaceSettings


def connect(
    workspace: WorkspaceSettings, credential: TokenCredential | AzureKeyCredential
) -> Workspace:
    """Return a client; nothing is sent before its first use if the endpoint is known.

    Args:
        workspace: the workspace; without its endpoint the resource manager is asked for it
        credential: never left to the SDK, whose default ends in an interactive browser

    Raises:
        ValueError: the resource manager knows no such workspace.
        azure.core.exceptions.AzureError: it does not respond, or refuses.

    """
    return Workspace(
        subscription_id=workspace.subscription_id,
        resource_group=workspace.resource_group,
        name=workspace.name,
        location=workspace.location,
        credential=credential,
        # The SDK has no public way to name the endpoint.
        **({"_quantum_endpoint": workspace.endpoint} if workspace.endpoint else {}),
    )
