"""The proxy of the storage account, for clients in a browser that the account does not answer."""

from __future__ import annotations

import aiohttp
from azure.core.exceptions import ServiceResponseError
from starlette.requests import Request
from starlette.responses import Response

from azure_quantum_emulator.api.requests import workspace_of
from azure_quantum_emulator.api.versions import api_version
from azure_quantum_emulator.errors import InvalidRequestError

METHODS = ("GET", "HEAD", "PUT", "DELETE")
DESTINATION = "x-proxy-to"
"""The header with the signed address of a container or a blob."""
_KEPT = frozenset({"content-type", "etag", "last-modified", "content-range", "content-md5"})
"""Headers of the account's responses that are passed on, besides those of Azure."""


async def forward(request: Request) -> Response:
    """`PUT storage/proxy`, or another method: send the request on to the address in its header."""
    api_version(request)
    destination = request.headers.get(DESTINATION)
    if not destination:
        raise InvalidRequestError("InvalidRequest", f"The header {DESTINATION} is missing.")
    address = workspace_of(request).storage.own_address(destination)
    # The token or the key is for the workspace; the signature in the address is for the account.
    headers = {
        name: value
        for name, value in request.headers.items()
        if name == "content-type" or (name.startswith("x-ms-") and "quantum" not in name)
    }
    body = await request.body()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.request(request.method, address, headers=headers, data=body) as response,
        ):
            kept = {
                name: value
                for name, value in response.headers.items()
                if name.lower() in _KEPT or name.lower().startswith("x-ms-")
            }
            return Response(await response.read(), response.status, kept)
    except aiohttp.ClientError as error:
        raise ServiceResponseError("The account does not respond.") from error
