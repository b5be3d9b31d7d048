/** The form of an algorithm, with what it takes to become a job. */
import { html, nothing, type TemplateResult } from "lit-html";
import { estimateTable, inShort } from "../estimate/table";
import { refusalOf } from "../estimate/estimator";
import { focusOn } from "../form/context";
import { member } from "../form/field";
import { isJsonOnly } from "../form/kinds";
import { idOf, wordsOf } from "../form/pointer";
import { control, members } from "../form/render";
import { markdown } from "../markdown";
import type { Algorithm, Schema } from "../types";
import type { Members } from "./link";
import type { SubmitPage } from "./page";
import { isJson, type Sheet } from "./sheet";
import { whereSelect } from "./where";

export function heading(algorithm: Algorithm): TemplateResult {
  return html`<h1>${algorithm.title}</h1>
    <p class="lead">${algorithm.summary}</p>
    <p class="tags">${algorithm.tags.map((tag) => html`<span class="cds--tag">${tag}</span>`)}</p>
    <details>
      <summary>About this algorithm</summary>
      <div class="prose">${markdown(algorithm.description)}</div>
    </details>`;
}

export function form(page: SubmitPage, algorithm: Algorithm, sheet: Sheet): TemplateResult {
  const submit = (event: Event): void => {
    event.preventDefault();
    void page.submit(event.target as HTMLFormElement);
  };
  return html`<form novalidate aria-label="Submission" @submit=${submit}>
    ${wrong(page)}
    <div class="columns">
      <section aria-labelledby="input-heading">
        <div class="row row--apart">
          <h2 id="input-heading">Input</h2>
          ${examples(page, algorithm)}
        </div>
        ${input(page, algorithm, sheet)}
      </section>
      <section class="run" aria-labelledby="run-heading">
        <h2 id="run-heading">Run</h2>
        <div class="panel stack">
          ${run(page, sheet)} ${short(page)}
          <div class="row">
            <button class="cds--btn cds--btn--primary" type="submit" aria-disabled=${page.isSending ? "true" : nothing}>Submit</button>
            <p role="status" class="quiet">${page.notice}</p>
            ${page.before ? html`<button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" @click=${() => page.undo()}>Undo filling in</button>` : nothing}
          </div>
        </div>
      </section>
    </div>
    ${estimate(page, sheet)}
  </form>`;
}

/** What is wrong, with a way to each place where it is. */
function wrong(page: SubmitPage): TemplateResult | typeof nothing {
  if (!page.failure) return nothing;
  const go = (event: Event, pointer: string): void => {
    event.preventDefault();
    focusOn(pointer);
  };
  return html`<div class="failure" id=${idOf("")} tabindex="-1" role="alert">
    <p>${page.failure}</p>
    ${page.errors.size > 0
      ? html`<ul class="prose-list">
          ${[...page.errors].map(
            ([pointer, detail]) => html`<li>
              ${pointer ? html`<a href=${location.hash} @click=${(event: Event) => go(event, pointer)}>${placeOf(page.sheet, pointer)}</a>: ` : nothing}${detail}
            </li>`,
          )}
        </ul>`
      : nothing}
  </div>`;
}

function placeOf(sheet: Sheet | null, pointer: string): string {
  if (pointer === "/target" || !sheet) return "Where it runs";
  if (!pointer.startsWith("/input")) return wordsOf(sheet.run, pointer);
  return wordsOf(sheet.input, pointer.slice("/input".length)) || "Input";
}

function examples(page: SubmitPage, algorithm: Algorithm): TemplateResult | typeof nothing {
  if (algorithm.examples.length === 0) return nothing;
  return html`<div class="row" role="group" aria-label="Examples">
    ${algorithm.examples.map((example, index) => {
      const title = example["title"] ?? example["name"];
      const name = typeof title === "string" ? title : `Example ${index + 1}`;
      const { title: _, ...submission } = example as Members;
      const fill = (): void => page.fillAnew({ ...page.submission, ...submission } as Members, `${name} is filled in.`);
      return html`<button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" @click=${fill}>${name}</button>`;
    })}
  </div>`;
}

function input(page: SubmitPage, algorithm: Algorithm, sheet: Sheet): TemplateResult {
  const schema = algorithm.inputSchema as Schema;
  const hasFields = !isJsonOnly(schema);
  return html`${isJson(sheet)
      ? control(sheet.input, "Input, in JSON", "/input", page)
      : html`<div id=${idOf("/input")} role="group" aria-labelledby="input-heading" tabindex="-1">
          ${page.errors.has("/input") ? html`<p class="wrong">${page.errors.get("/input")}</p>` : nothing}
          ${sheet.input.members.length > 0 ? members(sheet.input, "/input", page) : html`<p>It takes no input.</p>`}
        </div>`}
    ${hasFields
      ? html`<label class="switch">
          <input type="checkbox" class="tick" .checked=${isJson(sheet)} @change=${() => page.toggleJson()} /> As JSON
        </label>`
      : nothing}`;
}

function run(page: SubmitPage, sheet: Sheet): TemplateResult {
  const shots = member(sheet.run, "shots");
  const more = { ...sheet.run, members: sheet.run.members.filter(([name]) => name !== "shots") };
  return html`${whereSelect(page, sheet.where)} ${shots ? control(shots, "Shots", "/shots", page) : nothing}
    <details>
      <summary>More</summary>
      ${members(more, "", page)}
    </details>`;
}

function estimate(page: SubmitPage, sheet: Sheet): TemplateResult {
  const { last, isBusy } = page.estimator;
  const ask = (event: Event): void => void page.estimate((event.target as HTMLButtonElement).form as HTMLFormElement);
  const isOld = last !== null && last.body !== page.body;
  return html`<section aria-labelledby="estimate-heading" aria-busy=${isBusy ? "true" : "false"}>
    <div class="row row--apart">
      <h2 id="estimate-heading">Cost and wait</h2>
      <button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" @click=${ask}>Estimate</button>
    </div>
    <p role="status" class="quiet">${isBusy ? "Estimating …" : isOld ? "This is the estimate of an earlier input." : ""}</p>
    ${last?.estimate ? estimateTable(last.estimate, sheet.where, (id) => page.choose(id)) : nothing}
    ${last?.error && !isOld ? html`<p class="notice">${why(last.error, refusalOf(last) !== null)}</p>` : nothing}
    ${last || isBusy ? nothing : html`<p class="quiet">Fill in the form to see what it costs and how long it waits.</p>`}
  </section>`;
}

/** The estimate in a line, beside the button that it is about. */
function short({ estimator: { last }, body }: SubmitPage): TemplateResult | typeof nothing {
  return last?.estimate && last.body === body ? html`<p class="short">${inShort(last.estimate)}</p>` : nothing;
}

function why(error: unknown, isRefused: boolean): string {
  const said = error instanceof Error ? error.message : String(error);
  return isRefused ? `This input cannot run as it is. ${said}` : `There is no estimate at the moment. ${said}`;
}
