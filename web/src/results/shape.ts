/** The shape of a value, which decides how it is shown. No algorithm is known here. */
import type { Json, Schema } from "../types";

export type Members = { [name: string]: Json };
export type Shape = "nothing" | "scalar" | "text" | "list" | "table" | "matrix" | "lists" | "section";

/** Longer texts are paragraphs of their own. */
const LONG_TEXT = 80;
/** More values in groups than this are no line. */
const MOST_IN_GROUPS = 60;

export function isMembers(value: Json | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: Json | undefined): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

export function shapeOf(value: Json | undefined): Shape {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return value.length > LONG_TEXT || value.includes("\n") ? "text" : "scalar";
  if (isMembers(value)) return Object.keys(value).length ? "section" : "nothing";
  if (!Array.isArray(value)) return "scalar";
  if (!value.length) return "nothing";
  if (value.every(isMembers)) return "table";
  if (value.every(Array.isArray)) return isRectangular(value) ? "matrix" : "lists";
  return "list";
}

function isRectangular(rows: Json[][]): boolean {
  return rows.every((row) => row.length === rows[0]?.length && row.every((one) => typeof one === "number"));
}

/** The schema of a member; an empty one where the schema does not say. */
export function member(schema: Schema | undefined, name: string): Schema {
  return schema?.properties?.[name] ?? {};
}

/** Members in the order of the schema, then what it does not name. */
export function ordered(schema: Schema | undefined, value: Members): [name: string, value: Json][] {
  const named = Object.keys(schema?.properties ?? {}).filter((name) => name in value);
  const others = Object.keys(value).filter((name) => !named.includes(name));
  return [...named, ...others].map((name) => [name, value[name] as Json]);
}

export type Run = { kind: "facts" | "part"; members: [name: string, value: Json][] };

/** Members in their order: those that fit into a row each beside each other, each of the others alone. */
export function runs(members: [name: string, value: Json][]): Run[] {
  const found: Run[] = [];
  for (const one of members) {
    if (shapeOf(one[1]) === "nothing") continue;
    const last = found.at(-1);
    if (!isRow(one[1])) found.push({ kind: "part", members: [one] });
    else if (last?.kind === "facts") last.members.push(one);
    else found.push({ kind: "facts", members: [one] });
  }
  return found;
}

/** Whether a value is a row among facts: one value, several, or a few groups of them. */
function isRow(value: Json): boolean {
  const shape = shapeOf(value);
  if (shape === "list") return (value as Json[]).every(isScalar);
  if (shape === "lists") return (value as Json[][]).every((group) => group.every(isScalar));
  return shape === "scalar";
}

/** All columns that any row of a table has. */
export function columns(schema: Schema | undefined, rows: Members[]): string[] {
  const found = new Set(Object.keys(schema?.properties ?? {}));
  for (const row of rows) for (const name of Object.keys(row)) found.add(name);
  return [...found].filter((name) => rows.some((row) => row[name] !== undefined && row[name] !== null));
}

/** A value in one line: for cells of tables and for comparison. */
export function inline(value: Json | undefined, write: (value: Json) => string): string {
  if (value === undefined) return "";
  if (isScalar(value)) return write(value);
  if (Array.isArray(value)) return value.map((one) => inline(one, write)).join(", ");
  const parts = Object.values(value).map((one) => inline(one, write));
  return parts.join(" ");
}

/** What can be compared in a line, at any depth, by its path: scalars, lists of them, a few groups of them. */
export function comparable(value: Members): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const [name, one] of Object.entries(value)) {
    if (isMembers(one)) for (const [deep, leaf] of comparable(one)) found.set(`${name}.${deep}`, leaf);
    else if (one === null || (isRow(one) && isShort(one))) found.set(name, one);
  }
  return found;
}

function isShort(value: Json): boolean {
  return shapeOf(value) !== "lists" || (value as Json[][]).flat().length <= MOST_IN_GROUPS;
}

/** Scalars at any depth, by their path; lists and tables are left out. */
export function scalars(value: Members, path = ""): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const [name, one] of Object.entries(value)) {
    const here = path ? `${path}.${name}` : name;
    if (isMembers(one)) for (const [deep, leaf] of scalars(one, here)) found.set(deep, leaf);
    else if (isScalar(one) && shapeOf(one) !== "text") found.set(here, one);
  }
  return found;
}
