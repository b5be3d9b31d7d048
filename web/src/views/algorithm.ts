import { html, nothing } from "lit-html";
import type { Parameters } from "../router";
import { redraw, type View } from "../screen";
import { SubmitPage } from "../submit/page";
import { popup } from "../submit/popups";
import { form, heading } from "../submit/view";

export function open(parameters: Parameters, query: URLSearchParams): View {
  const page = new SubmitPage(parameters["algorithm"] ?? "");
  void page.load(query);
  let code: typeof import("../snippets/panel") | null = null;
  void import("../snippets/panel").then((module) => {
    code = module;
    redraw();
  });
  return {
    get title() {
      return page.algorithm?.title ?? "Algorithm";
    },
    body() {
      const { algorithm, sheet } = page;
      if (!algorithm || !sheet) {
        return page.failure
          ? html`<h1>Algorithm</h1>
              <p class="failure" role="alert">${page.failure}</p>
              <p><a href="#/">All algorithms</a></p>`
          : html`<p class="waiting" role="status">Loading …</p>`;
      }
      return html`<p class="back"><a href="#/">All algorithms</a></p>
        ${heading(algorithm)} ${form(page, algorithm, sheet)} ${code ? code.panel(page) : nothing} ${popup(page)}`;
    },
    close: () => page.close(),
  };
}
