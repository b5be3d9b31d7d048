"""The HTTP routes of the function app."""

from __future__ import annotations

import json

import azure.functions as func

from functions import (
    http_catalogue,
    http_channel,
    http_deliveries,
    http_estimate,
    http_functions_health,
    http_health,
    http_jobs,
    http_openapi,
    http_targets,
    http_webhooks,
)


def http_routes() -> set[tuple[str, str]]:
    """Return verb and path of every HTTP function, below the route prefix."""
    app = func.FunctionApp()
    for module in (
        http_catalogue,
        http_channel,
        http_deliveries,
        http_estimate,
        http_functions_health,
        http_health,
        http_jobs,
        http_openapi,
        http_targets,
        http_webhooks,
    ):
        app.register_functions(module.bp)
    triggers = [json.loads(one.get_raw_bindings()[-2]) for one in app.get_functions()]
    return {(verb, f"/{one['route']}") for one in triggers for verb in one["methods"]}
