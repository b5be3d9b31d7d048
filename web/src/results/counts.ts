/** Readings of the circuits: a histogram, and the figures beside it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { histogram, MOST_BARS } from "../pictures/histogram";
import { bars, type Counts, drawnReadings, totalVariation } from "../pictures/statistics";
import { number, percent } from "./format";

export interface CircuitCounts {
  name: string;
  /** Of each circuit. */
  circuits: Counts[];
}

/** The readings of one circuit, of one job or of two. */
export function counts(
  series: CircuitCounts[],
  chosen: number,
  choose: (circuit: number) => void,
  width: number,
): TemplateResult | typeof nothing {
  const most = Math.min(...series.map((one) => one.circuits.length));
  if (!most || !Number.isFinite(most)) return nothing;
  const circuit = Math.min(chosen, most - 1);
  const shown = series.map((one) => ({ name: one.name, counts: one.circuits[circuit] ?? {} }));
  const title = `Counts${most > 1 ? ` of circuit ${circuit + 1}` : ""}`;
  return html`<section class="counts" aria-labelledby="counts">
    <h2 id="counts">Counts</h2>
    ${most > 1 ? choice(most, circuit, choose) : nothing}
    <div class="columns">
      <figure>
        ${histogram(title, shown, width)}
        <figcaption class="quiet">
          Bars are shares of the readings; whiskers are Wilson intervals of 95 %. ${note(shown.map((one) => one.counts))}
        </figcaption>
      </figure>
      ${table(title, shown)}
    </div>
  </section>`;
}

function choice(most: number, circuit: number, choose: (circuit: number) => void): TemplateResult {
  const change = (event: Event): void => choose(Number((event.target as HTMLSelectElement).value));
  return html`<div class="cds--form-item">
    <label class="cds--label" for="circuit">Circuit</label>
    <div class="cds--select">
      <select class="cds--select-input" id="circuit" @change=${change}>
        ${Array.from({ length: most }, (_, place) => html`<option value=${place} ?selected=${place === circuit}>${place + 1}</option>`)}
      </select>
    </div>
  </div>`;
}

function note(all: Counts[]): string {
  const different = new Set(all.flatMap((one) => Object.keys(one))).size;
  const left = different > MOST_BARS ? `The ${MOST_BARS} most frequent of ${number(different)} different readings; the rest is “others”.` : "";
  const [first, second] = all;
  if (!first || !second) return left;
  const distance = totalVariation(first, second);
  return `${left} ${percent(distance)} of the readings would have to change to turn one into the other (total variation distance).`;
}

function table(title: string, shown: { name: string; counts: Counts }[]): TemplateResult {
  const readings = drawnReadings(shown.map((one) => one.counts), MOST_BARS).sort();
  const figures = shown.map((one) => bars(one.counts, readings));
  const names = [...new Set(figures.flatMap((one) => one.map((bar) => bar.reading)))];
  const several = shown.length > 1;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${`${title}, as a table`}>
    <table class="table table--small">
      <caption class="cds--visually-hidden">
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">Reading</th>
          ${shown.map(({ name }) => {
            const of = several ? `, ${name}` : "";
            return html`<th scope="col" class="number">Count${of}</th>
              <th scope="col" class="number">Share${of}</th>
              ${several ? nothing : html`<th scope="col" class="number">95 % interval</th>`}`;
          })}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              ${figures.map((one) => {
                const bar = one.find((other) => other.reading === name);
                return html`<td class="number">${number(bar?.count ?? 0)}</td>
                  <td class="number">${percent(bar?.share ?? 0)}</td>
                  ${several ? nothing : html`<td class="number">${percent(bar?.lower ?? 0)} – ${percent(bar?.upper ?? 0)}</td>`}`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
