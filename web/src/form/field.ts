/** A form as data: what its controls hold, in the shape of its schema; and the value that this is. */
import type { Json, Schema } from "../types";
import type { Kind } from "./kinds";

export interface Field {
  kind: Kind;
  schema: Schema;
  required: boolean;
  /** What the control of a single value holds. */
  text: string;
  /** The members of a group, by name. */
  members: [name: string, field: Field][];
  /** The rows of a table or a matrix, the items of a list. */
  items: Field[];
  /** What an optional group holds if nobody has touched it, as JSON: then it is left out. */
  untouched: string;
}

const SEPARATORS = /[\s,;]+/;

/** The value of a form; undefined if it is left out. */
export function valueOf(field: Field): Json | undefined {
  switch (field.kind) {
    case "text":
    case "lines":
      return field.text === "" && !field.required ? undefined : field.text;
    case "number":
      return field.text.trim() === "" ? undefined : numberOf(field.text);
    case "numbers":
      return presence(field, partsOf(field.text).map(numberOf));
    case "choice":
      return field.text === "" ? undefined : (JSON.parse(field.text) as Json);
    case "switch":
      return field.text === "true";
    case "json":
      return parsed(field.text);
    case "group":
      return !field.required && isBlank(field) ? undefined : membersValue(field);
    case "matrix":
      return presence(field, field.items.map((row) => filledCells(row).map((cell) => valueOf(cell) ?? null)));
    case "table":
    case "list":
      return presence(
        field,
        field.items.map((item) => valueOf(item) ?? null),
      );
  }
}

/** The member of a group by its name. */
export function member(field: Field, name: string): Field | undefined {
  return field.members.find(([one]) => one === name)?.[1];
}

/** Whether nothing was filled in. */
export function isBlank(field: Field): boolean {
  if (field.kind === "switch") return field.text !== "true";
  if (field.kind === "group") return JSON.stringify(membersValue(field)) === field.untouched;
  return field.text.trim() === "" && field.items.length === 0;
}

/** The words or numbers of a text that separates them by commas or blanks. */
export function partsOf(text: string): string[] {
  return text.split(SEPARATORS).filter((part) => part !== "");
}

/** The cells of a matrix's row without those at its end that are empty. */
export function filledCells(row: Field): Field[] {
  return row.items.slice(0, row.items.findLastIndex((cell) => !isBlank(cell)) + 1);
}

/** The members of a group that are not left out. */
export function membersValue(field: Field): Json {
  const entries = field.members.flatMap(([name, one]) => {
    const value = valueOf(one);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries) as Json;
}

function presence(field: Field, values: Json[]): Json | undefined {
  return values.length === 0 && !field.required ? undefined : values;
}

function numberOf(text: string): Json {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
