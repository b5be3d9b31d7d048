// Connects to a channel with Microsoft's client and prints, as a line of JSON each: {"connected"},
// {"message": data} and {"disconnected"}. Its argument is JSON: url, and optionally join, the name
// of a group that it tries to join; {"refused": name of the error} is printed if it may not.
import { WebPubSubClient } from "@azure/web-pubsub-client";

const asked = JSON.parse(process.argv[2]);
const print = (document) => console.log(JSON.stringify(document));
const client = new WebPubSubClient(
  { getClientAccessUrl: async () => asked.url },
  { messageRetryOptions: { maxRetries: 0 } },
);
client.on("connected", (event) => print({ connected: event.connectionId, user: event.userId }));
client.on("server-message", (event) => print({ message: event.message.data }));
client.on("disconnected", (event) => print({ disconnected: event.message?.message ?? null }));
try {
  await client.start();
} catch (error) {
  print({ failed: error.message });
  process.exit(0);
}
if (asked.join) {
  try {
    await client.joinGroup(asked.join);
    print({ joined: asked.join });
  } catch (error) {
    print({ refused: error.errorDetail.name });
  }
}
