/** The frame of every view: header, navigation, and what is wrong with the page itself. */
import { html, type TemplateResult } from "lit-html";
import { type Account, signIn, signOut } from "./account";
import { configuration } from "./configuration";
import type { View } from "./screen";
import { theme, toggleTheme } from "./theme";

const PLACES = [
  ["#/", "Algorithms"],
  ["#/jobs", "Jobs"],
  ["#/webhooks", "Webhooks"],
] as const;

export function shell(account: Account | null | undefined, view: View | null, error: string): TemplateResult {
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the content</a>
    <header class="bar">
      <a class="bar__name" href="#/">Quantum jobs</a>
      ${account ? navigation() : ""}
      <span class="bar__space"></span>
      <button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" @click=${toggleTheme}>
        ${theme() === "dark" ? "Light" : "Dark"}
      </button>
      ${account ? signedIn(account) : ""}
    </header>
    <main id="main" tabindex="-1">
      ${configuration()?.emulated
        ? html`<p class="emulated">This runs on a laptop: quantum computers are emulated, and nothing is billed.</p>`
        : ""}
      ${error ? html`<p class="failure" role="alert">${error}</p>` : ""}
      ${content(account, view, error)}
    </main>
  `;
}

function content(account: Account | null | undefined, view: View | null, error: string): TemplateResult | "" {
  if (account === undefined) return error ? "" : html`<p class="waiting">Loading …</p>`;
  if (account === null) return welcome();
  return view ? view.body() : "";
}

function navigation(): TemplateResult {
  return html`<nav aria-label="Main">
    ${PLACES.map(
      ([address, name]) =>
        html`<a href=${address} aria-current=${isHere(address) ? "page" : "false"}>${name}</a>`,
    )}
  </nav>`;
}

function isHere(address: string): boolean {
  const here = location.hash || "#/";
  if (address === "#/") return here === "#/" || here.startsWith("#/algorithms");
  return here.startsWith(address);
}

function signedIn(account: Account): TemplateResult {
  return html`<span class="bar__account">${account.name}</span>
    <button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" @click=${signOut}>Sign out</button>`;
}

function welcome(): TemplateResult {
  return html`<section class="welcome">
    <h1>Run quantum algorithms</h1>
    <p>
      Choose an algorithm, fill in what it is about, see what it costs and how long it waits, and get the answer
      with the evidence for it. There is nothing to install, and no circuit to write.
    </p>
    <button class="cds--btn cds--btn--primary" type="button" @click=${signIn}>Sign in</button>
  </section>`;
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
