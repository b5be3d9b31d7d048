/** The choice of where a job runs. */
import { html, nothing, type TemplateResult } from "lit-html";
import { descriptions, errorText } from "../form/context";
import { idOf } from "../form/pointer";
import type { Target } from "../types";
import type { SubmitPage } from "./page";
import { MODES } from "./sheet";

const MODE_NAMES = {
  Simulator: "Simulator (no noise)",
  NoisySimulator: "Noisy simulator (the noise of a device)",
  Hardware: "Hardware (the least busy quantum computer)",
};
const GROUPS: [kind: Target["kind"], name: string][] = [
  ["Simulator", "Simulators"],
  ["NoisySimulator", "Noisy simulators"],
  ["Hardware", "Quantum computers"],
  ["SyntaxChecker", "Syntax checkers"],
];
const POINTER = "/target";

export function whereSelect(page: SubmitPage, where: string): TemplateResult {
  const kinds = GROUPS.map(([kind]) => kind);
  const others = page.targets.filter((target) => !kinds.includes(target.kind)).map((target) => target.id);
  const known = [...MODES, ...page.targets.map((target) => target.id)] as string[];
  if (!known.includes(where)) others.push(where);
  const group = (name: string, ids: string[]): TemplateResult | typeof nothing =>
    ids.length > 0 ? html`<optgroup label=${name}>${ids.map((id) => option(id, nameOf(id, page.targets), where))}</optgroup>` : nothing;
  return html`<div class="field">
    <label class="cds--label" for=${idOf(POINTER)}>Where it runs</label>
    <select
      class="cds--select-input" id=${idOf(POINTER)} aria-invalid=${page.errors.has(POINTER) ? "true" : nothing}
      aria-describedby=${descriptions(POINTER, page, true)}
      @change=${(event: Event) => page.choose((event.target as HTMLSelectElement).value)}
    >
      <optgroup label="The least busy one that fits">${MODES.map((mode) => option(mode, MODE_NAMES[mode], where))}</optgroup>
      ${GROUPS.map(([kind, name]) => group(name, page.targets.filter((target) => target.kind === kind).map((target) => target.id)))}
      ${group("Others", others)}
    </select>
    <p class="help" id="${idOf(POINTER)}-help">Simulators are ordinary computers: quick, and free or nearly so.</p>
    ${errorText(POINTER, page)}
  </div>`;
}

function option(value: string, name: string, where: string): TemplateResult {
  return html`<option value=${value} .selected=${value === where}>${name}</option>`;
}

export function nameOf(id: string, targets: Target[]): string {
  const target = targets.find((one) => one.id === id);
  const facts = [
    target?.kind === "SyntaxChecker" ? "checks the program, runs nothing" : target?.qubits ? `${target.qubits} qubits` : "",
    target?.available === false ? "not available now" : "",
  ];
  const told = facts.filter((fact) => fact !== "").join(", ");
  return told ? `${id} (${told})` : id;
}
