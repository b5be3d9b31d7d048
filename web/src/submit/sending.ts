/** A submission on its way: one key for each filled form, so that it is one job, however often it is sent. */
import { call } from "../api";
import { remember } from "../history";
import { ProblemError, UnreachableError } from "../problem";
import type { Job, Submission } from "../types";
import type { Draft } from "./drafts";

/** The key of a submission: the one of the draft, if that is the same submission. */
export function keyOf(draft: Draft, submission: Submission): string {
  const body = JSON.stringify(submission);
  if (draft.key?.body !== body) draft.key = { body, value: crypto.randomUUID() };
  return draft.key.value;
}

export async function send(algorithm: string, submission: Submission, key: string): Promise<Job> {
  const path = `algorithms/${encodeURIComponent(algorithm)}/jobs`;
  const headers = { "idempotency-key": key };
  const { body: job } = await call<Job>("POST", path, { body: submission, headers });
  await remember({ job, submission });
  return job;
}

/** What to do about an error of a submission, for people. */
export function adviceOn(error: unknown): string {
  if (error instanceof UnreachableError) return `${error.message} What you filled in is kept.`;
  if (!(error instanceof ProblemError)) return troubleOf(error);
  if (error.violations.length > 0) return `${error.problem.title ?? error.message}.`;
  if (error.status === 429) return `${error.message} Wait a moment, then press Submit again.`;
  if (error.status >= 500) return `${error.message} Press Submit again in a moment: it never makes two jobs of one.`;
  return troubleOf(error);
}

/** What to do about any other error, for people. */
export function troubleOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ProblemError)) return said;
  if (error.status === 401) return "Your sign-in has expired. Sign out and in again; what you filled in is kept in this tab.";
  if (error.status === 403) return `${said} Your account may not do this: ask who runs this service.`;
  if (error.status === 429 || error.status >= 500) return `${said} Reload the page in a moment.`;
  return said;
}
