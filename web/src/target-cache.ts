/** Kinds of targets, by which a job says what its result is worth: asked for once. */
import { list } from "./api";
import type { Target } from "./types";

let kinds: Promise<Map<string, Target["kind"]>> | null = null;

/** The kind of a target; null if it is not known. */
export async function kindOfTarget(id: string): Promise<Target["kind"]> {
  kinds ??= load();
  try {
    return (await kinds).get(id) ?? null;
  } catch {
    kinds = null;
    return null;
  }
}

async function load(): Promise<Map<string, Target["kind"]>> {
  const targets = await list<Target>("targets");
  return new Map(targets.map(({ id, kind }) => [id, kind]));
}
