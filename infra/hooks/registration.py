"""Print the change that an app registration of Entra ID lacks, as JSON; nothing if it lacks none.

The registration is read from standard input, as Microsoft Graph has it. A change replaces a list as
a whole, so what somebody has added is in it as well. Only the standard library: it runs on
whichever Python 3 the machine has that deploys.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

Registration = Mapping[str, Any]


def with_redirects(registration: Registration, origin: str) -> dict[str, Any] | None:
    """Return the change after which sign-ins and sign-outs lead to the page at *origin*."""
    known = list((registration.get("spa") or {}).get("redirectUris") or [])
    lacking = [uri for uri in (f"{origin}/redirect.html", f"{origin}/") if uri not in known]
    return {"spa": {"redirectUris": known + lacking}} if lacking else None


def with_client(
    registration: Registration, client_id: str, scopes: Sequence[str]
) -> dict[str, Any] | None:
    """Return the change after which a client has scopes of this API without anybody's consent.

    Raises:
        ValueError: the API has no such scope, perhaps not yet.

    """
    api = registration.get("api") or {}
    ids = {scope["value"]: scope["id"] for scope in api.get("oauth2PermissionScopes") or []}
    if unknown := [scope for scope in scopes if scope not in ids]:
        raise ValueError(f"the API has no scope {', '.join(unknown)}")
    allowed = {
        client["appId"]: list(client.get("delegatedPermissionIds") or [])
        for client in api.get("preAuthorizedApplications") or []
    }
    own = allowed.setdefault(client_id, [])
    lacking = [ids[scope] for scope in scopes if ids[scope] not in own]
    if not lacking:
        return None
    own += lacking
    clients = [{"appId": app, "delegatedPermissionIds": listed} for app, listed in allowed.items()]
    return {"api": {"preAuthorizedApplications": clients}}


def main() -> int:
    """Print the change; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    redirect = commands.add_parser("redirect", help="addresses of the page")
    redirect.add_argument("origin")
    client = commands.add_parser("client", help="a client of the API")
    client.add_argument("client_id")
    client.add_argument("scopes", nargs="+")
    arguments = parser.parse_args()
    try:
        registration = json.load(sys.stdin)
        if arguments.command == "redirect":
            change = with_redirects(registration, arguments.origin)
        else:
            change = with_client(registration, arguments.client_id, arguments.scopes)
    except ValueError as error:
        print(f"registration: {error}", file=sys.stderr)  # noqa: T201 - its output
        return 1
    if change is not None:
        print(json.dumps(change))  # noqa: T201 - its output
    return 0


if __name__ == "__main__":
    sys.exit(main())
