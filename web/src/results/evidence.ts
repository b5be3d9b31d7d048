/** What every result says of how far it can be trusted, found by the shape of its members. */
import type { Json, Schema } from "../types";
import { isMembers, isScalar, type Members, member, ordered, scalars } from "./shape";

/** Members that results of all algorithms have: shown together, not among the answer. */
export const EVIDENCE: ReadonlySet<string> = new Set([
  "verified",
  "comparison",
  "baseline",
  "uncertainty",
  "bound",
  "gap",
  "svg",
]);

export interface Evidence {
  answer: { path: string; value: number } | null;
  interval: { lower: number; upper: number; confidence: number | null; standardError: number | null } | null;
  verified: { passed: boolean; reason: string } | null;
  baseline: { value: number | null; description: string } | null;
  classical: { method: string; value: Json; seconds: number | null; comparable: boolean } | null;
  bound: number | null;
  gap: number | null;
}

export function evidenceOf(schema: Schema | undefined, result: Members): Evidence {
  const { verified, baseline, comparison, uncertainty } = result;
  const found: Evidence = {
    answer: null,
    interval: isMembers(uncertainty) ? intervalOf(uncertainty) : null,
    verified: isMembers(verified)
      ? { passed: verified["status"] === "Verified", reason: text(verified["reason"]) }
      : null,
    baseline: isMembers(baseline)
      ? { value: figure(baseline["value"]), description: text(baseline["description"]) }
      : null,
    classical: null,
    bound: figure(result["bound"]),
    gap: figure(result["gap"]),
  };
  found.answer = answerOf(schema, result, found);
  if (isMembers(comparison)) {
    const type = member(member(schema, "comparison"), "value").type;
    found.classical = {
      method: text(comparison["method"]),
      value: comparison["value"] ?? null,
      seconds: figure(comparison["seconds"]),
      comparable: isComparable(comparison["value"], type, found),
    };
  }
  return found;
}

/** Whole numbers beside a share are counted, not measured, and no share is above 1: they have no place on its line. */
function isComparable(value: Json | undefined, type: Schema["type"], { answer, interval }: Evidence): boolean {
  if (typeof value !== "number") return false;
  const isShare = interval !== null && interval.lower >= 0 && interval.upper <= 1;
  if (isShare && (value < 0 || value > 1)) return false;
  return type !== "integer" || answer === null || Number.isInteger(answer.value);
}

function intervalOf(uncertainty: Members): Evidence["interval"] {
  const lower = figure(uncertainty["lower"]);
  const upper = figure(uncertainty["upper"]);
  if (lower === null || upper === null) return null;
  return {
    lower,
    upper,
    confidence: figure(uncertainty["confidence"]),
    standardError: figure(uncertainty["standardError"]),
  };
}

/**
 * The number that the evidence is about: one that the schema names beside the interval or the bound, else the
 * first of the result; and only if the interval or the gap fits it.
 */
function answerOf(schema: Schema | undefined, result: Members, evidence: Evidence): Evidence["answer"] {
  const about = `${member(schema, "uncertainty").description ?? ""} ${member(schema, "bound").description ?? ""}`;
  const quoted = [...about.matchAll(/`([\w.]+)`/g)].map((found) => found[1] as string);
  const words = about.split(/\W+/).filter((word) => word in result);
  const own = ordered(schema, result).map(([name]) => name).filter((name) => !EVIDENCE.has(name));
  for (const name of [...quoted, ...words, ...own]) {
    for (const path of [name, `${name}.value`]) {
      const value = scalars(result).get(path);
      if (typeof value === "number" && fits(value, evidence)) return { path, value };
    }
  }
  return null;
}

function fits(value: number, { interval, bound, gap }: Evidence): boolean {
  if (interval) {
    const slack = 1e-9 * Math.max(1, Math.abs(value));
    return value >= interval.lower - slack && value <= interval.upper + slack;
  }
  if (bound === null || gap === null) return false;
  return bound === 0 || Math.abs(Math.abs(value - bound) / Math.abs(bound) - gap) < 1e-6;
}

function figure(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function text(value: Json | undefined): string {
  return isScalar(value) && value !== null ? String(value) : "";
}
