/** What is wrong with what a form holds, as far as its schema says it. */
import type { Schema, Violation } from "../types";
import { type Field, filledCells, isBlank, partsOf } from "./field";
import { typeOf } from "./kinds";
import { child } from "./pointer";

const FILL_IN = "Fill this in.";

export function complaintsOf(field: Field, pointer: string): Violation[] {
  if (!field.required && isBlank(field)) return [];
  const detail = complaint(field);
  return [
    ...(detail ? [{ pointer, detail }] : []),
    ...field.members.flatMap(([name, one]) => complaintsOf(one, child(pointer, name))),
    ...field.items.flatMap((item, index) => {
      const at = child(pointer, index);
      return field.kind === "matrix" ? rowComplaints(item, at) : complaintsOf(item, at);
    }),
  ];
}

/** Whether the control of a field may be left empty. */
export function mayBeEmpty(field: Field): boolean {
  const isText = field.kind === "text" || field.kind === "lines";
  return !field.required || (isText && !field.schema.minLength);
}

function rowComplaints(row: Field, pointer: string): Violation[] {
  const cells = filledCells(row);
  const detail = lengthComplaint(cells.length, row.schema);
  return [
    ...(detail ? [{ pointer, detail }] : []),
    ...cells.flatMap((cell, index) => {
      const at = child(pointer, index);
      return isBlank(cell) ? [{ pointer: at, detail: FILL_IN }] : complaintsOf(cell, at);
    }),
  ];
}

function complaint(field: Field): string {
  const { kind, schema, text } = field;
  if (kind === "matrix" || kind === "table" || kind === "list") return lengthComplaint(field.items.length, schema);
  if (kind === "group" || kind === "switch") return "";
  if (text.trim() === "") return mayBeEmpty(field) ? "" : FILL_IN;
  if (kind === "number") return numberComplaint(text, schema);
  if (kind === "numbers") return numbersComplaint(partsOf(text), schema);
  if (kind === "json") return jsonComplaint(text);
  if (kind === "choice") return "";
  return textComplaint(text, schema);
}

function textComplaint(text: string, schema: Schema): string {
  const length = [...text].length;
  if (length < (schema.minLength ?? 0)) return `At least ${counted(schema.minLength ?? 0, "character")}, please.`;
  if (length > (schema.maxLength ?? Infinity)) return `At most ${counted(schema.maxLength ?? 0, "character")}, please.`;
  if (schema.pattern && !matches(text, schema.pattern)) {
    if (schema.errorMessage) return schema.errorMessage;
    return schema.description ? `This does not fit. ${schema.description.replaceAll("`", "")}` : `This has to match ${schema.pattern}.`;
  }
  return "";
}

function numberComplaint(text: string, schema: Schema): string {
  const number = Number(text);
  if (!Number.isFinite(number)) return `“${text}” is no number.`;
  if (typeOf(schema) === "integer" && !Number.isInteger(number)) return "This has to be a whole number.";
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (minimum !== undefined && number < minimum) return `This has to be ${minimum} or more.`;
  if (maximum !== undefined && number > maximum) return `This has to be ${maximum} or less.`;
  if (exclusiveMinimum !== undefined && number <= exclusiveMinimum) return `This has to be more than ${exclusiveMinimum}.`;
  if (exclusiveMaximum !== undefined && number >= exclusiveMaximum) return `This has to be less than ${exclusiveMaximum}.`;
  return "";
}

function numbersComplaint(parts: string[], schema: Schema): string {
  const wrong = parts.map((part) => numberComplaint(part, schema.items ?? {})).find((detail) => detail !== "");
  return wrong ?? lengthComplaint(parts.length, schema);
}

function lengthComplaint(length: number, schema: Schema): string {
  const { minItems = 0, maxItems = Infinity } = schema;
  if (length < minItems) return `At least ${minItems} of these, please.`;
  return length > maxItems ? `At most ${maxItems} of these, please.` : "";
}

function jsonComplaint(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : error}`;
  }
}

/** A pattern that JavaScript does not know is left to the service. */
function matches(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
