/** Which jobs of a list are shown: kept in the address. */
import { html, type TemplateResult } from "lit-html";
import type { Job, JobStatus } from "../types";

export interface Filter {
  algorithm: string;
  status: string;
  tag: string;
}

export const STATUSES: JobStatus[] = ["Queued", "Submitted", "Running", "Canceling", "Succeeded", "Failed", "Canceled"];

export function filterOf(query: URLSearchParams): Filter {
  const status = query.get("status") ?? "";
  return {
    algorithm: query.get("algorithm") ?? "",
    status: STATUSES.some((one) => one === status) ? status : "",
    tag: query.get("tag") ?? "",
  };
}

export function addressOf(filter: Filter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString();
  return query ? `#/jobs?${query}` : "#/jobs";
}

export function passes(job: Job, { algorithm, status, tag }: Filter): boolean {
  return (
    (!algorithm || job.algorithm === algorithm) && (!status || job.status === status) && (!tag || job.tags.includes(tag))
  );
}

export function isFiltered(filter: Filter): boolean {
  return Object.values(filter).some(Boolean);
}

/** Selects for algorithm and status, and a field for a tag. Calls back with what was chosen. */
export function filterForm(filter: Filter, titles: Map<string, string>, chosen: (filter: Filter) => void): TemplateResult {
  const change = (event: Event): void => {
    const form = (event.target as HTMLElement).closest("form") as HTMLFormElement;
    const data = new FormData(form);
    const text = (name: string): string => String(data.get(name) ?? "").trim();
    chosen({ algorithm: text("algorithm"), status: text("status"), tag: text("tag") });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    change(event);
  };
  const algorithms = [...titles].sort(([, one], [, other]) => one.localeCompare(other));
  return html`<form class="row filter" role="search" aria-label="Filter jobs" @change=${change} @submit=${submit}>
    ${select("Algorithm", "algorithm", filter.algorithm, algorithms)}
    ${select("Status", "status", filter.status, STATUSES.map((status) => [status, status]))}
    <div class="cds--form-item">
      <label class="cds--label" for="filter-tag">Tag</label>
      <input class="cds--text-input" id="filter-tag" name="tag" .value=${filter.tag} autocomplete="off" />
    </div>
  </form>`;
}

function select(label: string, name: string, chosen: string, options: [value: string, text: string][]): TemplateResult {
  return html`<div class="cds--form-item">
    <label class="cds--label" for="filter-${name}">${label}</label>
    <div class="cds--select">
      <select class="cds--select-input" id="filter-${name}" name=${name}>
        <option value="" ?selected=${!chosen}>All</option>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select>
    </div>
  </div>`;
}
