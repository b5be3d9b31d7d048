/** Cost and wait of a job at every target. */
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Estimate, TargetEstimate } from "../types";
import { ageOf, costOf, countOf, waitOf } from "./words";

const KINDS: [kind: TargetEstimate["target"]["kind"], name: string][] = [
  ["Simulator", "Simulators without noise"],
  ["NoisySimulator", "Simulators with the noise of a device"],
  ["Hardware", "Quantum computers"],
  ["SyntaxChecker", "These check the program, and run nothing"],
  [null, "Others"],
];

/** What a person wants to know before anything else: where, when, for how much. */
export function inShort(estimate: Estimate): TemplateResult {
  const { target, targets, refusal } = estimate;
  const chosen = targets.find((one) => one.target.id === target.id);
  if (refusal || !chosen) return html`<strong>It cannot run like this.</strong> See below why.`;
  const wait = chosen.target.available ? waitOf(chosen.target.averageQueueTime) : "as soon as it takes jobs";
  return html`On <strong>${target.id}</strong>: ${wait}, ${costOf(chosen)}.`;
}

export function estimateTable(estimate: Estimate, where: string, choose: (target: string) => void): TemplateResult {
  const fitting = estimate.targets.filter((one) => one.fits);
  const others = estimate.targets.filter((one) => !one.fits);
  return html`${summary(estimate)}
    ${fitting.length > 0 ? targetTable(fitting, estimate, where, choose) : nothing}
    ${others.length > 0
      ? html`<details class="others">
          <summary>${countOf(others.length, "target")} cannot run it</summary>
          <ul class="prose-list">
            ${others.map((one) => html`<li><strong>${one.target.id}</strong>: ${one.misfit}</li>`)}
          </ul>
        </details>`
      : nothing}`;
}

function summary({ target, refusal, resources, circuits, totalShots, steps }: Estimate): TemplateResult {
  const rounds = steps.planned > 1 ? `${countOf(steps.planned, "step")}, ` : "";
  const size = `${rounds}${countOf(circuits.planned, "circuit")} of ${countOf(resources.qubits, "qubit")}, ${countOf(totalShots.planned, "shot")} in all`;
  return html`${refusal ? html`<p class="failure">As it is, this would be refused: ${refusal}</p>` : nothing}
    <p>
      ${target.id ? html`It would run on <strong>${target.id}</strong>. ` : nothing}${target.reason} It takes ${size}.
    </p>`;
}

function targetTable(
  rows: TargetEstimate[],
  estimate: Estimate,
  where: string,
  choose: (target: string) => void,
): TemplateResult {
  return html`<table class="table targets">
    <caption class="cds--visually-hidden">Targets that can run it: choose one</caption>
    <thead>
      <tr>
        <th scope="col">Target</th>
        <th scope="col">Wait</th>
        <th scope="col">Cost</th>
      </tr>
    </thead>
    ${KINDS.map(([kind, name]) => {
      const ofKind = rows.filter(({ target }) => target.kind === kind);
      ofKind.sort((one, other) => one.target.averageQueueTime - other.target.averageQueueTime);
      if (ofKind.length === 0) return nothing;
      return html`<tbody>
        <tr>
          <th scope="rowgroup" colspan="3" class="quiet">${name}</th>
        </tr>
        ${ofKind.map((row) => targetRow(row, estimate.target.id === row.target.id, where, choose))}
      </tbody>`;
    })}
  </table>`;
}

function targetRow(
  row: TargetEstimate,
  isTaken: boolean,
  where: string,
  choose: (target: string) => void,
): TemplateResult {
  const { target } = row;
  return html`<tr class=${isTaken ? "targets__taken" : ""}>
    <th scope="row">
      <label class="targets__choice">
        <input type="radio" name="estimated-target" .checked=${live(where === target.id)} @change=${() => choose(target.id)} />
        ${target.id}
      </label>
      <span class="help">${target.qubits ? countOf(target.qubits, "qubit") : target.provider}${isTaken ? ", would be taken" : ""}</span>
    </th>
    <td>
      ${target.available ? waitOf(target.averageQueueTime) : "takes no jobs now"}
      <span class="help">${ageOf(target.asOf, Date.now())}</span>
    </td>
    <td>${costOf(row)} ${price(row)}</td>
  </tr>`;
}

function price({ target: { price, id }, cost }: TargetEstimate): TemplateResult | typeof nothing {
  if (!price || cost?.atMost === 0) return nothing;
  const certainty = !cost ? "" : cost.exact ? "Exact, by the published price. " : "The bill may differ. ";
  return html`<details class="help">
    <summary>Price<span class="cds--visually-hidden"> of ${id}</span></summary>
    ${certainty}${price.formula} (${price.source}, ${price.asOf})
  </details>`;
}
