import createClient from "openapi-fetch";
import type { components, paths } from "./qjobs.js";

type GhzJob = components["schemas"]["GhzJob"];
const [url, pending, succeeded, failed, canceled] = process.argv.slice(2) as [
  string, string, string, string, string,
];
const client = createClient<paths>({ baseUrl: url });

async function job(id: string) {
  const { data, error } = await client.GET("/jobs/{id}", { params: { path: { id } } });
  if (error) throw new Error(error.message);
  return data;
}

async function ended(id: string) {
  const { status, error } = await job(id);
  return `${status}, ${error?.code}: ${error?.message}`;
}

const result = (id: string) => client.GET("/jobs/{id}/result", { params: { path: { id } } });

const waiting = await job(pending);
const outcome = (await result(pending)).data;
const done = (await result(succeeded)).data;
if (done?.algorithm !== "ghz") throw new Error("it is another algorithm's");
const ghz = (done as GhzJob).result;
const refused = await result(failed);
const problem = refused.error;
const listed = await client.GET("/jobs");
const printed = {
  pending: `${waiting.status}, ask again after ${waiting.retryAfter} s, result ${outcome?.result}`,
  succeeded: `${done.status}, fidelity ${ghz?.fidelity.kind} ${ghz?.fidelity.value} of ` +
    `${ghz?.qubits} qubits by ${ghz?.method}, ${done.counts?.[0]?.["111"]} of 111`,
  failed: await ended(failed),
  canceled: await ended(canceled),
  problem: `${refused.response.status} ${problem?.code} of ${problem?.jobId}: ${problem?.message}`,
  listed: listed.data?.value.map((one) => one.status).join(" "),
};

const bodies: components["schemas"]["GhzSubmission"][] = [
  { input: { qubits: 3 } },
  { input: { method: "Parity" }, target: { mode: "Hardware" } },
  { input: {}, target: { id: "ionq.simulator" }, shots: 100 },
];
for (const body of bodies) {
  const submitted = await client.POST("/algorithms/ghz/jobs", {
    body,
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  });
  const fidelity: number | undefined = submitted.data?.result?.fidelity.value;
  if (submitted.error || fidelity !== undefined) throw new Error("it was not accepted");
}
console.log(JSON.stringify(printed));
