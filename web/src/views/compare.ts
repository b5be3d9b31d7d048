/** Two jobs beside each other. */
import { html, nothing, type TemplateResult } from "lit-html";
import { circumstances, results, type Row } from "../job/difference";
import { notes, nothingYet } from "../job/notes";
import { JobRecord } from "../job/record";
import { jobName, statusBadge, statusMeaning } from "../job/status";
import { pictureWidth } from "../pictures/width";
import { counts } from "../results/counts";
import type { Parameters } from "../router";
import { redraw, type View } from "../screen";

export function open(parameters: Parameters): View {
  return new CompareView(parameters["first"] ?? "", parameters["second"] ?? "");
}

class CompareView implements View {
  readonly title = "Two jobs compared";
  readonly #both: readonly [JobRecord, JobRecord];
  #circuit = 0;

  constructor(first: string, second: string) {
    this.#both = [new JobRecord(first, redraw), new JobRecord(second, redraw)];
    addEventListener("resize", redraw);
  }

  body(): TemplateResult {
    const [first, second] = this.#both;
    const absent = this.#both.find((record) => !record.job);
    if (absent) return nothingYet(absent);
    const choose = (circuit: number): void => {
      this.#circuit = circuit;
      redraw();
    };
    return html`
      <p class="crumbs"><a href="#/jobs">Jobs</a></p>
      <h1>Two jobs compared</h1>
      ${this.#both.map(notes)}
      <div class="columns">${this.#both.map((record, place) => heading(record, place))}</div>
      ${table("How they ran", circumstances(first, second), false)}
      ${first.outcome && second.outcome ? table("What they answered", results(first, second), true) : nothing}
      ${first.job?.algorithm === second.job?.algorithm
        ? counts(this.#series(), this.#circuit, choose, pictureWidth())
        : html`<p>Their counts are not laid over each other: they are of two algorithms.</p>`}
    `;
  }

  close(): void {
    removeEventListener("resize", redraw);
    for (const record of this.#both) record.close();
  }

  #series(): { name: string; circuits: Record<string, number>[] }[] {
    const series = this.#both.map((record, place) => ({ name: ORDER[place] ?? "", circuits: record.outcome?.counts ?? [] }));
    return series.filter((one) => one.circuits.length);
  }
}

const ORDER = ["first", "second"];

function heading({ job }: JobRecord, place: number): TemplateResult | typeof nothing {
  if (!job) return nothing;
  return html`<section class="panel" aria-label=${`The ${ORDER[place]} job`}>
    <p class="quiet">${place ? "Second" : "First"}</p>
    <p class="lead"><a href="#/jobs/${job.id}">${jobName(job)}</a></p>
    <p role="status">${statusBadge(job.status)} ${statusMeaning(job.status)}</p>
  </section>`;
}

function table(caption: string, rows: Row[], changes: boolean): TemplateResult {
  return html`<h2>${caption}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label=${caption}>
      <table class="table table--small">
        <caption class="cds--visually-hidden">
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">First</th>
            <th scope="col">Second</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr class=${row.differs ? "differs" : ""}>
                <th scope="row">${row.name}</th>
                <td>${row.first}</td>
                <td>${row.second}</td>
                <td>${(changes && row.change) || (row.differs ? "differs" : html`<span class="quiet">same</span>`)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
