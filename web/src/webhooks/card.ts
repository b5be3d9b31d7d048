/** One webhook: its state, its secret while that is shown, what can be done with it. */
import { html, type TemplateResult } from "lit-html";
import { redraw } from "../screen";
import { deliveriesPanel } from "./deliveries";
import type { Registered } from "./registered";
import { meaning, moment, pingResult } from "./words";

let copied = "";

export function webhookCard(one: Registered, removed: () => void): TemplateResult {
  const { webhook } = one;
  const heading = `webhook-${webhook.id}`;
  return html`<article class="panel stack" aria-labelledby=${heading}>
    <header class="row webhook-head">
      <h3 id=${heading}>${webhook.description ?? webhook.url}</h3>
      <span class="status status--${webhook.status}">${webhook.status}</span>
    </header>
    <p>${meaning(webhook)}</p>
    ${one.secret ? secret(one) : ""}
    <dl class="facts">
      <dt>Address</dt>
      <dd>${webhook.url}</dd>
      <dt>Told of jobs that are</dt>
      <dd>${webhook.events.join(", ")}</dd>
      <dt>Registered</dt>
      <dd>${moment(webhook.createdAt)}</dd>
      ${webhook.failingSince ? html`<dt>Failing since</dt><dd>${moment(webhook.failingSince)}</dd>` : ""}
    </dl>
    <div class="row">
      ${action("Ping", "tertiary", one, () => one.sendPing())}
      ${action("Rotate secret", "tertiary", one, () => rotate(one))}
      ${action("Delete", "danger--tertiary", one, () => dialog(one)?.showModal())}
    </div>
    <p role="status" class="webhook-message">${one.message || pingResult(one.ping)}</p>
    ${one.failure ? html`<p class="failure" role="alert">${one.failure}</p>` : ""}
    ${deliveriesPanel(one)} ${confirmation(one, removed)}
  </article>`;
}

function action(name: string, kind: string, one: Registered, run: () => unknown): TemplateResult {
  return html`<button
    class="cds--btn cds--btn--sm cds--btn--${kind}"
    type="button"
    aria-disabled=${one.busy}
    aria-label="${name}: ${one.webhook.description ?? one.webhook.url}"
    @click=${() => void (one.busy || run())}
  >
    ${name}
  </button>`;
}

function secret(one: Registered): TemplateResult {
  const id = `secret-${one.webhook.id}`;
  return html`<section class="notice stack" aria-labelledby=${id} tabindex="-1" id="${id}-panel">
    <h4 id=${id}>Its secret, shown only now</h4>
    <p>
      Your server verifies messages with it. Copy it to where the server reads its secrets before you go on:
      it cannot be shown again, only replaced by a new one.
    </p>
    <code class="webhook-secret">${one.secret}</code>
    <div class="row">
      <button class="cds--btn cds--btn--sm cds--btn--primary" type="button" @click=${() => copy(one)}>Copy secret</button>
      <button class="cds--btn cds--btn--sm cds--btn--ghost" type="button" @click=${() => putAway(one)}>I have stored it</button>
      <span role="status">${copied === one.webhook.id ? "Copied." : ""}</span>
    </div>
  </section>`;
}

/** The keyboard's focus goes to a secret that has just appeared. */
export function focusSecret(one: Registered): void {
  redraw();
  queueMicrotask(() => document.getElementById(`secret-${one.webhook.id}-panel`)?.focus());
}

async function rotate(one: Registered): Promise<void> {
  copied = "";
  await one.rotate();
  focusSecret(one);
}

async function copy(one: Registered): Promise<void> {
  try {
    await navigator.clipboard.writeText(one.secret);
    copied = one.webhook.id;
  } catch {
    one.message = "This browser does not allow copying. Select the secret and copy it by hand.";
  }
  redraw();
}

function putAway(one: Registered): void {
  one.secret = "";
  redraw();
  queueMicrotask(() => document.getElementById("main")?.focus());
}

function dialog(one: Registered): HTMLDialogElement | null {
  return document.getElementById(`delete-${one.webhook.id}`) as HTMLDialogElement | null;
}

function confirmation(one: Registered, removed: () => void): TemplateResult {
  const id = `delete-${one.webhook.id}`;
  async function remove(): Promise<void> {
    dialog(one)?.close();
    if (!(await one.remove())) return;
    removed();
    queueMicrotask(() => document.getElementById("main")?.focus());
  }
  return html`<dialog id=${id} aria-labelledby="${id}-title">
    <h4 id="${id}-title">Delete this webhook?</h4>
    <p class="webhook-address">${one.webhook.url}</p>
    <p>It is told of nothing any more, and its secret and its deliveries are gone.</p>
    <div class="row">
      <button class="cds--btn cds--btn--sm cds--btn--danger" type="button" @click=${() => void remove()}>Delete</button>
      <button class="cds--btn cds--btn--sm cds--btn--ghost" type="button" autofocus @click=${() => dialog(one)?.close()}>Keep it</button>
    </div>
  </dialog>`;
}
