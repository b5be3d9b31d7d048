import crypto from "node:crypto";
import { WebPubSubClient } from "@azure/web-pubsub-client";

const { QJOBS_URL, QJOBS_TOKEN } = process.env;
const ENDINGS = ["Succeeded", "Failed", "Canceled"];

async function call(url, { headers, ...options } = {}) {
  const answer = await fetch(url, {
    ...options,
    headers: { Authorization: `Bearer ${QJOBS_TOKEN}`, ...headers },
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const waiting = new Map(); // by the id of a job, what is done at its end

async function look(id) {
  try {
    const job = await call(`${QJOBS_URL}/jobs/${id}`);
    if (ENDINGS.includes(job.status)) waiting.get(id)?.(job);
  } catch (error) {
    console.error(`${error}`); // the next look may see more
  }
}

// The client asks for an address whenever it needs a new connection.
const client = new WebPubSubClient({
  getClientAccessUrl: async () => (await call(`${QJOBS_URL}/channel`)).url,
});
client.on("server-message", ({ message: { data: event } }) => {
  console.error(event.time, event.type, event.data.jobId);
  if (ENDINGS.includes(event.data.status)) look(event.data.jobId);
});
// What happened before is not told again.
client.on("connected", () => waiting.forEach((_, id) => look(id)));
await client.start();
// Keeps being told after the first hour, and finds what was missed.
const renewed = setInterval(() => call(`${QJOBS_URL}/channel`).catch(console.error), 50 * 60_000);
const looked = setInterval(() => waiting.forEach((_, id) => look(id)), 60_000);

const { id } = await call(`${QJOBS_URL}/algorithms/ghz/jobs`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify({ input: { qubits: 3 }, shots: 500 }),
});
const job = await new Promise((resolve) => {
  waiting.set(id, resolve);
  look(id); // it may be over already
});
console.log(JSON.stringify(await call(job.links.result), null, 2));
clearInterval(renewed);
clearInterval(looked);
client.stop();
process.exit(); // or a timer of the client would keep it for 40 seconds
