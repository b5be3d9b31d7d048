/** Where a result comes from, in full. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { JobOutcome } from "../types";
import { money, number, when } from "./format";

export function provenance(outcome: JobOutcome, version: string | null): TemplateResult | typeof nothing {
  const found = outcome.provenance;
  if (!found) return nothing;
  const { target, totals, circuits } = found;
  const rows: [string, unknown][] = [
    ["Algorithm", version ? `${outcome.algorithm}; the catalogue has version ${version}` : outcome.algorithm],
    ["Target", target ? `${target.id} of ${target.provider}` : "nothing had to run"],
    ["Noise of", target?.device],
    ["Shots of each circuit", number(found.shots)],
    ["Seed", found.seed === null ? "none" : String(found.seed)],
    ["Steps", number(found.steps)],
    ["Circuits in all", number(totals.circuits)],
    ["Shots in all", number(totals.shots)],
    ["Gates in all", gates(totals.gates)],
    ["Accepted", when(found.createdAt)],
    ["First circuit began", found.executionBeganAt && when(found.executionBeganAt)],
    ["Last circuit ended", found.executionEndedAt && when(found.executionEndedAt)],
    ["Finished", when(found.finishedAt)],
    ["Billed", found.cost && money(found.cost.amount, found.cost.currency)],
    ["Ended early", found.endedEarly],
  ];
  return html`<details class="provenance">
    <summary>Provenance: where this result comes from</summary>
    <dl class="facts">
      ${rows
        .filter(([, value]) => value)
        .map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
    </dl>
    ${circuits.length ? lastCircuits(circuits) : nothing}
  </details>`;
}

function gates(counted: Record<string, number>): string {
  return Object.entries(counted)
    .map(([name, count]) => `${name} ${number(count)}`)
    .join(", ");
}

function lastCircuits(circuits: NonNullable<JobOutcome["provenance"]>["circuits"]): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Circuits of the last step">
    <table class="table table--small">
      <caption>
        Circuits of the last step
      </caption>
      <thead>
        <tr>
          <th scope="col">Circuit</th>
          <th scope="col" class="number">Qubits</th>
          <th scope="col" class="number">Depth</th>
          <th scope="col">Gates</th>
        </tr>
      </thead>
      <tbody>
        ${circuits.map(
          (circuit, place) =>
            html`<tr>
              <th scope="row">${place + 1}</th>
              <td class="number">${circuit.qubits}</td>
              <td class="number">${circuit.depth === null ? "–" : number(circuit.depth)}</td>
              <td>${gates(circuit.gates)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
