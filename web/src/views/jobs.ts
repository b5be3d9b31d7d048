/** The caller's jobs, filtered by algorithm, status and tag. */
import { html, nothing, type TemplateResult } from "lit-html";
import { list } from "../api";
import { forgetEverything } from "../history";
import { addressOf, type Filter, filterForm, filterOf, isFiltered } from "../job/filter";
import { jobTable } from "../job/list";
import { Listing } from "../job/listing";
import { when } from "../results/format";
import type { Parameters } from "../router";
import { redraw, type View } from "../screen";
import type { AlgorithmSummary } from "../types";

export function open(_parameters: Parameters, query: URLSearchParams): View {
  return new JobsView(filterOf(query));
}

class JobsView implements View {
  readonly title = "Jobs";
  #filter: Filter;
  #listing: Listing;
  #titles = new Map<string, string>();
  #note = "";

  constructor(filter: Filter) {
    this.#filter = filter;
    this.#listing = new Listing(filter, redraw);
    if (filter.algorithm) this.#titles.set(filter.algorithm, filter.algorithm);
    void this.#loadTitles();
  }

  body(): TemplateResult {
    const { jobs, loading, trouble, asOf } = this.#listing;
    return html`
      <h1>Jobs</h1>
      ${filterForm(this.#filter, this.#titles, (filter) => this.#choose(filter))}
      ${trouble
        ? html`<p class="notice" role="status">
            ${asOf ? html`From this browser, as of ${when(asOf)}. ` : nothing}${trouble}
          </p>`
        : nothing}
      <p class="cds--visually-hidden" role="status">${loading ? "Loading" : `${jobs.length} jobs shown`}</p>
      ${jobs.length ? jobTable(jobs, this.#titles) : this.#empty()}
      ${this.#listing.hasMore
        ? html`<p>
            <button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" ?disabled=${loading} @click=${() => void this.#listing.more()}>
              ${loading ? "Loading …" : "Load more"}
            </button>
          </p>`
        : nothing}
      ${this.#history()}
    `;
  }

  close(): void {
    this.#listing.close();
  }

  #empty(): TemplateResult {
    if (this.#listing.loading) return html`<p class="waiting">Loading …</p>`;
    if (this.#listing.hasMore) return html`<p>None of the newest jobs passes the filter; there are older ones.</p>`;
    if (isFiltered(this.#filter)) return html`<p>No job passes the filter.</p>`;
    return html`<p>There are no jobs yet. <a href="#/">Choose an algorithm</a> to submit the first one.</p>`;
  }

  #history(): TemplateResult {
    const close = (): void => document.querySelector<HTMLDialogElement>("#forget")?.close();
    return html`<section class="history" aria-labelledby="history">
        <h2 id="history">History</h2>
        <p class="quiet">
          This browser keeps the jobs and results that you have seen, for you alone: they open without a network, and can
          be run again.
        </p>
        <button
          class="cds--btn cds--btn--danger--tertiary cds--btn--sm"
          type="button"
          @click=${() => document.querySelector<HTMLDialogElement>("#forget")?.showModal()}
        >
          Delete the history of this browser
        </button>
        <p role="status">${this.#note}</p>
      </section>
      <dialog id="forget" aria-labelledby="forget-title">
        <h2 id="forget-title">Delete the history of this browser?</h2>
        <p>
          Jobs stay at the service, with their results. Inputs are in this browser alone: jobs that you have submitted
          cannot be run again with a change.
        </p>
        <div class="row decide">
          <button class="cds--btn cds--btn--secondary" type="button" @click=${close}>Keep it</button>
          <button class="cds--btn cds--btn--danger" type="button" @click=${() => void this.#forget(close)}>Delete</button>
        </div>
      </dialog>`;
  }

  async #forget(close: () => void): Promise<void> {
    await forgetEverything();
    close();
    this.#note = "The history of this browser is deleted.";
    if (this.#listing.asOf) void this.#listing.load();
    redraw();
  }

  #choose(filter: Filter): void {
    // By Enter both the field and the form say it.
    if (addressOf(filter) === addressOf(this.#filter)) return;
    this.#filter = filter;
    // Without a new visit of this view, which would take the focus away.
    history.replaceState(null, "", addressOf(filter));
    this.#listing.close();
    this.#listing = new Listing(filter, redraw);
    redraw();
  }

  async #loadTitles(): Promise<void> {
    const algorithms = await list<AlgorithmSummary>("algorithms").catch(() => []);
    for (const { id, title } of algorithms) this.#titles.set(id, title);
    redraw();
  }
}
