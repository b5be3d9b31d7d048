// Submits a job and polls it with what Azure's clients for JavaScript are generated to call.
// Its argument is JSON: url, token, algorithm, body, headers, resourceLocationConfig, cancel.
// It prints {"ended": what the poller ends with} or {"error": the message of what it throws}.
import { createRestError, getClient } from "@azure-rest/core-client";
import { createHttpPoller } from "@azure/core-lro";

const asked = JSON.parse(process.argv[2]);
const client = getClient(asked.url, { allowInsecureConnection: true });
client.pipeline.addPolicy({
  name: "token",
  sendRequest(request, next) {
    request.headers.set("Authorization", `Bearer ${asked.token}`);
    return next(request);
  },
});

function received(answer) {
  const statusCode = Number.parseInt(answer.status, 10);
  if (statusCode >= 300) throw createRestError(answer);
  return { flatResponse: answer, rawResponse: { ...answer, statusCode } };
}

const poller = createHttpPoller(
  {
    async sendInitialRequest() {
      const path = client.path("/algorithms/{algorithm}/jobs", asked.algorithm);
      return received(await path.post({ body: asked.body, headers: asked.headers }));
    },
    async sendPollRequest(address, options) {
      return received(await client.pathUnchecked(address).get(options));
    },
  },
  { resourceLocationConfig: asked.resourceLocationConfig },
);
try {
  await poller.submitted();
  if (asked.cancel) {
    const { body } = await client.path("/jobs").get();
    received(await client.pathUnchecked(body.value[0].links.self).delete());
  }
  const { status, body } = await poller.pollUntilDone();
  console.log(JSON.stringify({ ended: { status, body } }));
} catch (error) {
  console.log(JSON.stringify({ error: error.message }));
}
