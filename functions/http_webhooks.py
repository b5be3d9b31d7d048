"""Routes of webhooks: register, list, get, delete, rotate."""

from __future__ import annotations

from http import HTTPStatus

import azure.functions as func

from functions.caller import owner_of
from functions.endpoint import endpoint
from functions.rendering import json_response, list_document
from functions.requests import base_url, idempotency_key, json_body
from functions.webhook_documents import webhook_document, webhook_url
from qjobs.bootstrap import services
from qjobs.domain.webhook import WebhookStatus

bp = func.Blueprint()


@bp.function_name("register_webhook")
@bp.route(route="webhooks", methods=["POST"])
@endpoint
async def register_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """Register a webhook and send it a ping: 201 with its secret."""
    use, base, owner = services(), base_url(req), owner_of(req)
    body = json_body(req, use.settings.largest_body)
    made = await use.webhooks.register(owner, body, base, idempotency_key(req))
    webhook = made.webhook
    if webhook.status is WebhookStatus.UNVERIFIED:
        await use.deliveries.ping(owner, webhook.id)
    headers = {"Location": webhook_url(base, webhook.id)}
    if made.replayed:
        headers["Idempotent-Replayed"] = "true"
    return json_response(webhook_document(base, webhook, made.secret), HTTPStatus.CREATED, headers)


@bp.function_name("list_webhooks")
@bp.route(route="webhooks", methods=["GET"])
@endpoint
async def list_webhooks(req: func.HttpRequest) -> func.HttpResponse:
    """Return the webhooks of the caller, the oldest first."""
    base, found = base_url(req), await services().webhooks.list(owner_of(req))
    return json_response(list_document([webhook_document(base, one) for one in found]))


@bp.function_name("get_webhook")
@bp.route(route="webhooks/{id}", methods=["GET"])
@endpoint
async def get_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """Return a webhook, without its secret."""
    webhook = await services().webhooks.get(owner_of(req), req.route_params["id"])
    return json_response(webhook_document(base_url(req), webhook))


@bp.function_name("delete_webhook")
@bp.route(route="webhooks/{id}", methods=["DELETE"])
@endpoint
async def delete_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """Delete a webhook, and return it as it was."""
    webhook = await services().webhooks.delete(owner_of(req), req.route_params["id"])
    return json_response(webhook_document(base_url(req), webhook))


@bp.function_name("rotate_webhook")
@bp.route(route="webhooks/{id}/rotate", methods=["POST"])
@endpoint
async def rotate_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """Return a webhook with a new secret."""
    made = await services().webhooks.rotate(owner_of(req), req.route_params["id"])
    return json_response(webhook_document(base_url(req), made.webhook, made.secret))
