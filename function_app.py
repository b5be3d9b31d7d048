"""The function app: a list of blueprints, and nothing else."""

from __future__ import annotations

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
    queue_outputs,
    queue_poison,
    queue_work,
    timer_reconcile,
)
from functions.caller import auth_level

app = func.FunctionApp(http_auth_level=auth_level())
for _module in (
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
    queue_outputs,
    queue_poison,
    queue_work,
    timer_reconcile,
):
    app.register_functions(_module.bp)
