/** The webhooks of the account: registered, pinged, given a new secret, deleted; what was sent to them. */
import { html, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { list } from "../api";
import { redraw, type View } from "../screen";
import type { Webhook } from "../types";
import { focusSecret, webhookCard } from "../webhooks/card";
import { Registered } from "../webhooks/registered";
import { registrationForm } from "../webhooks/registration";

/** So often, in milliseconds, what is going to be sent is looked at. */
const AGAIN = 10_000;

/** Kept while the tab is open: a secret that is still shown survives a visit to another view. */
const registered = new Map<string, Registered>();

export function open(): View {
  let state: "loading" | "ready" | "failed" = "loading";
  let failure = "";

  async function load(): Promise<void> {
    state = "loading";
    redraw();
    try {
      const found = await list<Webhook>("webhooks");
      keep(found);
      state = "ready";
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      state = "failed";
    }
    redraw();
  }

  function listed(): TemplateResult {
    if (state === "failed") {
      return html`<div class="failure stack" role="alert">
        <p>${failure}</p>
        <div><button class="cds--btn cds--btn--sm cds--btn--tertiary" type="button" @click=${load}>Try again</button></div>
      </div>`;
    }
    if (!registered.size) return html`<p class="quiet">${state === "loading" ? "Loading …" : "You have none yet."}</p>`;
    return html`<div class="stack">
      ${repeat(registered.values(), ({ webhook }) => webhook.id, (one) => webhookCard(one, () => remove(one)))}
    </div>`;
  }

  void load();
  const clock = setInterval(() => renewPending(), AGAIN);
  return {
    close: () => clearInterval(clock),
    title: "Webhooks",
    body: () => html`
      <h1>Webhooks</h1>
      <p class="lead">
        A server of yours is told when a job ends, so it need not ask again and again. It gets a signed message that
        says which job it is; the result stays here until it is fetched.
      </p>
      <section aria-labelledby="registered">
        <h2 id="registered">Your webhooks</h2>
        ${listed()}
      </section>
      ${registrationForm(add)}
    `,
  };
}

function keep(found: Webhook[]): void {
  const ids = new Set(found.map(({ id }) => id));
  for (const id of registered.keys()) if (!ids.has(id)) registered.delete(id);
  for (const webhook of found) {
    const one = registered.get(webhook.id) ?? new Registered(webhook);
    registered.set(webhook.id, one);
    one.reopen(webhook);
  }
}

function renewPending(): void {
  if (document.hidden) return;
  for (const one of registered.values()) if (one.isPending) void one.renew();
}

function add(webhook: Webhook): void {
  const one = new Registered(webhook);
  registered.set(webhook.id, one);
  focusSecret(one);
  void one.firstPing();
}

function remove(one: Registered): void {
  registered.delete(one.webhook.id);
  redraw();
}
