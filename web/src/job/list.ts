/** A list of jobs as a table. */
import { html, nothing, type TemplateResult } from "lit-html";
import { when } from "../results/format";
import type { Job } from "../types";
import { jobName, statusBadge } from "./status";

export function jobTable(jobs: Job[], titles: Map<string, string>): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Jobs">
    <table class="table jobs">
      <caption class="cds--visually-hidden">
        Jobs, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Status</th>
          <th scope="col">Algorithm</th>
          <th scope="col">Where it runs</th>
          <th scope="col">Submitted</th>
          <th scope="col">Tags</th>
        </tr>
      </thead>
      <tbody>
        ${jobs.map((job) => row(job, titles))}
      </tbody>
    </table>
  </div>`;
}

function row(job: Job, titles: Map<string, string>): TemplateResult {
  const { iteration, iterationsPlanned: planned } = job.progress;
  const step = job.status === "Running" && (planned ?? 1) > 1 ? `step ${iteration} of ${planned}` : "";
  return html`<tr>
    <th scope="row"><a href="#/jobs/${job.id}">${jobName(job)}</a></th>
    <td>${statusBadge(job.status)} ${step ? html`<span class="quiet">${step}</span>` : nothing}</td>
    <td>${titles.get(job.algorithm) ?? job.algorithm}</td>
    <td>${job.target.id ?? job.target.mode ?? ""}</td>
    <td>${when(job.createdAt)}</td>
    <td>${job.tags.join(", ")}</td>
  </tr>`;
}
