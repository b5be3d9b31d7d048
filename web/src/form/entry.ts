/** Native controls of single values. */
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { mayBeEmpty } from "./complaints";
import { descriptions, type FormContext } from "./context";
import type { Field } from "./field";
import { choicesOf, typeOf } from "./kinds";
import { idOf } from "./pointer";

export interface EntryOptions {
  /** The name of a control that has no label of its own, such as a cell's. */
  label?: string;
  hasHelp?: boolean;
  onPaste?: (event: ClipboardEvent) => void;
}

type Attribute = string | typeof nothing;

export function entry(field: Field, pointer: string, form: FormContext, options: EntryOptions = {}): TemplateResult {
  const take = (text: string): void => {
    field.text = text;
    form.changed(pointer);
  };
  const common: Common = {
    id: idOf(pointer),
    label: options.label ?? nothing,
    described: descriptions(pointer, form, options.hasHelp ?? false),
    invalid: form.errors.has(pointer) ? "true" : nothing,
    typed: (event) => take((event.target as HTMLInputElement).value),
    pasted: options.onPaste ?? (() => {}),
  };
  switch (field.kind) {
    case "lines":
    case "json":
      return area(field, common, options.label !== undefined);
    case "choice":
      return choice(field, common);
    case "switch":
      return tick(field, common, (on) => take(String(on)));
    case "number":
      return number(field, common);
    default:
      return line(field, common);
  }
}

interface Common {
  id: string;
  label: Attribute;
  described: Attribute;
  invalid: Attribute;
  typed: (event: Event) => void;
  pasted: (event: ClipboardEvent) => void;
}

function line(field: Field, common: Common): TemplateResult {
  return html`<input
    class="cds--text-input" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
    id=${common.id} aria-label=${common.label} aria-describedby=${common.described} aria-invalid=${common.invalid}
    ?required=${!mayBeEmpty(field)} .value=${live(field.text)} @input=${common.typed} @paste=${common.pasted}
  />`;
}

function number(field: Field, common: Common): TemplateResult {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = field.schema;
  return html`<input
    class="cds--text-input" type="number" autocomplete="off"
    step=${typeOf(field.schema) === "integer" ? "1" : "any"}
    min=${minimum ?? exclusiveMinimum ?? nothing} max=${maximum ?? exclusiveMaximum ?? nothing}
    id=${common.id} aria-label=${common.label} aria-describedby=${common.described} aria-invalid=${common.invalid}
    ?required=${!mayBeEmpty(field)} .value=${live(field.text)} @input=${common.typed} @paste=${common.pasted}
  />`;
}

function area(field: Field, common: Common, isCell: boolean): TemplateResult {
  const lines = Math.min(20, Math.max(isCell ? 1 : 8, field.text.split("\n").length));
  return html`<textarea
    class="cds--text-area code" rows=${lines} autocomplete="off" autocapitalize="off" spellcheck="false"
    id=${common.id} aria-label=${common.label} aria-describedby=${common.described} aria-invalid=${common.invalid}
    ?required=${!mayBeEmpty(field)} .value=${live(field.text)} @input=${common.typed} @paste=${common.pasted}
  ></textarea>`;
}

function choice(field: Field, common: Common): TemplateResult {
  const given = field.schema.default ?? undefined;
  const empty = field.required ? "Choose …" : given === undefined ? "Not chosen" : null;
  return html`<select
    class="cds--select-input" .value=${live(field.text)}
    id=${common.id} aria-label=${common.label} aria-describedby=${common.described} aria-invalid=${common.invalid}
    ?required=${!mayBeEmpty(field)} @change=${common.typed}
  >
    ${empty === null || (field.required && field.text) ? nothing : html`<option value="">${empty}</option>`}
    ${choicesOf(field.schema).map((one) => {
      const text = JSON.stringify(one);
      return html`<option value=${text} ?selected=${text === field.text}>${words(one)}</option>`;
    })}
  </select>`;
}

function tick(field: Field, common: Common, take: (on: boolean) => void): TemplateResult {
  return html`<input
    class="tick" type="checkbox"
    id=${common.id} aria-label=${common.label} aria-describedby=${common.described} aria-invalid=${common.invalid}
    .checked=${live(field.text === "true")}
    @change=${(event: Event) => take((event.target as HTMLInputElement).checked)}
  />`;
}

function words(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "string" ? value : JSON.stringify(value);
}
