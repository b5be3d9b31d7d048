/** Where a job runs, how large it is, and what it costs. */
import { html, nothing, type TemplateResult } from "lit-html";
import { money, number, plural, prose, when } from "../results/format";
import type { Job } from "../types";

type Line = TemplateResult | typeof nothing;

export function facts(job: Job): TemplateResult {
  return html`<dl class="facts">
    ${target(job)} ${line("Shots", number(job.shots))} ${size(job)} ${cost(job)}
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
