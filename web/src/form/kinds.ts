/** Which control a schema gets. */
import type { Json, Schema } from "../types";

/** Controls of one value, and containers of several. Whatever has no control of its own is edited as JSON. */
export type Kind =
  | "text"
  | "lines"
  | "number"
  | "numbers"
  | "choice"
  | "switch"
  | "json"
  | "group"
  | "table"
  | "matrix"
  | "list";

/** From this length on a text gets several lines. */
const LONG_TEXT = 400;
const CELLS = new Set<Kind>(["text", "lines", "number", "numbers", "choice", "switch"]);
const NOT_SHOWN = [
  "$ref",
  "allOf",
  "anyOf",
  "const",
  "dependentSchemas",
  "if",
  "not",
  "oneOf",
  "patternProperties",
  "prefixItems",
];

export function kindOf(schema: Schema, required: boolean): Kind {
  if (NOT_SHOWN.some((keyword) => keyword in schema)) return "json";
  if (schema.enum) return "choice";
  switch (typeOf(schema)) {
    case "string":
      return (schema.maxLength ?? 0) > LONG_TEXT ? "lines" : "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return required || schema.default !== undefined ? "switch" : "choice";
    case "array":
      return schema.items ? kindOfItems(schema.items) : "json";
    case "object":
      return isClosed(schema) || Object.keys(schema.properties ?? {}).length > 0 ? "group" : "json";
    default:
      return "json";
  }
}

/** The one type of a schema apart from null, if it has one. */
export function typeOf(schema: Schema): string | null {
  const types = [schema.type ?? []].flat().filter((type) => type !== "null");
  return types.length === 1 ? (types[0] ?? null) : null;
}

/** What a choice chooses from, without null, for which nothing is chosen. */
export function choicesOf(schema: Schema): Json[] {
  return schema.enum?.filter((choice) => choice !== null) ?? [true, false];
}

/** Words for a member: its title, or its name as words. */
export function labelOf(schema: Schema, name: string): string {
  if (schema.title) return schema.title;
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ");
  const plain = words.replace(/\b[A-Z][a-z]/g, (start) => start.toLowerCase());
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Whether a form of a schema is a single text of JSON. */
export function isJsonOnly(schema: Schema): boolean {
  return kindOf(schema, true) === "json";
}

function isClosed(schema: Schema): boolean {
  return schema.additionalProperties === false;
}

function kindOfItems(items: Schema): Kind {
  const kind = kindOf(items, true);
  if (kind === "number") return "numbers";
  if (kind === "numbers") return "matrix";
  return kind === "group" && isRow(items) ? "table" : "list";
}

function isRow(items: Schema): boolean {
  const required = new Set(items.required);
  const cells = Object.entries(items.properties ?? {});
  return cells.length > 0 && cells.every(([name, cell]) => CELLS.has(kindOf(cell, required.has(name))));
}
