/** A job: where it is, and what it has answered. */
import { html, nothing, type TemplateResult } from "lit-html";
import { call } from "../api";
import { files, next } from "../job/actions";
import { Choice } from "../job/choose";
import { facts } from "../job/facts";
import { failure } from "../job/failure";
import { notes, nothingYet } from "../job/notes";
import { Overlay } from "../job/overlay";
import { progress } from "../job/progress";
import { JobRecord } from "../job/record";
import { isFinal, jobName, statusBadge, statusMeaning } from "../job/status";
import { timeline } from "../job/timeline";
import { pictureWidth } from "../pictures/width";
import { ProblemError } from "../problem";
import { counts } from "../results/counts";
import { outcomeView } from "../results/outcome";
import { when } from "../results/format";
import { provenance } from "../results/provenance";
import type { Parameters } from "../router";
import { redraw, type View } from "../screen";
import type { Job } from "../types";

const TICK = 1000;

export function open(parameters: Parameters, query: URLSearchParams): View {
  return new JobView(parameters["job"] ?? "", query.get("against"));
}

class JobView implements View {
  readonly #record: JobRecord;
  readonly #overlay: Overlay;
  readonly #choice: Choice;
  readonly #clock: ReturnType<typeof setInterval>;
  #circuit = 0;
  #canceling = false;
  #error = "";

  constructor(id: string, against: string | null) {
    this.#record = new JobRecord(id, redraw);
    this.#overlay = new Overlay(this.#record, against);
    this.#choice = new Choice(() => this.#record.job);
    // How long a stage lasts is counted on.
    this.#clock = setInterval(() => this.#record.job && !isFinal(this.#record.job.status) && redraw(), TICK);
    addEventListener("resize", redraw);
  }

  get title(): string {
    const { job } = this.#record;
    return job ? `${job.status}: ${jobName(job)}` : "Job";
  }

  body(): TemplateResult {
    const record = this.#record;
    const { job } = record;
    if (!job) return nothingYet(record);
    return html`
      <p class="crumbs"><a href="#/jobs">Jobs</a></p>
      <h1>${job.name ?? record.algorithm?.title ?? jobName(job)}</h1>
      <p class="quiet">
        <a href="#/algorithms/${encodeURIComponent(job.algorithm)}"
          >${job.name ? (record.algorithm?.title ?? job.algorithm) : "About this algorithm"}</a
        >
      </p>
      ${notes(record)}
      <div class="row state">
        <p role="status">${statusBadge(job.status)} <span>${statusMeaning(job.status)}</span></p>
        ${isFinal(job.status) ? nothing : this.#cancelButton(job)}
      </div>
      ${this.#error ? html`<p class="failure" role="alert">${this.#error}</p>` : nothing}
      ${job.waitingSince
        ? html`<p class="notice">
            The provider takes no requests at the moment, since ${when(job.waitingSince)}. The job goes on by itself.
          </p>`
        : nothing}
      ${record.isCheckOnly
        ? html`<p class="notice">This target checks the program and runs nothing: the readings are no result.</p>`
        : nothing}
      ${timeline(job)} ${failure(job, Boolean(record.submission))} ${this.#result()} ${progress(job, record.values, pictureWidth())}
      <section aria-labelledby="facts">
        <h2 id="facts">The job</h2>
        ${facts(job, record.outcome)} ${next(record, () => void this.#choice.ask())}
      </section>
      ${record.outcome ? provenance(record.outcome, record.algorithm?.version ?? null) : nothing} ${this.#choice.template()}
    `;
  }

  close(): void {
    clearInterval(this.#clock);
    removeEventListener("resize", redraw);
    this.#overlay.close();
    this.#record.close();
  }

  #result(): TemplateResult | typeof nothing {
    const { outcome, algorithm, job } = this.#record;
    if (!outcome) return job?.status === "Succeeded" ? html`<p class="waiting" role="status">Loading the result …</p>` : nothing;
    const width = pictureWidth();
    const choose = (circuit: number): void => {
      this.#circuit = circuit;
      redraw();
    };
    return html`
      ${files(outcome)} ${outcomeView(algorithm, outcome, width)}
      ${counts(this.#overlay.series(), this.#circuit, choose, width)} ${this.#overlay.template()}
    `;
  }

  #cancelButton(job: Job): TemplateResult {
    const busy = this.#canceling || job.status === "Canceling";
    return html`<button
      class="cds--btn cds--btn--danger--tertiary cds--btn--sm"
      type="button"
      ?disabled=${busy}
      @click=${() => void this.#cancel(job)}
    >
      ${busy ? "Canceling …" : "Cancel"}
    </button>`;
  }

  async #cancel(job: Job): Promise<void> {
    this.#canceling = true;
    this.#error = "";
    redraw();
    try {
      const { body } = await call<Job>("DELETE", `jobs/${encodeURIComponent(job.id)}`);
      this.#record.take(body);
    } catch (error) {
      // One that is over in the meantime says so by itself.
      const over = error instanceof ProblemError && error.code === "job-finished";
      if (!over) this.#error = `It could not be canceled. ${error instanceof Error ? error.message : error}`;
    }
    this.#canceling = false;
    redraw();
  }
}
