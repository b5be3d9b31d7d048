/** A submission as a form: the algorithm's input, where it runs, and what else a submission may say. */
import { complaintsOf } from "../form/complaints";
import { type Field, isBlank, member, valueOf } from "../form/field";
import { asJson, fieldOf } from "../form/fill";
import { pointersOf } from "../form/pointer";
import type { Algorithm, Json, Schema, Submission, Violation } from "../types";
import { runSchema } from "./run-schema";

export const MODES = ["Simulator", "NoisySimulator", "Hardware"] as const;
type Mode = (typeof MODES)[number];
type Members = Record<string, Json>;

export interface Sheet {
  input: Field;
  /** A mode, or the id of a target. */
  where: string;
  /** The other members of a submission that the page knows. */
  run: Field;
  /** Members that it does not know: they are left as they are. */
  rest: Members;
}

export function sheetOf(algorithm: Algorithm, submission: Members): Sheet {
  const schema = runSchema(algorithm);
  const { input, target, ...others } = submission;
  const run: Members = {};
  const rest: Members = {};
  for (const [name, value] of Object.entries(others)) {
    if (name in (schema.properties ?? {})) run[name] = value;
    else rest[name] = value;
  }
  return {
    input: fieldOf(algorithm.inputSchema as Schema, input),
    where: whereOf(target) ?? algorithm.target.mode ?? "Simulator",
    run: fieldOf(schema, run),
    rest,
  };
}

export function submissionOfSheet(sheet: Sheet): Submission {
  const run = valueOf(sheet.run) as Members;
  const target = isMode(sheet.where) ? { mode: sheet.where } : { id: sheet.where };
  return { input: valueOf(sheet.input) ?? {}, target, ...run, ...sheet.rest } as Submission;
}

export function complaintsOfSheet(sheet: Sheet): Violation[] {
  return [...complaintsOf(sheet.input, "/input"), ...complaintsOf(sheet.run, ""), ...budgetComplaints(sheet.run)];
}

/** An amount alone is refused: nobody knows what it is in. */
function budgetComplaints(run: Field): Violation[] {
  const budget = member(run, "budget");
  const [amount, currency] = budget ? [member(budget, "amount"), member(budget, "currency")] : [];
  if (!amount || !currency || isBlank(amount) || !isBlank(currency)) return [];
  return [{ pointer: "/budget/currency", detail: "Say what the amount is in, such as USD." }];
}

/** The pointers that have a place in the form; the empty one is the form itself. */
export function pointersOfSheet(sheet: Sheet): Set<string> {
  return new Set([...pointersOf(sheet.input, "/input"), "/target", ...pointersOf(sheet.run, "")]);
}

/** Turns the input into JSON text, or back into fields if the text is JSON. */
export function toggleJson(sheet: Sheet, algorithm: Algorithm): void {
  const value = valueOf(sheet.input);
  if (!isJson(sheet)) sheet.input = asJson(sheet.input, value);
  else if (value !== undefined) sheet.input = fieldOf(algorithm.inputSchema as Schema, value);
}

export function isJson(sheet: Sheet): boolean {
  return sheet.input.kind === "json";
}

function whereOf(target: Json | undefined): string | null {
  if (typeof target !== "object" || target === null || Array.isArray(target)) return null;
  const where = target["id"] ?? target["mode"];
  return typeof where === "string" ? where : null;
}

function isMode(where: string): where is Mode {
  return (MODES as readonly string[]).includes(where);
}
