/** When a job was accepted, submitted, running and done, and how long each took. */
import { html, nothing, type TemplateResult } from "lit-html";
import { duration, when } from "../results/format";
import type { Job } from "../types";
import { isFinal } from "./status";

interface Stage {
  name: string;
  at: string | null;
}

export function timeline(job: Job): TemplateResult {
  const stages = stagesOf(job);
  const reached = stages.findLastIndex((stage) => stage.at);
  return html`<ol class="timeline" aria-label="Timeline">
    ${stages.map((stage, place) => {
      const state = stage.at ? "reached" : place < reached ? "skipped" : "ahead";
      return html`<li class="timeline__stage timeline__stage--${state}">
        <span class="timeline__name">${stage.name}</span>
        <span class="quiet">${text(job, stages, place, state)}</span>
        ${stage.at ? html`<span class="quiet">${lasted(job, stages, place)}</span>` : nothing}
      </li>`;
    })}
  </ol>`;
}

function stagesOf(job: Job): Stage[] {
  const ended = { Failed: "Failed", Canceled: "Canceled" }[job.status as string] ?? "Done";
  return [
    { name: "Accepted", at: job.createdAt },
    { name: "Submitted", at: job.submittedAt },
    { name: "Running", at: job.startedAt },
    { name: ended, at: job.finishedAt },
  ];
}

function text(job: Job, stages: Stage[], place: number, state: string): TemplateResult | string {
  const at = stages[place]?.at;
  if (at) return when(at);
  if (state === "skipped" || isFinal(job.status)) return place === 2 && job.submittedAt ? "not told by the provider" : "not reached";
  if (place === 2 && job.expectedStart) return html`expected ${when(job.expectedStart)}`;
  if (place === 3 && job.estimatedCompletion) return html`expected ${when(job.estimatedCompletion)}`;
  return "to come";
}

/** From this stage to the next one, or until now. */
function lasted(job: Job, stages: Stage[], place: number): string {
  const from = Date.parse(stages[place]?.at ?? "");
  const next = stages.slice(place + 1).find((stage) => stage.at)?.at;
  if (next) return `for ${duration(Date.parse(next) - from)}`;
  if (isFinal(job.status)) return `${duration(from - Date.parse(job.createdAt))} in all`;
  return `for ${duration(Date.now() - from)} so far`;
}
