/** The result of a job: its picture first, then the answer, then how far to trust it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { titleOf } from "../pictures/file";
import type { Algorithm, JobOutcome, Schema } from "../types";
import { EVIDENCE, evidenceOf } from "./evidence";
import { answer } from "./result";
import type { Members } from "./shape";
import { trust } from "./trust";

const WIDE = 480;

export function outcomeView(algorithm: Algorithm | null, outcome: JobOutcome, width: number): TemplateResult | typeof nothing {
  const result = outcome.result as Members | null;
  if (!result) return nothing;
  const schema = algorithm?.resultSchema as Schema | undefined;
  const own = Object.fromEntries(Object.entries(result).filter(([name]) => !EVIDENCE.has(name)));
  const drawing = result["svg"];
  const early = outcome.provenance?.endedEarly;
  return html`<section aria-labelledby="result">
    <h2 id="result">Result</h2>
    ${early ? html`<p class="notice">It ended early, with the best result until then: ${early}</p>` : nothing}
    <div class="columns">
      ${typeof drawing === "string" ? picture(drawing, algorithm?.title ?? outcome.algorithm) : nothing}
      <div class="stack">${trust(evidenceOf(schema, result), width - 32)}</div>
    </div>
    ${answer(schema, own)}
  </section>`;
}

/** As an image: a document of its own, which can do nothing to the page. */
function picture(drawing: string, title: string): TemplateResult {
  const address = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  const alt = titleOf(drawing) ?? `Picture of the result: ${title}`;
  // On a telephone a wide one is scrolled, so that its words can be read.
  const wide = viewBoxWidth(drawing) > WIDE;
  return html`<figure class="drawing ${wide ? "drawing--wide scroll" : ""}" tabindex=${wide ? "0" : nothing}>
    <img src=${address} alt=${alt} />
  </figure>`;
}

function viewBoxWidth(drawing: string): number {
  return Number(/viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)/.exec(drawing)?.[1] ?? 0);
}
