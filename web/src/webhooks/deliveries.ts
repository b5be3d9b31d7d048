/** What was sent to a webhook, each attempt with its outcome, and sending it again. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Delivery } from "../types";
import type { Registered } from "./registered";
import { eventName, localTime, moment, outcome } from "./words";

const STATUSES = ["Pending", "Delivered", "Failed"];
const DAY = 86_400_000;

export function deliveriesPanel(one: Registered): TemplateResult {
  const open = (event: Event) => {
    if ((event.currentTarget as HTMLDetailsElement).open && !one.deliveries) void one.load();
  };
  return html`<details @toggle=${open}>
    <summary>Deliveries</summary>
    ${one.deliveries ? content(one, one.deliveries) : html`<p class="waiting">Loading …</p>`}
  </details>`;
}

function content(one: Registered, deliveries: Delivery[]): TemplateResult {
  const id = one.webhook.id;
  return html`<div class="stack webhook-deliveries">
    <div class="row webhook-filter">
      <div class="cds--form-item">
        <label class="cds--label" for="status-${id}">Show</label>
        <select
          class="cds--select-input"
          id="status-${id}"
          @change=${(event: Event) => {
            one.status = (event.target as HTMLSelectElement).value;
            void one.load();
          }}
        >
          <option value="">All</option>
          ${STATUSES.map((status) => html`<option ?selected=${one.status === status}>${status}</option>`)}
        </select>
      </div>
      <button class="cds--btn cds--btn--md cds--btn--ghost" type="button" @click=${() => void one.load()}>Refresh</button>
    </div>
    ${deliveries.length ? table(one, deliveries) : html`<p class="quiet">Nothing ${one.status ? "of this status" : "was sent yet"}.</p>`}
    ${one.next
      ? html`<button class="cds--btn cds--btn--sm cds--btn--ghost" type="button" @click=${() => void one.more()}>Older ones</button>`
      : ""}
    ${one.webhook.status === "Active" ? replayForm(one) : ""}
  </div>`;
}

function table(one: Registered, deliveries: Delivery[]): TemplateResult {
  return html`<p class="quiet">
      What fails is sent again after about 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h; then it has failed.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Deliveries to ${one.webhook.url}">
    <table class="table">
      <caption class="cds--visually-hidden">Deliveries</caption>
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">Status</th>
          <th scope="col">Attempts</th>
          <th scope="col"><span class="cds--visually-hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        ${deliveries.map((delivery) => row(one, delivery))}
      </tbody>
    </table>
  </div>`;
}

function row(one: Registered, delivery: Delivery): TemplateResult {
  const { id, jobId, attempts } = delivery;
  const name = eventName(delivery.type);
  const again = one.webhook.status === "Active" || !jobId;
  return html`<tr>
    <th scope="row">
      ${jobId ? html`<a href="#/jobs/${jobId}">${name}</a>` : name}
      <div class="quiet">${moment(delivery.occurredAt)}</div>
    </th>
    <td>
      <span class="status status--${delivery.status}">${delivery.status}</span>
      ${delivery.nextAttemptAt ? html`<div class="quiet">next attempt ${moment(delivery.nextAttemptAt)}</div>` : nothing}
    </td>
    <td>
      ${attempts.length
        ? html`<ol class="webhook-attempts">${attempts.map((each) => html`<li>${moment(each.at)}: ${outcome(each)}</li>`)}</ol>`
        : html`<span class="quiet">none yet</span>`}
    </td>
    <td>
      ${again
        ? html`<button
            class="cds--btn cds--btn--sm cds--btn--ghost"
            type="button"
            aria-disabled=${one.busy}
            aria-label="Send again: ${name}, ${moment(delivery.occurredAt)}"
            title="webhook-id ${id}"
            @click=${() => void one.replay(delivery)}
          >
            Send again
          </button>`
        : nothing}
    </td>
  </tr>`;
}

function replayForm(one: Registered): TemplateResult {
  const id = `since-${one.webhook.id}`;
  const submit = (event: Event) => {
    event.preventDefault();
    const { value } = document.getElementById(id) as HTMLInputElement;
    void one.replayFailed(new Date(value));
  };
  return html`<form class="row webhook-filter" @submit=${submit}>
    <div class="cds--form-item">
      <label class="cds--label" for=${id}>Failed since</label>
      <input class="cds--text-input" id=${id} type="datetime-local" required value=${localTime(new Date(Date.now() - DAY))} />
    </div>
    <button class="cds--btn cds--btn--md cds--btn--tertiary" type="submit" aria-disabled=${one.busy}>Send all of them again</button>
  </form>`;
}
