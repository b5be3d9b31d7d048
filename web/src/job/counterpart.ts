/** The same job without noise, or with it: what it says beside a job is what noise does to the answer. */
import { call } from "../api";
import { remember } from "../history";
import type { Job, Submission } from "../types";

export interface Counterpart {
  mode: "Simulator" | "NoisySimulator";
  button: string;
  name: string;
}

const IDEAL: Counterpart = { mode: "Simulator", button: "Compare with an ideal run", name: "ideal" };
const NOISY: Counterpart = { mode: "NoisySimulator", button: "Compare with noise", name: "noisy" };

/** What a job is compared with: an ideal run, or a noisy one if it was ideal itself. */
export function counterpartOf(job: Job): Counterpart {
  return job.target.mode === "Simulator" ? NOISY : IDEAL;
}

/** What readings are called beside those of another job, by where they were taken. */
export function kindOf(job: Job): string {
  const { mode } = job.target;
  return (mode && { Simulator: "ideal", NoisySimulator: "noisy", Hardware: "device" }[mode]) || "other";
}

/** Submits what a job was given, elsewhere. */
export async function submitCounterpart(job: Job, submission: Submission, key: string): Promise<Job> {
  const counterpart = counterpartOf(job);
  // Options are those of the other target, and nobody is told twice of what is one question.
  const { options: _, name, notify: __, ...rest } = submission;
  const body: Submission = {
    ...rest,
    target: { mode: counterpart.mode },
    name: `${(name ?? job.algorithm).slice(0, 90)} (${counterpart.name})`,
    notify: { webhooks: [] },
  };
  const path = `algorithms/${encodeURIComponent(job.algorithm)}/jobs`;
  const { body: made } = await call<Job>("POST", path, { body, headers: { "idempotency-key": key } });
  await remember({ job: made, submission: body });
  return made;
}
