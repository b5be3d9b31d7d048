import { getJob, getResult, listJobs, submitGhzJob } from "./qjobs/sdk.gen.js";
import { client } from "./qjobs/client.gen.js";
import type { GhzJob, GhzSubmission } from "./qjobs/types.gen.js";

const [url, pending, succeeded, failed, canceled] = process.argv.slice(2) as [
  string, string, string, string, string,
];
client.setConfig({ baseUrl: url });

async function job(id: string) {
  return (await getJob({ path: { id }, throwOnError: true })).data;
}

async function ended(id: string) {
  const { status, error } = await job(id);
  return `${status}, ${error?.code}: ${error?.message}`;
}

const waiting = await job(pending);
const outcome = (await getResult({ path: { id: pending } })).data;
const done = (await getResult({ path: { id: succeeded } })).data;
if (done?.algorithm !== "ghz") throw new Error("it is another algorithm's");
const ghz = (done as GhzJob).result;
const refused = await getResult({ path: { id: failed } });
const problem = refused.error;
const listed = await listJobs();
const printed = {
  pending: `${waiting.status}, ask again after ${waiting.retryAfter} s, result ${outcome?.result}`,
  succeeded: `${done.status}, fidelity ${ghz?.fidelity.kind} ${ghz?.fidelity.value} of ` +
    `${ghz?.qubits} qubits by ${ghz?.method}, ${done.counts?.[0]?.["111"]} of 111`,
  failed: await ended(failed),
  canceled: await ended(canceled),
  problem: `${refused.response?.status} ${problem?.code} of ${problem?.jobId}: ${problem?.message}`,
  listed: listed.data?.value.map((one) => one.status).join(" "),
};

const bodies: GhzSubmission[] = [
  { input: { qubits: 3 } },
  { input: { method: "Parity" }, target: { mode: "Hardware" } },
  { input: {}, target: { id: "ionq.simulator" }, shots: 100 },
];
for (const body of bodies) {
  const { data, error } = await submitGhzJob({
    body,
    headers: { "Idempotency-Key": crypto.randomUUID() },
  });
  const fidelity: number | undefined = data?.result?.fidelity.value;
  if (error || fidelity !== undefined) throw new Error("it was not accepted");
}
console.log(JSON.stringify(printed));
