/** A result in the terms of its algorithm, shown by its schema. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Json, Schema } from "../types";
import { label, prose, scalar } from "./format";
import { columns, inline, isMembers, member, type Members, ordered, runs, shapeOf } from "./shape";

const MOST_ROWS = 100;
/** Letters of a list above which it is scrolled in a place of its own. */
const LONG_LIST = 400;

/** The members of a result in the order of its schema, which begins with the answer. */
export function answer(schema: Schema | undefined, value: Members, depth = 0): TemplateResult {
  return html`${runs(ordered(schema, value)).map(({ kind, members }, place) => {
    if (kind === "part") return members.map(([name, one]) => part(member(schema, name), name, one, depth));
    const facts = html`<dl class="facts">${members.map(([name, one]) => fact(member(schema, name), name, one))}</dl>`;
    // Below a part they would be read as belonging to it.
    return place ? html`<section class="part">${heading("Further values", depth)} ${facts}</section>` : facts;
  })}`;
}

function heading(text: string, depth: number): TemplateResult {
  return depth ? html`<h4>${text}</h4>` : html`<h3>${text}</h3>`;
}

function fact(schema: Schema, name: string, value: Json): TemplateResult {
  return html`<dt>${schema.title ?? label(name)}</dt>
    <dd>
      ${row(schema, value)}
      ${schema.description ? html`<span class="quiet about">${prose(schema.description)}</span>` : nothing}
    </dd>`;
}

function row(schema: Schema, value: Json): TemplateResult {
  if (!Array.isArray(value)) return html`<span class="value" title=${String(value)}>${word(schema, value)}</span>`;
  const write = (one: Json): string => word(schema.items ?? {}, one);
  if (value.every(Array.isArray)) {
    return html`<ol class="lists">${value.map((group) => html`<li class="value">${inline(group, scalar) || "–"}</li>`)}</ol>`;
  }
  const text = inline(value, write);
  if (text.length <= LONG_LIST) return html`<span class="value">${text}</span>`;
  return html`<p class="list" tabindex="0" role="group" aria-label="${value.length} values">${text}</p>`;
}

/** A value of a list of names is read as words: `NotShown` is "Not shown". */
function word(schema: Schema, value: Json): string {
  return schema.enum && typeof value === "string" ? label(value) : scalar(value);
}

function part(schema: Schema, name: string, value: Json, depth: number): TemplateResult {
  const title = schema.title ?? label(name);
  return html`<section class="part">
    ${heading(title, depth)}
    ${schema.description ? html`<p class="quiet about">${prose(schema.description)}</p>` : nothing}
    ${content(schema, title, value, depth)}
  </section>`;
}

function content(schema: Schema, title: string, value: Json, depth: number): TemplateResult {
  switch (shapeOf(value)) {
    case "section":
      return answer(schema, value as Members, depth + 1);
    case "table":
      return table(schema.items, title, value as Members[]);
    case "matrix":
      return matrix(title, value as Json[][]);
    case "lists":
      return html`<ol class="lists">${(value as Json[][]).map((group) => html`<li>${inline(group, scalar) || "–"}</li>`)}</ol>`;
    case "list":
      return html`<p class="list" tabindex="0" role="group" aria-label=${title}>${inline(value, scalar)}</p>`;
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
