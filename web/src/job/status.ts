/** The state of a job, in a word and a shape. */
import { html, type TemplateResult } from "lit-html";
import type { Job, JobStatus } from "../types";

const FINAL: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Canceled"]);

const MEANING: Record<JobStatus, string> = {
  Queued: "Accepted. Its circuits are being built.",
  Submitted: "Waiting in the queue of its target.",
  Running: "Being computed.",
  Canceling: "The provider is being asked to stop.",
  Succeeded: "The result is there.",
  Failed: "There is no result.",
  Canceled: "Stopped before its end.",
};

export function isFinal(status: JobStatus): boolean {
  return FINAL.has(status);
}

export function statusBadge(status: JobStatus): TemplateResult {
  return html`<span class="status status--${status}">${status}</span>`;
}

export function statusMeaning(status: JobStatus): string {
  return MEANING[status];
}

/** What people call a job: its name, or where it comes from. */
export function jobName(job: Job): string {
  return job.name ?? `${job.algorithm} ${job.id.slice(-6)}`;
}
