/** What a form starts with: a link's submission, that of a job, what was being filled in, or the defaults. */
import { submissionOf } from "../history";
import { type Draft, draftOf } from "./drafts";
import { type Members, submissionIn } from "./link";

export interface Start {
  draft: Draft;
  notice: string;
  failure: string;
}

export async function startOf(algorithm: string, query: URLSearchParams): Promise<Start> {
  const [body, again] = [query.get("body"), query.get("again")];
  if (body === null && again === null) return start(draftOf(algorithm) ?? { submission: {} });
  // Once it is in the form, the form is what counts: going back does not fill it anew.
  history.replaceState(null, "", `#/algorithms/${encodeURIComponent(algorithm)}`);
  if (again !== null) return ofJob(again);
  try {
    return start({ submission: submissionIn(body ?? "") }, "The link has filled in this form.");
  } catch {
    const failure = "The link is broken: it holds no submission. Ask for it again; the form has its defaults.";
    return { ...start({ submission: {} }), failure };
  }
}

async function ofJob(job: string): Promise<Start> {
  const submission = await submissionOf(job).catch(() => null);
  if (submission) {
    const notice = "This is what the job was submitted with. Change what you like, and submit it again.";
    return start({ submission: submission as Members }, notice);
  }
  return start({ submission: {} }, "This browser does not know what that job was submitted with; the form has its defaults.");
}

function start(draft: Draft, notice = ""): Start {
  return { draft, notice, failure: "" };
}
