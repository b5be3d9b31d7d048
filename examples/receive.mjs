// Get the secret by `POST /webhooks`, start this with it, then `POST /webhooks/{id}/ping`.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.QJOBS_WEBHOOK_SECRET);
const seen = new Set(); // in a database, if more than one process receives

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8"); // as it is: it is signed
  let event;
  try {
    event = webhook.verify(body, request.headers);
  } catch {
    response.writeHead(401).end();
    return;
  }
  response.writeHead(204).end(); // at once: work comes later
  if (seen.has(event.id)) return;
  seen.add(event.id);
  console.log(event.type, event.data.jobId);
}).listen(Number(process.env.PORT ?? 9000), "127.0.0.1");
