/** The form that registers a webhook; what was typed survives a visit to another view. */
import { html, type TemplateResult } from "lit-html";
import { call } from "../api";
import { ProblemError } from "../problem";
import { redraw } from "../screen";
import type { Webhook } from "../types";

const EVENTS = [
  ["Succeeded", "succeeded"],
  ["Failed", "failed"],
  ["Canceled", "was canceled"],
] as const;

interface Draft {
  url: string;
  description: string;
  events: Set<string>;
  /** The same as long as nothing changes, so that a repeated request makes no second webhook. */
  key: string;
}

let draft = emptyDraft();
let errors: Record<string, string> = {};
let problem = "";
let sending = false;

function emptyDraft(): Draft {
  return { url: "", description: "", events: new Set(EVENTS.map(([id]) => id)), key: crypto.randomUUID() };
}

export function registrationForm(added: (webhook: Webhook) => void): TemplateResult {
  return html`<h2 id="register">Register a webhook</h2>
    <form class="panel stack webhook-form" aria-labelledby="register" @submit=${(event: Event) => register(event, added)}>
    ${problem ? html`<p class="failure" role="alert">${problem}</p>` : ""}
    ${text("url", "Address of your server", "https, and reachable from the internet", {
      type: "url",
      required: true,
      most: 2048,
      example: "https://receiver.example.com/quantum-events",
    })}
    <fieldset class="cds--fieldset" aria-describedby=${errors["events"] ? "webhook-events-error" : "webhook-events-help"}>
      <legend class="cds--label">Tell it of a job that</legend>
      ${EVENTS.map(([id, name]) => checkbox(id, name))}
      ${errors["events"]
        ? html`<p class="cds--form-requirement field-error" id="webhook-events-error">${errors["events"]}</p>`
        : html`<p class="cds--form__helper-text" id="webhook-events-help">At least one.</p>`}
    </fieldset>
    ${text("description", "Description (optional)", "So that you know it again", { type: "text", required: false, most: 200 })}
    <div>
      <button class="cds--btn cds--btn--primary" type="submit" aria-disabled=${sending}>
        ${sending ? "Registering …" : "Register"}
      </button>
    </div>
  </form>`;
}

interface Control {
  type: string;
  required: boolean;
  most: number;
  example?: string;
}

function text(name: "url" | "description", label: string, help: string, control: Control): TemplateResult {
  const error = errors[name];
  const id = `webhook-${name}`;
  return html`<div class="cds--form-item">
    <label class="cds--label" for=${id}>${label}</label>
    <input
      class="cds--text-input ${error ? "cds--text-input--invalid" : ""}"
      id=${id}
      type=${control.type}
      ?required=${control.required}
      maxlength=${control.most}
      placeholder=${control.example ?? ""}
      autocomplete="off"
      aria-invalid=${error ? "true" : "false"}
      aria-describedby=${`${id}-${error ? "error" : "help"}`}
      .value=${draft[name]}
      @input=${(event: Event) => change(name, () => (draft[name] = (event.target as HTMLInputElement).value))}
    />
    ${error
      ? html`<p class="cds--form-requirement field-error" id="${id}-error">${error}</p>`
      : html`<p class="cds--form__helper-text" id="${id}-help">${help}</p>`}
  </div>`;
}

function checkbox(id: string, name: string): TemplateResult {
  return html`<div class="cds--form-item cds--checkbox-wrapper">
    <input
      class="cds--checkbox"
      id="webhook-event-${id}"
      type="checkbox"
      .checked=${draft.events.has(id)}
      @change=${(event: Event) =>
        change("events", () => {
          if ((event.target as HTMLInputElement).checked) draft.events.add(id);
          else draft.events.delete(id);
        })}
    />
    <label class="cds--checkbox-label" for="webhook-event-${id}"><span class="cds--checkbox-label-text">${name}</span></label>
  </div>`;
}

function change(name: string, apply: () => void): void {
  apply();
  draft.key = crypto.randomUUID();
  delete errors[name];
  redraw();
}

async function register(event: Event, added: (webhook: Webhook) => void): Promise<void> {
  event.preventDefault();
  if (sending) return;
  errors = draft.events.size ? {} : { events: "Choose at least one." };
  problem = "";
  if (!draft.events.size) return redrawAtError();
  sending = true;
  redraw();
  try {
    const description = draft.description.trim();
    const body = { url: draft.url.trim(), events: [...draft.events], ...(description && { description }) };
    const headers = { "idempotency-key": draft.key };
    const made = (await call<Webhook>("POST", "webhooks", { body, headers })).body;
    draft = emptyDraft();
    added(made);
  } catch (error) {
    tell(error);
  } finally {
    sending = false;
    redrawAtError();
  }
}

function tell(error: unknown): void {
  problem = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ProblemError)) return;
  for (const { pointer, detail } of error.violations) {
    const name = pointer?.split("/")[1];
    if (name && name in draft) errors[name] ??= detail;
  }
  if (Object.keys(errors).length) problem = "";
  if (error.code === "too-many-webhooks") problem = "You have five webhooks, which is the most there can be. Delete one of them first.";
}

function redrawAtError(): void {
  redraw();
  const [first] = Object.keys(errors);
  if (!first) return;
  const id = first === "events" ? "webhook-event-Succeeded" : `webhook-${first}`;
  queueMicrotask(() => document.getElementById(id)?.focus());
}
