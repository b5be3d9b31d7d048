"""The route of the channel over which a caller is told of its jobs."""

from __future__ import annotations

import azure.functions as func

from functions.caller import owner_of
from functions.endpoint import endpoint
from functions.rendering import json_response
from qjobs.bootstrap import services
from qjobs.domain.times import to_text

bp = func.Blueprint()


@bp.function_name("get_channel")
@bp.route(route="channel", methods=["GET"])
@endpoint
async def get_channel(req: func.HttpRequest) -> func.HttpResponse:
    """Return the address of the caller's channel; its token is a secret of the caller."""
    address = await services().open_channel(owner_of(req))
    return json_response(
        {
            "url": address.url,
            "protocol": address.protocol,
            "expiresAt": to_text(address.expires_at),
        }
    )
