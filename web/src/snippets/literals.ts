/** JSON values as literals of programming languages. */
import type { Json } from "../types";

const WIDTH = 88;

interface Notation {
  null: string;
  true: string;
  false: string;
  key(name: string): string;
}

const PYTHON: Notation = { null: "None", true: "True", false: "False", key: text };
const JAVASCRIPT: Notation = {
  null: "null",
  true: "true",
  false: "false",
  // As a plain key it would set the prototype.
  key: (name) => (name === "__proto__" ? `[${text(name)}]` : text(name)),
};

export function python(value: Json, indent: string): string {
  return literal(value, PYTHON, indent);
}

export function javascript(value: Json, indent: string): string {
  return literal(value, JAVASCRIPT, indent);
}

/** JSON in a string literal of Java or C#: pure ASCII, with escapes that both know. */
export function quoted(value: Json): string {
  return JSON.stringify(ascii(JSON.stringify(value)));
}

/** The same for Java, whose constants have at most 65,535 bytes. */
export function quotedForJava(value: Json, most = 60_000): string {
  const json = ascii(JSON.stringify(value));
  const parts = json.match(new RegExp(`[^]{1,${most / 2}}`, "g")) ?? [];
  const literals = parts.map((part) => JSON.stringify(part));
  return literals.length === 1 ? (literals[0] ?? "") : `String.join("", ${literals.join(", ")})`;
}

/** JSON as one word of a POSIX shell. */
export function shell(value: Json): string {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}

function literal(value: Json, notation: Notation, indent: string): string {
  if (value === null) return notation.null;
  if (typeof value === "boolean") return value ? notation.true : notation.false;
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return JSON.stringify(value);
  const isArray = Array.isArray(value);
  const within = (next: string): string[] =>
    isArray
      ? value.map((item) => literal(item, notation, next))
      : Object.entries(value).map(([name, one]) => `${notation.key(name)}: ${literal(one, notation, next)}`);
  const [open, close] = isArray ? "[]" : "{}";
  const flat = `${open}${within(indent).join(", ")}${close}`;
  if (indent.length + flat.length <= WIDTH && !flat.includes("\n")) return flat;
  const next = `${indent}    `;
  return `${open}\n${within(next).map((part) => `${next}${part},\n`).join("")}${indent}${close}`;
}

/** A string literal; JSON's escapes are those of Python and JavaScript, apart from halves of surrogate pairs. */
function text(value: string): string {
  return JSON.stringify(value);
}

function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
