/** Fields made of a schema and a value. */
import type { Json, Schema } from "../types";
import { type Field, membersValue, valueOf } from "./field";
import { choicesOf, kindOf } from "./kinds";

/** Rows that an empty table starts with, at most. */
const BLANK_ROWS = 3;

/** The form of a schema, filled with a value: the schema's default where there is none. */
export function fieldOf(schema: Schema, value?: Json, required = true): Field {
  const given = value ?? schema.default ?? undefined;
  const kind = kindOf(schema, required);
  const field: Field = { kind, schema, required, text: "", members: [], items: [], untouched: "" };
  return fill(field, given) ? field : asJson(field, given);
}

/** The same value as JSON text. */
export function asJson(field: Field, value: Json | undefined = valueOf(field)): Field {
  const text = value === undefined ? "" : JSON.stringify(value, null, 2);
  return { ...field, kind: "json", text, members: [], items: [] };
}

/** An item more for a list, a table or a matrix. */
export function newItem(field: Field): Field {
  return itemOf(field, undefined);
}

/** Puts a text that a person would read into a field of a single value. */
export function write(field: Field, text: string): void {
  if (field.kind === "choice") {
    const choice = choicesOf(field.schema).find((one) => String(one).toLowerCase() === text.trim().toLowerCase());
    field.text = choice === undefined ? "" : JSON.stringify(choice);
  } else if (field.kind === "switch") field.text = String(/^(1|true|yes|x)$/i.test(text.trim()));
  else field.text = field.kind === "number" ? text.trim() : text;
}

function fill(field: Field, value: Json | undefined): boolean {
  const { kind, schema } = field;
  if (kind === "json") return false;
  if (kind === "group") return fillGroup(field, value);
  if (kind === "table" || kind === "matrix" || kind === "list") return fillItems(field, value);
  if (kind === "switch") field.text = String(value === true);
  if (value === undefined) return true;
  if (kind === "text" || kind === "lines") {
    if (typeof value !== "string") return false;
    if (value.includes("\n")) field.kind = "lines";
    field.text = value;
  } else if (kind === "number") {
    if (typeof value !== "number") return false;
    field.text = String(value);
  } else if (kind === "numbers") {
    if (!Array.isArray(value) || !value.every((one) => typeof one === "number")) return false;
    field.text = value.join(", ");
  } else if (kind === "choice") {
    field.text = JSON.stringify(value);
    return choicesOf(schema).some((choice) => JSON.stringify(choice) === field.text);
  } else return typeof value === "boolean";
  return true;
}

function fillGroup(field: Field, value: Json | undefined): boolean {
  const known = field.schema.properties ?? {};
  const given = value ?? {};
  if (typeof given !== "object" || Array.isArray(given)) return false;
  if (Object.keys(given).some((name) => !Object.hasOwn(known, name))) return false;
  const required = new Set(field.schema.required);
  field.members = Object.entries(known).map(([name, schema]) => [
    name,
    fieldOf(schema, Object.hasOwn(given, name) ? given[name] : undefined, required.has(name)),
  ]);
  if (value === undefined) field.untouched = JSON.stringify(membersValue(field));
  else if (!field.required) field.untouched = fieldOf({ ...field.schema, default: null }, undefined, false).untouched;
  return true;
}

function fillItems(field: Field, value: Json | undefined): boolean {
  const least = field.required ? Math.min(field.schema.minItems ?? 0, BLANK_ROWS) : 0;
  const given = value ?? Array<Json>(least).fill(null);
  if (!Array.isArray(given)) return false;
  field.items = given.map((item) => itemOf(field, item));
  const wanted = { table: "group", matrix: "list", list: null }[field.kind as "table" | "matrix" | "list"];
  if (wanted && field.items.some((item) => item.kind !== wanted)) return false;
  if (field.kind === "matrix") pad(field);
  return true;
}

function itemOf(field: Field, value: Json | undefined): Field {
  const schema = field.schema.items ?? {};
  return field.kind === "matrix" ? rowOf(schema, value) : fieldOf(schema, value);
}

/** A row of a matrix, whose cells may be empty at the end. */
function rowOf(schema: Schema, value: Json | undefined): Field {
  const row: Field = { kind: "list", schema, required: true, text: "", members: [], items: [], untouched: "" };
  const given = value ?? Array<Json>(Math.min(schema.minItems ?? 1, BLANK_ROWS)).fill(null);
  if (!Array.isArray(given)) return asJson(row, value);
  row.items = given.map((cell) => fieldOf(schema.items ?? {}, cell, false));
  return row;
}

/** Makes all rows of a matrix as long as its longest. */
export function pad(field: Field, least = 1): void {
  const width = Math.max(least, ...field.items.map((row) => row.items.length));
  for (const row of field.items) while (row.items.length < width) {
    row.items.push(fieldOf(row.schema.items ?? {}, null, false));
  }
}
