"""Types of the facts that parts of the stack give when they are ready, as ready files have them."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class StorageFacts(TypedDict, total=False):
    """Azurite: a connection string, or the addresses of its services for tokens."""

    connectionString: str
    blobServiceUri: str
    queueServiceUri: str


class IdentityFacts(TypedDict):
    """The issuer of tokens."""

    url: str
    tenant: str
    signingKeyFile: str
    metadata: str
    """Address of the tenant's OpenID configuration."""
    identityHeaders: dict[str, str]
    """By the part that has a managed identity: the header that opens it."""


class WorkspaceFacts(TypedDict):
    """The emulator of the Azure Quantum workspace."""

    url: str
    subscriptionId: str
    resourceGroup: str
    name: str
    location: str
    apiKey: NotRequired[str]
    tlsUrl: NotRequired[str]


class FunctionsFacts(TypedDict):
    """The Functions host; without keys where they open nothing."""

    url: str
    key: NotRequired[str]
    masterKey: NotRequired[str]
    telemetry: NotRequired[str]
    """Folder of their spans and metrics."""


class ChannelFacts(TypedDict):
    """The channel to clients; without a key where it opens nothing."""

    url: str
    connectionString: NotRequired[str]


class ServerFacts(TypedDict):
    """A part of which nothing but its address matters."""

    url: str


class StackFacts(TypedDict, total=False):
    """By name, the facts of all parts that are ready: the content of the ready file of `up`."""

    storage: StorageFacts
    identity: IdentityFacts
    workspace: WorkspaceFacts
    vault: ServerFacts
    proxy: ServerFacts
    channel: ChannelFacts
    functions: FunctionsFacts
    gateway: ServerFacts
    page: ServerFacts
