/** A list of things that have the same few members: a table with a row for each. */
import { html, nothing, type TemplateResult } from "lit-html";
import { inline } from "../markdown";
import { errorText, focusOn, type FormContext } from "./context";
import { entry } from "./entry";
import type { Field } from "./field";
import { newItem } from "./fill";
import { labelOf } from "./kinds";
import { cellsOf, paste } from "./paste";
import { child } from "./pointer";

export function table(field: Field, label: string, pointer: string, form: FormContext): TemplateResult {
  const columns = Object.entries(field.schema.items?.properties ?? {});
  const required = new Set(field.schema.items?.required);
  const first = columns[0]?.[0] ?? "";
  const add = (): void => {
    field.items.push(newItem(field));
    form.changed(pointer);
    focusOn(child(child(pointer, field.items.length - 1), first));
  };
  const remove = (row: number): void => {
    field.items.splice(row, 1);
    form.changed(pointer);
    focusOn(field.items.length ? child(child(pointer, Math.min(row, field.items.length - 1)), first) : pointer);
  };
  const isFull = field.items.length >= (field.schema.maxItems ?? Infinity);
  return html`<div class="scroll">
      <table class="grid">
        <caption class="cds--visually-hidden">${label}</caption>
        <thead>
          <tr>
            <td></td>
            ${columns.map(
              ([name, schema]) => html`<th scope="col">
                ${labelOf(schema, name)}${required.has(name) ? nothing : html` <span class="quiet">(optional)</span>`}
                ${schema.description ? html`<span class="help">${inline(schema.description)}</span>` : nothing}
              </th>`,
            )}
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${field.items.map((row, index) => tableRow(field, row, index, pointer, form, remove))}
        </tbody>
      </table>
    </div>
    <div class="row">
      <button class="cds--btn cds--btn--ghost cds--btn--sm" type="button" ?disabled=${isFull} @click=${add}>
        Add row<span class="cds--visually-hidden"> to ${label}</span>
      </button>
      <span class="help">Rows can be pasted from a spreadsheet.</span>
    </div>`;
}

function tableRow(
  field: Field,
  row: Field,
  index: number,
  pointer: string,
  form: FormContext,
  remove: (row: number) => void,
): TemplateResult {
  const place = child(pointer, index);
  return html`<tr>
    <th scope="row">${index + 1}${errorText(place, form)}</th>
    ${row.members.map(([name, cell], column) => {
      const at = child(place, name);
      const label = `${labelOf(cell.schema, name)}, row ${index + 1}`;
      return html`<td>${entry(cell, at, form, { label, onPaste: pasteInto(field, index, column, pointer, form) })} ${errorText(at, form)}</td>`;
    })}
    <td>
      <button class="remove" type="button" aria-label="Remove row ${index + 1}" title="Remove" @click=${() => remove(index)}>×</button>
    </td>
  </tr>`;
}

/** Takes several cells or lines from the clipboard; a single one is left to the browser. */
export function pasteInto(
  field: Field,
  row: number,
  column: number,
  pointer: string,
  form: FormContext,
): (event: ClipboardEvent) => void {
  return (event) => {
    const width = field.kind === "matrix" ? 2 : (field.items[row]?.members.length ?? 1);
    const cells = cellsOf(event.clipboardData?.getData("text/plain") ?? "", width - (field.kind === "matrix" ? 0 : column));
    if (!cells) return;
    event.preventDefault();
    paste(field, row, column, cells);
    form.changed(pointer);
  };
}
