/** Rows of numbers: a matrix, or rows that differ in length, whose cells at the end stay empty. */
import { html, type TemplateResult } from "lit-html";
import { errorText, focusOn, type FormContext } from "./context";
import { entry } from "./entry";
import type { Field } from "./field";
import { newItem, pad } from "./fill";
import { child } from "./pointer";
import { pasteInto } from "./table";

export function matrix(field: Field, label: string, pointer: string, form: FormContext): TemplateResult {
  const width = field.items[0]?.items.length ?? 0;
  const change = (change: () => void, row: number, column: number): void => {
    change();
    form.changed(pointer);
    focusOn(field.items.length ? child(child(pointer, row), column) : pointer);
  };
  const addRow = (): void => {
    field.items.push(newItem(field));
    pad(field);
  };
  const removeColumn = (): void => {
    for (const row of field.items) row.items.pop();
  };
  const mostRows = field.schema.maxItems ?? Infinity;
  const mostColumns = field.schema.items?.maxItems ?? Infinity;
  const button = "cds--btn cds--btn--ghost cds--btn--sm";
  return html`<div class="scroll">
      <table class="grid grid--matrix">
        <caption class="cds--visually-hidden">${label}</caption>
        <thead>
          <tr>
            <td></td>
            ${Array.from({ length: width }, (_, column) => html`<th scope="col">${column + 1}</th>`)}
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${field.items.map((row, index) => matrixRow(field, row, index, pointer, form, () =>
            change(() => field.items.splice(index, 1), Math.max(0, Math.min(index, field.items.length - 2)), 0),
          ))}
        </tbody>
      </table>
    </div>
    <div class="row">
      <button class=${button} type="button" ?disabled=${field.items.length >= mostRows}
        @click=${() => change(addRow, field.items.length, 0)}>Add row<span class="cds--visually-hidden"> to ${label}</span></button>
      <button class=${button} type="button" ?disabled=${width >= mostColumns || width === 0}
        @click=${() => change(() => pad(field, width + 1), 0, width)}>Add column<span class="cds--visually-hidden"> to ${label}</span></button>
      <button class=${button} type="button" ?disabled=${width < 2}
        @click=${() => change(removeColumn, 0, width - 2)}>Remove column<span class="cds--visually-hidden"> of ${label}</span></button>
      <span class="help">Cells can be pasted from a spreadsheet. Empty cells at the end of a row are left out.</span>
    </div>`;
}

function matrixRow(
  field: Field,
  row: Field,
  index: number,
  pointer: string,
  form: FormContext,
  remove: () => void,
): TemplateResult {
  const place = child(pointer, index);
  return html`<tr>
    <th scope="row">${index + 1}${errorText(place, form)}</th>
    ${row.items.map((cell, column) => {
      const at = child(place, column);
      const label = `Row ${index + 1}, column ${column + 1}`;
      return html`<td>${entry(cell, at, form, { label, onPaste: pasteInto(field, index, column, pointer, form) })} ${errorText(at, form)}</td>`;
    })}
    <td><button class="remove" type="button" aria-label="Remove row ${index + 1}" title="Remove" @click=${remove}>×</button></td>
  </tr>`;
}
