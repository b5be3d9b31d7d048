/** How far a job is: its step, the circuits of the step, and the value so far. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { StepValue } from "../history";
import { line } from "../pictures/line";
import { number, plural } from "../results/format";
import type { Job } from "../types";
import { isFinal } from "./status";

export function progress(job: Job, values: StepValue[], width: number): TemplateResult | typeof nothing {
  const { iteration, iterationsPlanned: planned, circuitsDone, circuitsTotal } = job.progress;
  const loops = (planned ?? 1) > 1 || iteration > 1 || values.length > 1;
  const isBare = isFinal(job.status) || (!loops && !circuitsTotal);
  if (isBare && values.length < 2) return nothing;
  return html`<section aria-labelledby="progress">
    <h2 id="progress">${isFinal(job.status) ? "How it went" : "Progress"}</h2>
    ${isFinal(job.status)
      ? nothing
      : html`${loops ? html`${steps(iteration, planned)} ${best(job)}` : nothing} ${circuits(circuitsDone, circuitsTotal)}`}
    ${values.length > 1
      ? line("Best value after each step", values.map(({ iteration: step, ...point }) => ({ step, ...point })), planned, width)
      : nothing}
  </section>`;
}

function steps(iteration: number, planned: number | null): TemplateResult {
  const most = Math.max(planned ?? 0, iteration);
  return html`<div class="bar-of">
    <label for="steps">Step ${iteration}${planned ? ` of ${most}` : ""}</label>
    <progress id="steps" max=${most} value=${planned ? iteration - 1 : nothing}></progress>
  </div>`;
}

function circuits(done: number, total: number): TemplateResult | typeof nothing {
  if (!total) return nothing;
  return html`<div class="bar-of">
    <label for="circuits">${done} of ${plural(total, "circuit")} done</label>
    <progress id="circuits" max=${total} value=${done}></progress>
  </div>`;
}

function best({ progress: { value, uncertainty } }: Job): TemplateResult | typeof nothing {
  if (value === null) return nothing;
  const give = uncertainty === null ? "" : ` ± ${number(uncertainty)}`;
  return html`<p>Best value so far: <strong>${number(value)}${give}</strong></p>`;
}
