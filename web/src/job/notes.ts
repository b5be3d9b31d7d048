/** What a person has to know of the state of what is shown. */
import { html, nothing, type TemplateResult } from "lit-html";
import { forget } from "../history";
import { when } from "../results/format";
import type { JobRecord } from "./record";

/** That what is shown is from this browser, or that the service cannot be asked. */
export function notes(record: JobRecord): TemplateResult | typeof nothing {
  const { job, asOf, trouble, missing } = record;
  if (!job || (!asOf && !trouble)) return nothing;
  if (missing) {
    return html`<p class="notice" role="status">
      The service does not keep this job any more. What you see is from this browser, as of ${when(asOf ?? job.updatedAt)}.
      <button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" @click=${() => void drop(record.id)}>
        Delete it here too
      </button>
    </p>`;
  }
  if (!trouble) return nothing;
  return html`<p class="notice" role="status">
    ${asOf ? html`From this browser, as of ${when(asOf)}. ` : nothing}${trouble}
  </p>`;
}

async function drop(id: string): Promise<void> {
  await forget(id);
  location.hash = "#/jobs";
}

/** Instead of a job of which nothing is known. */
export function nothingYet(record: JobRecord): TemplateResult {
  if (record.missing) {
    return html`<h1>There is no such job</h1>
      <p>It may have been deleted, or it is not yours. <a href="#/jobs">Your jobs</a></p>`;
  }
  if (record.trouble) {
    return html`<h1>Job</h1>
      <p class="failure" role="alert">${record.trouble}</p>`;
  }
  return html`<p class="waiting" role="status">Loading …</p>`;
}
