import {
  deleteWebhook, getChannel, getWebhook, listDeliveries, listWebhooks, pingWebhook, registerWebhook,
  replayDeliveries, replayDelivery, rotateWebhook,
} from "./qjobs/sdk.gen.js";
import { client } from "./qjobs/client.gen.js";
import type { WebhookRegistration } from "./qjobs/types.gen.js";

const [url] = process.argv.slice(2) as [string];
client.setConfig({ baseUrl: url });

const body: WebhookRegistration = {
  url: "https://receiver.example/hook",
  events: ["Failed", "Canceled"],
};
const channel = (await getChannel({ throwOnError: true })).data;
const made = (await registerWebhook({ body, throwOnError: true })).data;
const path = { id: made.id };
const found = (await getWebhook({ path, throwOnError: true })).data;
const ping = (await pingWebhook({ path, throwOnError: true })).data;
const query = { status: "Failed", top: 1 } as const;
const failed = (await listDeliveries({ path, query, throwOnError: true })).data.value;
const event = { ...path, eventId: failed[0]?.id ?? "" };
const again = (await replayDelivery({ path: event, throwOnError: true })).data;
const since = { since: "2026-01-01T00:00:00Z" };
const rest = (await replayDeliveries({ path, body: since, throwOnError: true })).data;
const rotated = (await rotateWebhook({ path, throwOnError: true })).data;
const listed = (await listWebhooks({ throwOnError: true })).data.value;
const deleted = (await deleteWebhook({ path, throwOnError: true })).data;
const gone = await getWebhook({ path });
console.log(JSON.stringify({
  channel: `${channel.protocol} at ${channel.url.slice(0, 6)}`,
  made: `${made.status} for ${made.events.join(" ")}, secret ${made.secret?.slice(0, 6)}`,
  found: `${found.status}, secret ${found.secret}, reason ${found.disabledReason}`,
  ping: `${ping.type} ${ping.status}, job ${ping.jobId}`,
  failed: `${failed.length} ${failed[0]?.type} after ${failed[0]?.attempts[0]?.httpStatus}`,
  again: `${again.status}, then ${rest.replayed} more and ${rest.more}`,
  rotated: `${rotated.secret === made.secret ? "the same" : "another"} secret`,
  listed: `${listed.length} ${listed[0]?.status}`,
  deleted: `${deleted.url}, then ${gone.response?.status} ${gone.error?.code}`,
}));
