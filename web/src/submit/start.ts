/** What a form starts with: a link's submission, that of a job, what was being filled in, or the defaults. */
import { submissionOf } from "../history";
import { type Draft, draftOf } from "./drafts";
import { knownOf, type Members, submissionIn } from "./link";

export interface Start {
  draft: Draft;
  notice: string;
  failure: string;
  /** What was being filled in, if something else takes its place. */
  before: Members | null;
}

type Filled = Omit<Start, "before">;

export async function startOf(algorithm: string, query: URLSearchParams): Promise<Start> {
  const [body, again] = [query.get("body"), query.get("again")];
  const draft = draftOf(algorithm);
  if (body === null && again === null) return { draft: draft ?? { submission: {} }, notice: "", failure: "", before: null };
  // Once it is in the form, the form is what counts: going back does not fill it anew.
  history.replaceState(null, "", `#/algorithms/${encodeURIComponent(algorithm)}`);
  const filled = again === null ? ofLink(body ?? "") : await ofJob(again);
  return { ...filled, before: draft?.submission ?? null };
}

function ofLink(body: string): Filled {
  try {
    const [submission, unknown] = knownOf(submissionIn(body));
    const failure = unknown.length > 0 ? `Left out, because no submission has it: ${unknown.join(", ")}.` : "";
    return { draft: { submission }, notice: "The link has filled in this form.", failure };
  } catch {
    const failure = "The link is broken: it holds no submission. Ask for it again; the form has its defaults.";
    return { draft: { submission: {} }, notice: "", failure };
  }
}

async function ofJob(job: string): Promise<Filled> {
  const submission = await submissionOf(job).catch(() => null);
  const notice = submission
    ? "This is what the job was submitted with. Change what you like, and submit it again."
    : "This browser does not know what that job was submitted with; the form has its defaults.";
  return { draft: { submission: (submission ?? {}) as Members }, notice, failure: "" };
}
