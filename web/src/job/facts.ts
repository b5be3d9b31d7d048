/** Where a job runs, how large it is, and what it costs. */
import { html, nothing, type TemplateResult } from "lit-html";
import { money, number, plural, prose, when } from "../results/format";
import type { Job, JobOutcome } from "../types";

type Line = TemplateResult | typeof nothing;

export function facts(job: Job, outcome: JobOutcome | null): TemplateResult {
  return html`<dl class="facts">
    ${target(job)} ${line("Shots", shots(job, outcome))} ${size(job)} ${cost(job)}
    ${job.tags.length ? line("Tags", job.tags.map((tag) => html`<span class="cds--tag">${tag}</span>`)) : nothing}
    ${line("Job id", html`<code class="wrapped">${job.id}</code>`)}
    ${job.finishedAt ? line("Kept until", when(job.expiresAt)) : nothing}
  </dl>`;
}

function line(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function target({ target: where }: Job): TemplateResult {
  const name = where.id ?? where.mode ?? "not chosen yet";
  const noise = where.device ? `, with the noise of ${where.device}` : "";
  const reason = where.reason ? html`<span class="quiet about">${prose(where.reason)}</span>` : nothing;
  return line("Where it runs", html`${name}${noise} ${reason}`);
}

/** How often each circuit was to be read, and how much was read if that was more or less. */
export function shots(job: Job, outcome: JobOutcome | null): string {
  const asked = number(job.shots);
  const ran = outcome?.provenance;
  if (!ran) return asked;
  // Of circuits that a target reads in parts the totals count the parts.
  const planned = [ran.totals.circuits, ran.steps * ran.circuits.length].map((circuits) => circuits * job.shots);
  return planned.includes(ran.totals.shots) ? asked : `${asked} asked for; ${number(ran.totals.shots)} read in all`;
}

function size({ circuits }: Job): Line {
  if (!circuits) return nothing;
  const depth = circuits.depth === null ? "" : `, ${plural(circuits.depth, "gate")} deep`;
  return line("Largest circuit", `${plural(circuits.qubits, "qubit")}${depth}, ${plural(circuits.twoQubitGates, "gate")} on two qubits in all`);
}

function cost({ cost: { estimated, actual } }: Job): Line {
  if (!estimated && !actual) return nothing;
  const parts = [
    actual ? `${money(actual.amount, actual.currency)} billed` : "",
    estimated ? `${money(estimated.amount, estimated.currency)} estimated` : "",
  ];
  return line("Cost", parts.filter(Boolean).join(", "));
}
