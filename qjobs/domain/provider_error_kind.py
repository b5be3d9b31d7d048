"""Kinds of error of a quantum provider, as metrics and spans tell them apart."""

from __future__ import annotations

from enum import StrEnum


class ProviderErrorKind(StrEnum):
    """The kinds of error of a provider that an operator tells apart."""

    NO_RESPONSE = "no-response"
    """Nothing came back in time, or no connection was made."""
    NOT_CALLED = "not-called"
    """Others got no response, so it was not called."""
    THROTTLED = "throttled"
    """429: too many requests."""
    SERVER_ERROR = "server-error"
    """A status that says that it may work later."""
    UNREADABLE = "unreadable"
    """A response that is not what it should be."""
    IDENTITY_REFUSED = "identity-refused"
    """The workspace does not know, or not admit, the identity of the functions."""
    STORAGE = "linked-storage"
    """The storage account of the workspace."""
    NOT_FOUND = "workspace-not-found"
    """Vault or resource manager do not say where the workspace is."""
    QUOTA = "quota"
    """What was paid for is used up."""
    NO_TARGET = "no-target"
    """The target is not there, or not any more."""
    REJECTED = "rejected"
    """The program or its options are refused."""
