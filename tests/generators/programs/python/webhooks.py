"""Opens the channel, and does with a webhook all that can be done with one."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from qjobs_client import Client
from qjobs_client.api.jobs import get_channel
from qjobs_client.api.webhooks import (
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    ping_webhook,
    register_webhook,
    replay_deliveries,
    replay_delivery,
    rotate_webhook,
)
from qjobs_client.models import (
    DeliveryStatus,
    ReplayRequest,
    WebhookEvent,
    WebhookRegistration,
)

client = Client(sys.argv[1])

channel = get_channel.sync(client=client)
made = register_webhook.sync(
    client=client,
    body=WebhookRegistration(
        "https://receiver.example/hook", events=[WebhookEvent.FAILED, WebhookEvent.CANCELED]
    ),
)
found = get_webhook.sync(made.id, client=client)
ping = ping_webhook.sync(made.id, client=client)
failed = list_deliveries.sync(made.id, client=client, status=DeliveryStatus.FAILED, top=1).value
again = replay_delivery.sync(made.id, failed[0].id, client=client)
since = ReplayRequest(datetime(2026, 1, 1, tzinfo=UTC))
rest = replay_deliveries.sync(made.id, client=client, body=since)
rotated = rotate_webhook.sync(made.id, client=client)
listed = list_webhooks.sync(client=client).value
deleted = delete_webhook.sync(made.id, client=client)
gone = get_webhook.sync_detailed(made.id, client=client)
printed = {
    "channel": f"{channel.protocol} at {channel.url[:6]}",
    "made": f"{made.status} for {' '.join(made.events)}, secret {made.secret[:6]}",
    "found": f"{found.status}, secret {json.dumps(found.secret)}, "
    f"reason {json.dumps(found.disabled_reason)}",
    "ping": f"{ping.type_} {ping.status}, job {json.dumps(ping.job_id)}",
    "failed": f"{len(failed)} {failed[0].type_} after {failed[0].attempts[0].http_status}",
    "again": f"{again.status}, then {rest.replayed} more and {json.dumps(rest.more)}",
    "rotated": f"{'the same' if rotated.secret == made.secret else 'another'} secret",
    "listed": f"{len(listed)} {listed[0].status}",
    "deleted": f"{deleted.url}, then {gone.status_code} {gone.parsed.code}",
}
print(json.dumps(printed))
