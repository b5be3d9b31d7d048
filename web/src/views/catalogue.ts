import { html, nothing, type TemplateResult } from "lit-html";
import { list } from "../api";
import { redraw, type View } from "../screen";
import { troubleOf } from "../submit/sending";
import type { AlgorithmSummary } from "../types";

/** Shown again at once when one comes back, and fetched anew. */
let known: AlgorithmSummary[] | null = null;
let search = "";
let tag = "";

export function open(): View {
  let failure = "";
  list<AlgorithmSummary>("algorithms")
    .then((algorithms) => (known = algorithms))
    .catch((error: unknown) => (failure = troubleOf(error)))
    .finally(redraw);
  return { title: "Algorithms", body: () => body(failure) };
}

function body(failure: string): TemplateResult {
  return html`<h1>Algorithms</h1>
    <p class="lead">Choose what you would like to know. Each has a form, examples to start from, and says what it costs before it runs.</p>
    ${failure ? html`<p class="failure" role="alert">${failure}</p>` : nothing}
    ${known ? catalogue(known) : failure ? nothing : html`<p class="waiting" role="status">Loading …</p>`}`;
}

function catalogue(algorithms: AlgorithmSummary[]): TemplateResult {
  const tags = [...new Set(algorithms.flatMap((one) => one.tags))].sort((one, other) => one.localeCompare(other));
  const shown = algorithms.filter((one) => found(one, search) && (tag === "" || one.tags.includes(tag)));
  const typed = (event: Event): void => {
    search = (event.target as HTMLInputElement).value;
    redraw();
  };
  const chosen = (event: Event): void => {
    tag = (event.target as HTMLSelectElement).value;
    redraw();
  };
  return html`<form class="filters" role="search" aria-label="Algorithms" @submit=${(event: Event) => event.preventDefault()}>
      <div class="field">
        <label class="cds--label" for="search">Search</label>
        <input class="cds--text-input" id="search" type="search" autocomplete="off" .value=${search} @input=${typed} />
      </div>
      <div class="field">
        <label class="cds--label" for="tag">Tag</label>
        <select class="cds--select-input" id="tag" @change=${chosen}>
          <option value="">All</option>
          ${tags.map((one) => html`<option value=${one} .selected=${one === tag}>${one}</option>`)}
        </select>
      </div>
      <p role="status" class="quiet">${shown.length} of ${algorithms.length}</p>
    </form>
    ${shown.length > 0 ? html`<ul class="cards">${shown.map(card)}</ul>` : html`<p>None fits. Try fewer letters, or all tags.</p>`}`;
}

function card(algorithm: AlgorithmSummary): TemplateResult {
  return html`<li class="card">
    <h2><a href="#/algorithms/${algorithm.id}">${algorithm.title}</a></h2>
    <p>${algorithm.summary}</p>
    <p class="tags">${algorithm.tags.map((one) => html`<span class="cds--tag">${one}</span>`)}</p>
  </li>`;
}

/** Whether every word that is searched for is somewhere in it. */
function found(algorithm: AlgorithmSummary, words: string): boolean {
  const text = [algorithm.id, algorithm.title, algorithm.summary, ...algorithm.tags].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
