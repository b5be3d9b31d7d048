/** A second run of a job beside it: ideal against noisy. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { CircuitCounts } from "../results/counts";
import { redraw } from "../screen";
import { counterpartOf, kindOf, submitCounterpart } from "./counterpart";
import { JobRecord } from "./record";
import { unlikeCircuits } from "./sameness";
import { isFinal, statusBadge, statusMeaning } from "./status";

export class Overlay {
  #other: JobRecord | null = null;
  #busy = false;
  #error = "";
  /** One for each press of the button that led to something: a repetition makes no second job. */
  #key = crypto.randomUUID();

  constructor(
    private readonly record: JobRecord,
    other: string | null,
  ) {
    if (other) this.#other = new JobRecord(other, redraw);
  }

  close(): void {
    this.#other?.close();
  }

  /** The readings of both, once the second is there. */
  series(): CircuitCounts[] {
    const { job, outcome } = this.record;
    if (!job || !outcome?.counts) return [];
    const mine = { name: "this job", circuits: outcome.counts };
    const other = this.#other?.outcome;
    const fits = other?.counts && other.algorithm === job.algorithm;
    return fits ? [mine, { name: kindOf(other), circuits: other.counts ?? [] }] : [mine];
  }

  template(): TemplateResult | typeof nothing {
    const { job, submission } = this.record;
    if (!job || job.status !== "Succeeded") return nothing;
    if (this.#other) return this.#state(this.#other);
    if (!submission) return nothing;
    const { button, mode } = counterpartOf(job);
    const about = mode === "Simulator" ? "on a simulator without noise" : "on a simulator with the noise of a device";
    return html`<p class="row next">
        <button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" ?disabled=${this.#busy} @click=${() => void this.#submit()}>
          ${button}
        </button>
        <span class="quiet">Runs the same input ${about}, and lays both over each other.</span>
      </p>
      ${this.#error ? html`<p class="failure" role="alert">${this.#error}</p>` : nothing}`;
  }

  #state(other: JobRecord): TemplateResult {
    const job = other.job;
    if (!job) return html`<p class="notice" role="status">${other.missing ? "The other run is not there any more." : other.trouble || "Loading the other run …"}</p>`;
    const link = html`<a href="#/jobs/${job.id}">the ${kindOf(job)} run</a>`;
    if (job.status === "Succeeded") {
      return html`<p class="beside" role="status">Shown beside ${link}. <a href="#/compare/${this.record.id}/${job.id}">Compare all of both</a></p>
        ${this.#unlike(other)}`;
    }
    const text = isFinal(job.status) ? (job.error?.message ?? "") : statusMeaning(job.status);
    return html`<p class="notice" role="status">${statusBadge(job.status)} ${link}: ${text}</p>`;
  }

  #unlike({ outcome: there }: JobRecord): TemplateResult | typeof nothing {
    const here = this.record.outcome;
    const words = here && there ? unlikeCircuits(here, there) : "";
    return words ? html`<p class="notice">${words}</p>` : nothing;
  }

  async #submit(): Promise<void> {
    const { job, submission } = this.record;
    if (!job || !submission || this.#busy) return;
    this.#busy = true;
    this.#error = "";
    redraw();
    try {
      const made = await submitCounterpart(job, submission, this.#key);
      this.#other = new JobRecord(made.id, redraw);
      // Kept in the address, so that a reload shows both; without a new visit of this view.
      history.replaceState(null, "", `#/jobs/${job.id}?against=${made.id}`);
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      this.#key = crypto.randomUUID();
    }
    this.#busy = false;
    redraw();
  }
}
