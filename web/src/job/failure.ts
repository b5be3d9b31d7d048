/** Why a job has no result, and what can be done about it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { label } from "../results/format";
import type { Job } from "../types";

/** By the code of the error; what is not here speaks for itself. */
const ADVICE: Record<string, string> = {
  "input-rejected": "Change the input and run it again.",
  "options-rejected": "Change the options under “More” and run it again.",
  "no-suitable-target": "Choose another place under “Where it runs”, or a smaller input.",
  "budget-exceeded": "Raise the budget, or ask for fewer shots.",
  "deadline-exceeded": "Give it a later deadline, or choose a target with a shorter queue.",
  "provider-rejected": "Choose another target, or a smaller input.",
  "provider-gave-up": "Run it again later, or choose another target.",
  "algorithm-failed": "Change the input, and tell the operator of this service if it happens again.",
  "processing-failed": "Run it again; tell the operator of this service if it happens again.",
};

/** Of a job whose input is known here, the form is filled in with it. */
export function failure(job: Job, known: boolean): TemplateResult | typeof nothing {
  const { error } = job;
  if (!error) return nothing;
  const canceled = job.status === "Canceled";
  return html`<section class=${canceled ? "notice" : "failure"} aria-labelledby="why">
    <h2 id="why">${canceled ? "Canceled" : "What went wrong"}</h2>
    <p>${error.detail || error.message}</p>
    ${error.pointer ? html`<p>The part at fault: ${place(error.pointer)}</p>` : nothing}
    ${ADVICE[error.code] ? html`<p>${ADVICE[error.code]}</p>` : nothing}
    <p>
      ${known
        ? html`<a href=${againAddress(job)}>Change it and run it again</a>`
        : html`<a href="#/algorithms/${encodeURIComponent(job.algorithm)}">To the form of the algorithm</a>`}
    </p>
  </section>`;
}

/** The form, filled in as this job was. */
export function againAddress(job: Job): string {
  return `#/algorithms/${encodeURIComponent(job.algorithm)}?again=${encodeURIComponent(job.id)}`;
}

/** A JSON Pointer in words: `/input/edges/0/from` is "Input › Edges › 1 › From". */
export function place(pointer: string): string {
  const parts = pointer.split("/").slice(1);
  return parts
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : label(part)))
    .join(" › ");
}
