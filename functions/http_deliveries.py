"""Routes of deliveries: ping a webhook, list its deliveries, replay them."""

from __future__ import annotations

from http import HTTPStatus

import azure.functions as func

from functions.caller import owner_of
from functions.endpoint import endpoint
from functions.parameters import QUERY
from functions.rendering import json_response, list_document
from functions.requests import base_url, delivery_status, json_body, page_size
from functions.webhook_documents import delivery_document, webhook_url
from qjobs.bootstrap import services

bp = func.Blueprint()


@bp.function_name("ping_webhook")
@bp.route(route="webhooks/{id}/ping", methods=["POST"])
@endpoint
async def ping_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """Send a ping to a webhook: 202 with its delivery."""
    ping = await services().deliveries.ping(owner_of(req), req.route_params["id"])
    return json_response(delivery_document(ping), HTTPStatus.ACCEPTED)


@bp.function_name("list_deliveries")
@bp.route(route="webhooks/{id}/deliveries", methods=["GET"])
@endpoint
async def list_deliveries(req: func.HttpRequest) -> func.HttpResponse:
    """Return a page of the deliveries of a webhook, those of the newest job first."""
    webhook_id, owner, token = (
        req.route_params["id"],
        owner_of(req),
        req.params.get("continuationToken"),
    )
    status, size = delivery_status(req), page_size(req)
    page = await services().deliveries.page(owner, webhook_id, status, size, token)
    document = list_document(
        [delivery_document(one.delivery) for one in page.deliveries],
        f"{webhook_url(base_url(req), webhook_id.lower())}/deliveries",
        {name: text for name, text in req.params.items() if name in QUERY["list_deliveries"]},
        page.continuation,
    )
    following = document["nextLink"]
    return json_response(
        document, headers={"Link": f'<{following}>; rel="next"'} if following else {}
    )


@bp.function_name("replay_delivery")
@bp.route(route="webhooks/{id}/deliveries/{eventId}/replay", methods=["POST"])
@endpoint
async def replay_delivery(req: func.HttpRequest) -> func.HttpResponse:
    """Send an event again: 202 with its delivery."""
    again = await services().deliveries.replay(
        owner_of(req), req.route_params["id"], req.route_params["eventId"]
    )
    return json_response(delivery_document(again), HTTPStatus.ACCEPTED)


@bp.function_name("replay_deliveries")
@bp.route(route="webhooks/{id}/replay", methods=["POST"])
@endpoint
async def replay_deliveries(req: func.HttpRequest) -> func.HttpResponse:
    """Send again what failed since a time: 202 with the number of events."""
    use = services()
    body = json_body(req, use.settings.largest_body)
    again = await use.deliveries.replay_failed(owner_of(req), req.route_params["id"], body)
    return json_response({"replayed": again.number, "more": again.more}, HTTPStatus.ACCEPTED)
