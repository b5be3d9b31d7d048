import createClient from "openapi-fetch";
import type { components, paths } from "./qjobs.js";

const [url] = process.argv.slice(2) as [string];
const client = createClient<paths>({ baseUrl: url });

function there<T>(answer: { data?: T; error?: { message: string } }): T {
  if (answer.data === undefined) throw new Error(answer.error?.message);
  return answer.data;
}

const registration: components["schemas"]["WebhookRegistration"] = {
  url: "https://receiver.example/hook",
  events: ["Failed", "Canceled"],
};
const channel = there(await client.GET("/channel"));
const made = there(await client.POST("/webhooks", { body: registration }));
const path = { id: made.id };
const found = there(await client.GET("/webhooks/{id}", { params: { path } }));
const ping = there(await client.POST("/webhooks/{id}/ping", { params: { path } }));
const failed = there(await client.GET("/webhooks/{id}/deliveries", {
  params: { path, query: { status: "Failed", top: 1 } },
})).value;
const again = there(await client.POST("/webhooks/{id}/deliveries/{eventId}/replay", {
  params: { path: { ...path, eventId: failed[0]?.id ?? "" } },
}));
const rest = there(await client.POST("/webhooks/{id}/replay", {
  params: { path },
  body: { since: "2026-01-01T00:00:00Z" },
}));
const rotated = there(await client.POST("/webhooks/{id}/rotate", { params: { path } }));
const listed = there(await client.GET("/webhooks")).value;
const deleted = there(await client.DELETE("/webhooks/{id}", { params: { path } }));
const gone = await client.GET("/webhooks/{id}", { params: { path } });
console.log(JSON.stringify({
  channel: `${channel.protocol} at ${channel.url.slice(0, 6)}`,
  made: `${made.status} for ${made.events.join(" ")}, secret ${made.secret?.slice(0, 6)}`,
  found: `${found.status}, secret ${found.secret}, reason ${found.disabledReason}`,
  ping: `${ping.type} ${ping.status}, job ${ping.jobId}`,
  failed: `${failed.length} ${failed[0]?.type} after ${failed[0]?.attempts[0]?.httpStatus}`,
  again: `${again.status}, then ${rest.replayed} more and ${rest.more}`,
  rotated: `${rotated.secret === made.secret ? "the same" : "another"} secret`,
  listed: `${listed.length} ${listed[0]?.status}`,
  deleted: `${deleted.url}, then ${gone.response.status} ${gone.error?.code}`,
}));
