/** Forms that are not submitted yet: kept in the tab, of each account its own, until they are. */
import { account } from "../account";
import type { Json } from "../types";

export interface Draft {
  submission: Record<string, Json>;
  /** The input as it is being typed, where it is edited as JSON. */
  text?: string;
  /** Makes sure that one submission is one job, however often it is sent. */
  key?: { body: string; value: string };
}

export function draftOf(algorithm: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(placeOf(algorithm)) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

const PAUSE = 300;
let waiting: { timer: ReturnType<typeof setTimeout>; keep: () => void } | null = null;

/** Keeps a draft when nothing has changed in it for a moment, and at the latest when the page is left. */
export function keepDraftLater(algorithm: string, draft: Draft): void {
  clearTimeout(waiting?.timer);
  waiting = { timer: setTimeout(flushDrafts, PAUSE), keep: () => keepDraft(algorithm, draft) };
}

export function flushDrafts(): void {
  clearTimeout(waiting?.timer);
  waiting?.keep();
  waiting = null;
}

addEventListener("pagehide", flushDrafts);

/** A draft that is too large for the browser is not kept. */
export function keepDraft(algorithm: string, draft: Draft): void {
  try {
    sessionStorage.setItem(placeOf(algorithm), JSON.stringify(draft));
  } catch {
    sessionStorage.removeItem(placeOf(algorithm));
  }
}

function placeOf(algorithm: string): string {
  return `draft ${account()?.id ?? ""} ${algorithm}`;
}
