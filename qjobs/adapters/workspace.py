"""The connection to the quantum workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure.core import PipelineClient
from azure.core.credentials import AzureKeyCredential, TokenCredential
from azure.quantum.workspace import (
    ConnectionConstants,
    Workspace,
    WorkspaceClient,
    WorkspaceMgmtClient,
)

from qjobs.adapters.client_options import one_attempt, shared_transport

if TYPE_CHECKING:
    from qjobs.settings import WorkspaceSettings


def connect(
    workspace: WorkspaceSettings, credential: TokenCredential | AzureKeyCredential
) -> Workspace:
    """Return a client; nothing is sent before its first use if the endpoint is known.

    It sends every request once, and waits for no response longer than client_options.py says.

    Args:
        workspace: the workspace; without its endpoint the resource manager is asked for it
        credential: never left to the SDK, whose default ends in an interactive browser

    Raises:
        ValueError: the resource manager knows no such workspace.
        RuntimeError: it does not respond.
        azure.core.exceptions.AzureError: it refuses.

    """
    return _OneAttemptWorkspace(
        subscription_id=workspace.subscription_id,
        resource_group=workspace.resource_group,
        name=workspace.name,
        location=workspace.location,
        credential=credential,
        # The SDK has no public way to name the endpoint, nor to say how often its clients try.
        _mgmt_client=_OneAttemptManagement(credential, ConnectionConstants.ARM_PRODUCTION_ENDPOINT),
        **({"_quantum_endpoint": workspace.endpoint} if workspace.endpoint else {}),
    )


class _OneAttemptWorkspace(Workspace):  # type: ignore[misc]  # the SDK ships no types
    def _create_client(self) -> WorkspaceClient:
        known = self._connection_params
        return WorkspaceClient(
            endpoint=known.quantum_endpoint,
            credential=known.get_credential_or_default(),
            credential_scopes=[ConnectionConstants.DATA_PLANE_CREDENTIAL_SCOPE],
            authentication_policy=known.get_auth_policy(),
            user_agent=known.get_full_user_agent(),
            transport=shared_transport(),
            **one_attempt(),
        )


class _OneAttemptManagement(WorkspaceMgmtClient):  # type: ignore[misc]  # likewise
    DEFAULT_RETRY_TOTAL = 0

    def __init__(self, credential: TokenCredential | AzureKeyCredential, base_url: str) -> None:
        super().__init__(credential, base_url)
        self._client = PipelineClient(base_url, policies=self._policies, **one_attempt())
