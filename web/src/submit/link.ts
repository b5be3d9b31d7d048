/** Addresses that fill a form. */
import type { Json, Submission } from "../types";

export type Members = Record<string, Json>;

export function linkTo(page: string, algorithm: string, submission: Submission): string {
  return `${page}#/algorithms/${encodeURIComponent(algorithm)}?body=${encodeURIComponent(JSON.stringify(submission))}`;
}

/** What a submission may have, by the contract. */
const KNOWN = ["input", "target", "shots", "seed", "name", "tags", "options", "deadline", "budget", "notify"];

/** A submission without the members that none has, and the names of those. */
export function knownOf(submission: Members): [known: Members, unknown: string[]] {
  const unknown = Object.keys(submission).filter((name) => !KNOWN.includes(name));
  const known = Object.entries(submission).filter(([name]) => KNOWN.includes(name));
  return [Object.fromEntries(known), unknown];
}

/**
 * The submission in a link's query.
 *
 * @throws Error it is no JSON object.
 */
export function submissionIn(body: string): Members {
  const value = JSON.parse(body) as Json;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("It is no JSON object.");
  return value;
}
