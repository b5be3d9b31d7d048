/** A result in the terms of its algorithm, shown by its schema. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Json, Schema } from "../types";
import { label, prose, scalar } from "./format";
import { columns, inline, isMembers, member, type Members, ordered, shapeOf } from "./shape";

const MOST_ROWS = 100;

/** The members of a result: single values first, then lists, tables and what has members of its own. */
export function answer(schema: Schema | undefined, value: Members, depth = 0): TemplateResult {
  const members = ordered(schema, value);
  const single = members.filter(([, one]) => shapeOf(one) === "scalar");
  const others = members.filter(([, one]) => !["scalar", "nothing"].includes(shapeOf(one)));
  return html`
    ${single.length
      ? html`<dl class="facts">${single.map(([name, one]) => fact(member(schema, name), name, one))}</dl>`
      : nothing}
    ${others.map(([name, one]) => part(member(schema, name), name, one, depth))}
  `;
}

function fact(schema: Schema, name: string, value: Json): TemplateResult {
  return html`<dt>${schema.title ?? label(name)}</dt>
    <dd>
      <span class="value" title=${String(value)}>${word(schema, value)}</span>
      ${schema.description ? html`<span class="quiet about">${prose(schema.description)}</span>` : nothing}
    </dd>`;
}

/** A value of a list of names is read as words: `NotShown` is "Not shown". */
function word(schema: Schema, value: Json): string {
  return schema.enum && typeof value === "string" ? label(value) : scalar(value);
}

function part(schema: Schema, name: string, value: Json, depth: number): TemplateResult {
  const heading = schema.title ?? label(name);
  return html`<section class="part">
    ${depth ? html`<h4>${heading}</h4>` : html`<h3>${heading}</h3>`}
    ${schema.description ? html`<p class="quiet about">${prose(schema.description)}</p>` : nothing}
    ${content(schema, heading, value, depth)}
  </section>`;
}

function content(schema: Schema, heading: string, value: Json, depth: number): TemplateResult {
  switch (shapeOf(value)) {
    case "section":
      return answer(schema, value as Members, depth + 1);
    case "table":
      return table(schema.items, heading, value as Members[]);
    case "matrix":
      return matrix(heading, value as Json[][]);
    case "lists":
      return html`<ol class="lists">${(value as Json[][]).map((row) => html`<li>${inline(row, scalar) || "–"}</li>`)}</ol>`;
    case "list":
      return html`<p class="list" tabindex="0" role="group" aria-label=${heading}>${inline(value, scalar)}</p>`;
    default:
      return html`<p class="text">${scalar(value)}</p>`;
  }
}

function table(schema: Schema | undefined, heading: string, rows: Members[]): TemplateResult {
  const names = columns(schema, rows);
  const numeric = new Set(names.filter((name) => rows.every((row) => typeof (row[name] ?? 0) === "number")));
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${heading}>
      <table class="table">
        <caption class="cds--visually-hidden">
          ${heading}
        </caption>
        <thead>
          <tr>
            ${names.map(
              (name) =>
                html`<th scope="col" class=${numeric.has(name) ? "number" : ""} title=${member(schema, name).description ?? ""}>
                  ${member(schema, name).title ?? label(name)}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, MOST_ROWS).map(
            (row) =>
              html`<tr>
                ${names.map(
                  (name) =>
                    html`<td class=${numeric.has(name) ? "number" : ""}>${cell(member(schema, name), row[name])}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more(rows.length)}`;
}

function cell(schema: Schema, value: Json | undefined): string {
  if (Array.isArray(value) && value.some(isMembers)) return value.map((one) => described(one)).join("; ");
  return inline(value, (one) => word(schema, one));
}

/** Members within a cell: their values, with a name where a number alone says nothing. */
function described(value: Json): string {
  if (!isMembers(value)) return scalar(value);
  return Object.entries(value)
    .map(([name, one]) => (typeof one === "number" ? `${label(name).toLowerCase()} ${scalar(one)}` : inline(one, scalar)))
    .join(" ");
}

function matrix(heading: string, rows: Json[][]): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${heading}>
      <table class="table">
        <caption class="cds--visually-hidden">
          ${heading}
        </caption>
        <tbody>
          ${rows.slice(0, MOST_ROWS).map(
            (row, place) =>
              html`<tr>
                <th scope="row">${place + 1}</th>
                ${row.map((one) => html`<td>${inline(one, scalar)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more(rows.length)}`;
}

function more(rows: number): TemplateResult | typeof nothing {
  if (rows <= MOST_ROWS) return nothing;
  return html`<p class="quiet">The first ${MOST_ROWS} of ${scalar(rows)}; all are in the file of the button JSON.</p>`;
}
