/** Cost and wait of a job at every target. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Estimate, TargetEstimate } from "../types";
import { ageOf, costOf, countOf, waitOf } from "./words";

const KINDS: Record<string, string> = {
  Simulator: "simulator without noise",
  NoisySimulator: "simulator with noise",
  Hardware: "quantum computer",
  SyntaxChecker: "checks programs, runs none",
};

export function estimateTable(estimate: Estimate, where: string, choose: (target: string) => void): TemplateResult {
  const now = Date.now();
  const fitting = estimate.targets.filter((one) => one.fits);
  const others = estimate.targets.filter((one) => !one.fits);
  return html`${summary(estimate)}
    ${fitting.length > 0 ? targets("Where this job can run", fitting, estimate, where, choose, now) : nothing}
    ${others.length > 0
      ? html`<details>
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

function targets(
  caption: string,
  rows: TargetEstimate[],
  estimate: Estimate,
  where: string,
  choose: (target: string) => void,
  now: number,
): TemplateResult {
  return html`<table class="table targets">
    <caption class="unseen">${caption}</caption>
    <thead>
      <tr>
        <th scope="col">Target</th>
        <th scope="col">Wait</th>
        <th scope="col">Cost</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(({ target, ...rest }) => {
        const row = { target, ...rest };
        const isChosen = where === target.id;
        return html`<tr class=${estimate.target.id === target.id ? "targets__now" : ""}>
          <th scope="row">
            <label class="targets__choice">
              <input type="radio" name="estimated-target" .checked=${isChosen} @change=${() => choose(target.id)} />
              <span>${target.id}<span class="help">${kindOf(row)}</span></span>
            </label>
          </th>
          <td>
            ${target.available ? waitOf(target.averageQueueTime) : "takes no jobs now"}
            <span class="help">${ageOf(target.asOf, now)}</span>
          </td>
          <td>${costOf(row)} ${price(row)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function kindOf({ target }: TargetEstimate): string {
  const kind = KINDS[target.kind ?? ""] ?? target.provider;
  return target.qubits ? `${kind}, ${countOf(target.qubits, "qubit")}` : kind;
}

function price({ target: { price, id }, cost }: TargetEstimate): TemplateResult | typeof nothing {
  if (!price || cost?.atMost === 0) return nothing;
  const certainty = !cost ? "" : cost.exact ? "Exact by the published price. " : "The bill may differ. ";
  return html`<details class="help">
    <summary>Price<span class="unseen"> of ${id}</span></summary>
    ${certainty}${price.formula} (${price.source}, ${price.asOf})
  </details>`;
}
