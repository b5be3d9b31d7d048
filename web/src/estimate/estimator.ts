/** Estimates of what is in the form: asked for when it has not changed for a moment. */
import { call } from "../api";
import { ProblemError } from "../problem";
import type { Estimate, Submission } from "../types";

const PAUSE = 800;

export interface Estimated {
  /** The submission that it is about, as JSON. */
  body: string;
  estimate?: Estimate;
  error?: unknown;
}

/** The last estimate, and the one that is on its way. */
export class Estimator {
  last: Estimated | null = null;
  isBusy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: { body: string; abort: AbortController; done: Promise<Estimated | null> } | null = null;

  constructor(
    private readonly algorithm: string,
    private readonly told: (estimated: Estimated) => void,
  ) {}

  /** Asks after a pause, if nothing else is asked for in it. */
  later(submission: Submission): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(submission), PAUSE);
  }

  /** The estimate of a submission: the one that is there, or a new one; null if another took its place. */
  now(submission: Submission, afresh = false): Promise<Estimated | null> {
    clearTimeout(this.#timer);
    const body = JSON.stringify(submission);
    if (this.#running?.body === body) return this.#running.done;
    if (!afresh && this.last?.body === body) return Promise.resolve(this.last);
    this.stop();
    const abort = new AbortController();
    this.isBusy = true;
    const done = this.#ask(submission, body, abort.signal);
    this.#running = { body, abort, done };
    return done;
  }

  /** The estimate of exactly this submission, if it is there. */
  of(submission: Submission): Estimated | null {
    return this.last?.body === JSON.stringify(submission) ? this.last : null;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort.abort();
    this.#running = null;
    this.isBusy = false;
  }

  async #ask(submission: Submission, body: string, signal: AbortSignal): Promise<Estimated | null> {
    const path = `algorithms/${encodeURIComponent(this.algorithm)}/estimate`;
    const estimated: Estimated = { body };
    try {
      estimated.estimate = (await call<Estimate>("POST", path, { body: submission, signal })).body;
    } catch (error) {
      estimated.error = error;
    }
    if (signal.aborted) return null;
    this.#running = null;
    this.isBusy = false;
    this.last = estimated;
    this.told(estimated);
    return estimated;
  }
}

/** What is wrong with the input according to an estimate. */
export function refusalOf(estimated: Estimated | null): ProblemError | null {
  return estimated?.error instanceof ProblemError && estimated.error.status === 422 ? estimated.error : null;
}
