/** Entries of the catalogue, by which results are shown: kept, so that they are shown offline too. */
import { get } from "./api";
import { recallAlgorithm, rememberAlgorithm } from "./history";
import type { Algorithm } from "./types";

const loaded = new Map<string, Promise<Algorithm>>();

/**
 * The entry of an algorithm.
 *
 * @throws ProblemError, UnreachableError it cannot be had, and was not seen before.
 */
export function algorithmOf(id: string): Promise<Algorithm> {
  let entry = loaded.get(id);
  if (!entry) {
    entry = load(id);
    loaded.set(id, entry);
    entry.catch(() => loaded.delete(id));
  }
  return entry;
}

async function load(id: string): Promise<Algorithm> {
  const kept = await recallAlgorithm(id);
  const fetched = fetchEntry(id);
  if (!kept) return fetched;
  // It is good enough to be shown at once; a newer one is there at the next visit.
  fetched.catch(() => {});
  return kept;
}

async function fetchEntry(id: string): Promise<Algorithm> {
  const algorithm = await get<Algorithm>(`algorithms/${encodeURIComponent(id)}`);
  await rememberAlgorithm(algorithm);
  return algorithm;
}
