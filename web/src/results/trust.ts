/** "How far to trust it": each piece of evidence in a line, and the interval as a picture. */
import { html, nothing, type TemplateResult } from "lit-html";
import { interval, type Mark } from "../pictures/interval";
import type { Json } from "../types";
import type { Evidence } from "./evidence";
import { label, number, percent, scalar } from "./format";
import { inline } from "./shape";

export function trust(evidence: Evidence, width: number): TemplateResult | typeof nothing {
  const lines = [verified(evidence), uncertain(evidence), best(evidence), classical(evidence), chance(evidence)];
  if (lines.every((line) => line === nothing)) return nothing;
  const marks = marksOf(evidence);
  return html`<section class="panel trust" aria-labelledby="trust">
    <h3 id="trust">How far to trust it</h3>
    ${marks.length > 1 || evidence.interval
      ? interval({ name: answerName(evidence), range: evidence.interval, marks }, width)
      : nothing}
    <dl class="facts">${lines}</dl>
  </section>`;
}

type Line = TemplateResult | typeof nothing;

function line(name: string, value: TemplateResult | string, about = ""): TemplateResult {
  return html`<dt>${name}</dt>
    <dd><span class="value">${value}</span>${about ? html`<span class="quiet about">${about}</span>` : nothing}</dd>`;
}

function verified({ verified: check }: Evidence): Line {
  if (!check) return nothing;
  const badge = html`<span class="status status--${check.passed ? "Succeeded" : "Canceled"}"
    >${check.passed ? "Verified" : "Not verified"}</span
  >`;
  return line("Checked", badge, check.reason);
}

function uncertain(evidence: Evidence): Line {
  const range = evidence.interval;
  if (!range) return nothing;
  const sure = range.confidence === null ? "" : ` with ${percent(range.confidence).replace(".0", "")} confidence`;
  const error = range.standardError === null ? "" : ` Standard error ${number(range.standardError)}.`;
  return line(
    answerName(evidence),
    evidence.answer ? number(evidence.answer.value) : "",
    `Between ${number(range.lower)} and ${number(range.upper)}${sure}.${error}`,
  );
}

function best({ bound, gap }: Evidence): Line {
  if (bound === null) return nothing;
  const distance = gap === 0 ? "The answer reaches it." : gap === null ? "" : `The answer is ${percent(gap)} away from it.`;
  return line("Best possible", number(bound), distance);
}

function classical({ classical: other }: Evidence): Line {
  if (!other) return nothing;
  const took = other.seconds === null ? "" : `, in ${seconds(other.seconds)}`;
  return line("Classical computer", inline(other.value as Json, scalar) || "–", `${sentence(other.method)}${took}`);
}

function chance({ baseline }: Evidence): Line {
  if (!baseline) return nothing;
  return line("By chance", baseline.value === null ? "–" : number(baseline.value), baseline.description);
}

function marksOf({ answer, baseline, classical: other, bound }: Evidence): Mark[] {
  const marks: Mark[] = [];
  if (answer) marks.push({ kind: "answer", label: "answer", value: answer.value });
  if (bound !== null) marks.push({ kind: "exact", label: "best possible", value: bound });
  else if (other?.comparable) marks.push({ kind: "exact", label: "classical", value: other.value as number });
  if (baseline?.value != null) marks.push({ kind: "chance", label: "by chance", value: baseline.value });
  return marks;
}

function answerName({ answer }: Evidence): string {
  const name = answer?.path.replace(/\.value$/, "").split(".").at(-1);
  return name ? label(name) : "Uncertainty";
}

function sentence(text: string): string {
  return text.replace(/\.$/, "");
}

function seconds(value: number): string {
  return value < 0.001 ? "less than a millisecond" : `${number(Number(value.toPrecision(2)))} s`;
}
