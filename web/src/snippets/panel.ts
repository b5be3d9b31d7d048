/** What is in the form as a program in several languages. */
import { html, nothing, type TemplateResult } from "lit-html";
import { account } from "../account";
import { apiAddress } from "../api";
import { copy } from "../clipboard";
import { configuration } from "../configuration";
import { redraw } from "../screen";
import type { SubmitPage } from "../submit/page";
import type { Json } from "../types";
import { type Language, LANGUAGES } from "./languages";
import { PROGRAMS } from "./programs";
import { tokenCommand } from "./token";

/** So long the form has to be at rest before the program follows. */
const PAUSE = 300;

let chosen = 0;
let notice = "";
let shown = { of: "", program: "" };
let timer: ReturnType<typeof setTimeout> | undefined;

export function panel(page: SubmitPage): TemplateResult {
  const language = LANGUAGES[chosen] as Language;
  const { program } = following(page, language);
  return html`<section aria-labelledby="code-heading">
    <div class="row row--apart">
      <h2 id="code-heading">The same from a program</h2>
      <button class="cds--btn cds--btn--tertiary cds--btn--sm" type="button" @click=${() => void page.copyLink()}>Copy link</button>
    </div>
    <p>
      The form as it is, as a program that submits it and waits for the result. The link fills in this form for
      somebody else.
    </p>
    ${token()}
    ${page.link ? html`<label class="field">Link <input class="cds--text-input" readonly .value=${page.link} /></label>` : nothing}
    <div class="tabs" role="tablist" aria-label="Languages" @keydown=${move}>
      ${LANGUAGES.map(({ name }, index) => {
        const isChosen = index === chosen;
        return html`<button
          class="tabs__tab" type="button" role="tab" id="code-tab-${index}" aria-controls="code-panel"
          aria-selected=${isChosen ? "true" : "false"} tabindex=${isChosen ? "0" : "-1"} @click=${() => choose(index)}
        >${name}</button>`;
      })}
    </div>
    <div id="code-panel" role="tabpanel" aria-labelledby="code-tab-${chosen}">
      <div class="row row--apart">
        <span class="help">${language.run}</span>
        <span class="row">
          <span role="status" class="quiet">${notice}</span>
          <button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" @click=${() => void copyProgram(programOf(page, language))}>Copy code</button>
        </span>
      </div>
      <pre class="program" tabindex="0" aria-label="${language.name} program"><code>${program}</code></pre>
    </div>
  </section>`;
}

/** Where the token comes from that all of the programs take. */
function token(): TemplateResult {
  const known = configuration();
  const emulated = known?.emulated ?? false;
  return html`<p>
      It takes an access token, which is valid for about an hour, from the environment variable <code>QJOBS_TOKEN</code>.
      ${emulated ? "In the folder of the repository, beside the running stack:" : "With the Azure CLI, once you have signed in by az login:"}
    </p>
    <pre class="program" tabindex="0" aria-label="Command that gets a token"><code>${tokenCommand(known ?? { scopes: [] }, account()?.name ?? "alice")}</code></pre>`;
}

/** The program on the screen. It follows what is typed after a moment, everything else at once. */
function following(page: SubmitPage, language: Language): typeof shown {
  const about = `${page.id} ${language.name}`;
  const of = `${about} ${page.body}`;
  clearTimeout(timer);
  if (shown.of === of) return shown;
  if (shown.of.startsWith(`${about} `)) timer = setTimeout(() => show(of, page, language), PAUSE);
  else shown = { of, program: programOf(page, language) };
  return shown;
}

function show(of: string, page: SubmitPage, language: Language): void {
  shown = { of, program: programOf(page, language) };
  redraw();
}

function programOf(page: SubmitPage, language: Language): string {
  const address = `${apiAddress()}/algorithms/${encodeURIComponent(page.id)}/jobs`;
  return language.fill(PROGRAMS[language.file] ?? "", address, page.submission as Json);
}

function choose(index: number): void {
  chosen = index;
  notice = "";
  redraw();
}

function move(event: KeyboardEvent): void {
  const last = LANGUAGES.length - 1;
  const next = { ArrowRight: chosen === last ? 0 : chosen + 1, ArrowLeft: chosen === 0 ? last : chosen - 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  choose(next);
  queueMicrotask(() => document.getElementById(`code-tab-${next}`)?.focus());
}

async function copyProgram(program: string): Promise<void> {
  notice = (await copy(program)) ? "Copied" : "The browser does not let the page copy: select the text instead.";
  redraw();
}
