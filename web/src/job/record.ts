/** A job as far as it is known: from this browser at once, then from the service, until its end. */
import { algorithmOf } from "../algorithm-cache";
import { get } from "../api";
import { follow } from "../follow";
import { recall, remember, type StepValue } from "../history";
import { ProblemError } from "../problem";
import { kindOfTarget } from "../target-cache";
import type { Algorithm, Job, JobOutcome, Submission } from "../types";
import { troubleOf } from "./trouble";

export class JobRecord {
  job: Job | null = null;
  outcome: JobOutcome | null = null;
  algorithm: Algorithm | null = null;
  submission: Submission | null = null;
  values: StepValue[] = [];
  /** When the service said so, of what is from this browser; null once the service has said it anew. */
  asOf: string | null = null;
  /** Its target checks the program and runs nothing. */
  isCheckOnly = false;
  /** The service has no such job of this caller. */
  missing = false;
  /** Why the last look failed. */
  trouble = "";
  #stop: () => void = () => {};
  #closed = false;
  #target = "";

  constructor(
    readonly id: string,
    private readonly changed: () => void,
  ) {
    void this.#load();
  }

  /** Takes what an operation on the job has answered. */
  take(job: Job): void {
    if (this.#closed || (this.job && this.job.updatedAt > job.updatedAt)) return;
    this.job = job;
    this.asOf = null;
    this.missing = false;
    this.trouble = "";
    this.#collect(job);
    void remember({ job, values: this.values });
    void this.#loadAlgorithm(job.algorithm);
    if (job.target.id) void this.#loadKind(job.target.id);
    if (job.status === "Succeeded" && !this.outcome) void this.#loadOutcome();
    this.changed();
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  async #load(): Promise<void> {
    const known = await recall(this.id);
    if (this.#closed) return;
    if (known) {
      this.job = known.job;
      this.outcome = known.outcome ?? null;
      this.submission = known.submission ?? null;
      this.values = known.values ?? [];
      this.asOf = known.seenAt;
      void this.#loadAlgorithm(known.job.algorithm);
      this.changed();
    }
    this.#stop = follow(this.id, {
      seen: (job) => this.take(job),
      failed: (error) => this.#fail(error),
    });
  }

  async #loadOutcome(): Promise<void> {
    try {
      const outcome = await get<JobOutcome>(`jobs/${encodeURIComponent(this.id)}/result`);
      if (this.#closed) return;
      this.outcome = outcome;
      await remember({ job: this.job ?? outcome, outcome });
      this.changed();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #loadAlgorithm(id: string): Promise<void> {
    if (this.algorithm) return;
    // Without its schema a result is shown by its values alone.
    this.algorithm = await algorithmOf(id).catch(() => null);
    if (!this.#closed) this.changed();
  }

  async #loadKind(target: string): Promise<void> {
    if (target === this.#target) return;
    this.#target = target;
    this.isCheckOnly = (await kindOfTarget(target)) === "SyntaxChecker";
    if (!this.#closed && this.isCheckOnly) this.changed();
  }

  #collect({ progress }: Job): void {
    const { iteration, value, uncertainty } = progress;
    if (value === null) return;
    this.values = [...this.values.filter((one) => one.iteration !== iteration), { iteration, value, uncertainty }];
    this.values.sort((one, other) => one.iteration - other.iteration);
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.missing = error instanceof ProblemError && [400, 404, 410].includes(error.status);
    this.trouble = troubleOf(error);
    this.changed();
  }
}
