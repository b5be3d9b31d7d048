import { submitGhzJob } from "./qjobs/sdk.gen.js";
import { client } from "./qjobs/client.gen.js";

const [url, token, key] = process.argv.slice(2) as [string, string, string];
client.setConfig({ baseUrl: url, auth: token });
// The same key is the same job: to run it again is to poll.
const { data: job, error } = await submitGhzJob({
  body: { input: { qubits: 3 } },
  headers: { "Idempotency-Key": key, Prefer: "wait=30" },
});
if (error) throw new Error(error.message);
console.log(job?.result?.fidelity.value ?? "the job is not over yet");
