/** A form as controls: native elements, each with its label, its description and what is wrong with it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { inline } from "../markdown";
import type { Schema } from "../types";
import { mayBeEmpty } from "./complaints";
import { descriptions, errorText, focusOn, type FormContext } from "./context";
import { entry } from "./entry";
import type { Field } from "./field";
import { newItem } from "./fill";
import { labelOf } from "./kinds";
import { matrix } from "./matrix";
import { child, idOf } from "./pointer";
import { table } from "./table";

/** From here on limits are no help. */
const TELLING = 1_000_000;

export function control(field: Field, label: string, pointer: string, form: FormContext): TemplateResult {
  switch (field.kind) {
    case "group":
      return frame(field, label, pointer, form, members(field, pointer, form));
    case "list":
      return frame(field, label, pointer, form, list(field, label, pointer, form));
    case "table":
      return frame(field, label, pointer, form, table(field, label, pointer, form));
    case "matrix":
      return frame(field, label, pointer, form, matrix(field, label, pointer, form));
    default:
      return single(field, label, pointer, form);
  }
}

/** The controls of a group's members. */
export function members(field: Field, pointer: string, form: FormContext): TemplateResult {
  const controls = field.members.map(([name, one]) => control(one, labelOf(one.schema, name), child(pointer, name), form));
  return html`<div class="fields">${controls}</div>`;
}

function single(field: Field, label: string, pointer: string, form: FormContext): TemplateResult {
  const id = idOf(pointer);
  const help = hint(field.schema, field.kind === "numbers");
  const optional = mayBeEmpty(field) && field.schema.default === undefined && field.kind !== "switch";
  return html`<div class="field ${field.kind === "switch" ? "field--switch" : ""}">
    <label class="cds--label" for=${id}>${label}${optional ? html` <span class="quiet">(optional)</span>` : nothing}</label>
    ${entry(field, pointer, form, { hasHelp: help !== "" })}
    ${help ? html`<p class="help" id="${id}-help">${inline(help)}</p>` : nothing} ${errorText(pointer, form)}
  </div>`;
}

function frame(field: Field, label: string, pointer: string, form: FormContext, inside: TemplateResult): TemplateResult {
  const id = idOf(pointer);
  const help = hint(field.schema, false);
  return html`<fieldset class="frame" id=${id} tabindex="-1" aria-describedby=${descriptions(pointer, form, help !== "")}>
    <legend class="cds--label">${label}${field.required ? nothing : html` <span class="quiet">(optional)</span>`}</legend>
    ${help ? html`<p class="help" id="${id}-help">${inline(help)}</p>` : nothing} ${errorText(pointer, form)} ${inside}
  </fieldset>`;
}

function list(field: Field, label: string, pointer: string, form: FormContext): TemplateResult {
  const add = (): void => {
    field.items.push(newItem(field));
    form.changed(pointer);
    focusOn(child(pointer, field.items.length - 1));
  };
  const remove = (index: number): void => {
    field.items.splice(index, 1);
    form.changed(pointer);
    focusOn(field.items.length ? child(pointer, Math.max(0, index - 1)) : pointer);
  };
  const isFull = field.items.length >= (field.schema.maxItems ?? Infinity);
  return html`${field.items.map((item, index) => {
      const place = child(pointer, index);
      const name = `${label} ${index + 1}`;
      const isSimple = item.members.length + item.items.length === 0 && item.kind !== "group";
      return html`<div class="item">
        <div class="item__control">
          ${isSimple ? html`${entry(item, place, form, { label: name })} ${errorText(place, form)}` : control(item, name, place, form)}
        </div>
        <button class="remove" type="button" aria-label="Remove ${name}" title="Remove" @click=${() => remove(index)}>×</button>
      </div>`;
    })}
    <button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" ?disabled=${isFull} @click=${add}>
      Add<span class="cds--visually-hidden"> to ${label}</span>
    </button>`;
}

/** The description of a schema, with its limits where they tell something. */
function hint(schema: Schema, isSeveral: boolean): string {
  const { minimum, maximum } = isSeveral ? (schema.items ?? {}) : schema;
  const isTelling = minimum !== undefined && maximum !== undefined && Math.abs(minimum) < TELLING && Math.abs(maximum) < TELLING;
  return [
    schema.description ?? "",
    isTelling ? `${minimum} to ${maximum}.` : "",
    isSeveral ? "Separate numbers by commas or blanks." : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}
