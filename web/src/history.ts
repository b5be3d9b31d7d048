/** What this browser keeps of an account's jobs. */
import type { Job, Submission } from "./types";

const kept = new Map<string, Submission>();

export async function remember({ job, submission }: { job: Job; submission?: Submission }): Promise<void> {
  if (submission) kept.set(job.id, submission);
}

export async function submissionOf(jobId: string): Promise<Submission | null> {
  return kept.get(jobId) ?? null;
}
