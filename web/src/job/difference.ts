/** What differs between two jobs, row by row. */
import { duration, label, money, number, plural, scalar } from "../results/format";
import { EVIDENCE } from "../results/evidence";
import { comparable, inline, type Members } from "../results/shape";
import type { Json } from "../types";
import type { JobRecord } from "./record";

/** Values of a list; the others are counted. */
const MOST_SHOWN = 20;

export interface Row {
  name: string;
  first: string;
  second: string;
  differs: boolean;
  /** Second less first, of two numbers. */
  change: string;
}

/** Where and how both ran. */
export function circumstances(first: JobRecord, second: JobRecord): Row[] {
  const [one, other] = [describe(first), describe(second)];
  return [...one.keys()].map((name) => row(name, one.get(name) ?? "", other.get(name) ?? ""));
}

/** What both results say in a line each; of evidence, its values alone. */
export function results(first: JobRecord, second: JobRecord): Row[] {
  const [one, other] = [valuesOf(first), valuesOf(second)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].map((name) => {
    const [a, b] = [one.get(name), other.get(name)];
    const change = typeof a === "number" && typeof b === "number" && a !== b ? signed(b - a) : "";
    const title = name.split(".").map(label).join(" › ");
    const isSame = JSON.stringify(a) === JSON.stringify(b) || (!Array.isArray(a) && text(a) === text(b));
    return { ...row(title, text(a), text(b)), differs: !isSame, change };
  });
}

function describe({ job, outcome, algorithm }: JobRecord): Map<string, string> {
  const found = new Map<string, string>();
  if (!job) return found;
  const seed = outcome?.provenance?.seed;
  found.set("Algorithm", algorithm?.title ?? job.algorithm);
  found.set("Status", job.status);
  found.set("Where it runs", job.target.id ?? job.target.mode ?? "");
  found.set("Noise of", job.target.device ?? "–");
  found.set("Shots", number(job.shots));
  found.set("Circuits of the last step", outcome?.provenance ? number(outcome.provenance.circuits.length) : "–");
  found.set("Gates on two qubits", job.circuits ? number(job.circuits.twoQubitGates) : "–");
  found.set("Deepest circuit", job.circuits?.depth ? plural(job.circuits.depth, "gate") : "–");
  found.set("Seed", seed === null || seed === undefined ? "–" : String(seed));
  found.set("Took", job.finishedAt ? duration(Date.parse(job.finishedAt) - Date.parse(job.createdAt)) : "–");
  const cost = job.cost.actual ?? job.cost.estimated;
  found.set("Cost", cost ? money(cost.amount, cost.currency) : "–");
  return found;
}

function valuesOf({ outcome }: JobRecord): Map<string, Json> {
  const result = (outcome?.result ?? {}) as Members;
  const found = comparable(result);
  for (const path of found.keys()) {
    const [name = "", ...inner] = path.split(".");
    const isFigure = ["bound", "gap"].includes(name) || inner.some((one) => ["value", "status", "lower", "upper"].includes(one));
    if (EVIDENCE.has(name) && !isFigure) found.delete(path);
  }
  return found;
}

function row(name: string, first: string, second: string): Row {
  return { name, first, second, differs: first !== second, change: "" };
}

function text(value: Json | undefined): string {
  if (!Array.isArray(value)) return value === undefined ? "–" : scalar(value);
  if (value.some(Array.isArray)) return value.map((group) => inline(group, scalar)).join("; ");
  const shown = inline(value.slice(0, MOST_SHOWN), scalar);
  return value.length > MOST_SHOWN ? `${shown}, … (${number(value.length)} in all)` : shown;
}

function signed(difference: number): string {
  return `${difference > 0 ? "+" : "−"}${number(Math.abs(difference))}`;
}
