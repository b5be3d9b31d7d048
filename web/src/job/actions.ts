/** Buttons of a job: to keep what it has answered, to run it again, to compare it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { save } from "../download";
import { standalone } from "../pictures/file";
import { countsAsCsv } from "../results/csv";
import type { JobOutcome } from "../types";
import { againAddress } from "./failure";
import type { JobRecord } from "./record";

export function files(outcome: JobOutcome): TemplateResult {
  const name = `${outcome.algorithm}-${outcome.id}`;
  const button = (text: string, click: () => void): TemplateResult =>
    html`<button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" @click=${click}>${text}</button>`;
  return html`<div class="row keep" role="group" aria-label="Download">
    ${button("JSON", () => save(`${name}.json`, "application/json", `${JSON.stringify(outcome, null, 2)}\n`))}
    ${button("CSV", () => save(`${name}.csv`, "text/csv", countsAsCsv(outcome.counts ?? [])))}
    ${button("SVG", () => save(`${name}.svg`, "image/svg+xml", picture(outcome)))}
  </div>`;
}

/** The picture of the result, or of its readings where the algorithm draws none. */
function picture(outcome: JobOutcome): string {
  const drawing = outcome.result?.["svg"];
  if (typeof drawing === "string") return drawing;
  const drawn = document.querySelector<SVGSVGElement>(".counts svg");
  return drawn ? standalone(drawn) : '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
}

export function next(record: JobRecord, compare: () => void): TemplateResult | typeof nothing {
  const { job, submission } = record;
  if (!job || (!submission && job.status !== "Succeeded")) return nothing;
  return html`<div class="row next" role="group" aria-label="What next">
    ${submission
      ? html`<a class="cds--btn cds--btn--tertiary cds--btn--sm" href=${againAddress(job)}>Run again with a change</a>`
      : nothing}
    ${job.status === "Succeeded"
      ? html`<button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" @click=${compare}>Compare with …</button>`
      : nothing}
  </div>`;
}
