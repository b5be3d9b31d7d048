/** Follows a job to its end: told by the channel, and by long polls where there is none. */
import { get } from "./api";
import { channelState, listen } from "./channel";
import { isFinal } from "./job/status";
import { passes } from "./job/trouble";
import type { Job } from "./types";

export interface Watcher {
  seen(job: Job): void;
  /** The last look failed; there will be another one unless the job is gone. */
  failed(error: unknown): void;
}

/** What a channel could have missed is seen by then. */
const SAFETY = 4 * 60_000;
const AFTER_FAILURE = 5_000;
const HELD = 1_000;
const WAIT = { prefer: "wait=30" };

/** Calls the watcher with every state that the job is seen in. Returns what ends it. */
export function follow(jobId: string, watcher: Watcher): () => void {
  const ended = new AbortController();
  const bell = new Bell();
  const deaf = listen({
    told: (event) => event.data.jobId.toLowerCase() === jobId.toLowerCase() && bell.ring(),
    changed: () => bell.ring(),
  });
  const online = (): void => bell.ring();
  addEventListener("online", online);
  ended.signal.addEventListener("abort", () => {
    deaf();
    removeEventListener("online", online);
    bell.ring();
  });
  void run(jobId, watcher, bell, ended);
  return () => ended.abort();
}

async function run(jobId: string, watcher: Watcher, bell: Bell, ended: AbortController): Promise<void> {
  for (let looks = 0; !ended.signal.aborted; looks += 1) {
    bell.hush();
    const began = Date.now();
    const held = looks > 0 && channelState() === "down";
    const look = new AbortController();
    // What was told in the meantime ends a look that is held.
    if (held) bell.onRing = () => look.abort();
    const signal = AbortSignal.any([ended.signal, look.signal]);
    let pause = SAFETY;
    try {
      const job = await get<Job>(`jobs/${encodeURIComponent(jobId)}`, { signal, ...(held && { headers: WAIT }) });
      if (ended.signal.aborted) return;
      watcher.seen(job);
      if (isFinal(job.status)) return ended.abort();
      if (channelState() === "down") pause = Date.now() - began < HELD && held ? (job.retryAfter ?? 2) * 1000 : 0;
    } catch (error) {
      if (ended.signal.aborted) return;
      if (!look.signal.aborted) {
        watcher.failed(error);
        if (!passes(error)) return ended.abort();
        pause = AFTER_FAILURE;
      }
    } finally {
      bell.onRing = () => {};
    }
    await bell.rung(pause);
  }
}

/** Wakes one who waits; keeps ringing until it is hushed. */
class Bell {
  onRing: () => void = () => {};
  #ringing = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#ringing = true;
    this.onRing();
    this.#wake();
  }

  hush(): void {
    this.#ringing = false;
  }

  /** Waits for it, at most so many milliseconds. */
  rung(most: number): Promise<void> {
    if (this.#ringing || most === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, most);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
