"""Errors of OAuth 2.0 with the numbers and the words of Entra ID.

Source: Microsoft's page "Microsoft Entra authentication and authorization error codes".
"""

from __future__ import annotations

from typing import override


class RefusedError(Exception):
    """A request for a code or a token that is refused."""

    def __init__(self, error: str, number: int, detail: str) -> None:
        """Make the error.

        Args:
            error: its name in OAuth 2.0, such as `invalid_grant`
            number: of Entra ID
            detail: what is wrong

        """
        self.error = error
        self.number = number
        self.detail = detail
        super().__init__(error, number, detail)

    @override
    def __str__(self) -> str:
        return f"AADSTS{self.number}: {self.detail}"


def parameter(parameters: dict[str, str], name: str) -> str:
    """Return a parameter of a request.

    Raises:
        RefusedError: it is missing or empty.

    """
    if value := parameters.get(name):
        return value
    detail = f"The request must contain the following parameter: '{name}'."
    raise RefusedError("invalid_request", 900144, detail)


def unknown_tenant(tenant: str) -> RefusedError:
    """Return the refusal of a tenant that is not there."""
    return RefusedError("invalid_request", 90002, f"Tenant '{tenant[:64]}' not found.")


def unknown_client(client_id: str) -> RefusedError:
    """Return the refusal of an application without a registration."""
    detail = f"Application with identifier '{client_id[:64]}' was not found in the directory."
    return RefusedError("unauthorized_client", 700016, detail)
