import type { Problem, Violation } from "./types";

/** A response of the API that is an error. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.message ?? problem.detail ?? problem.title ?? `The service answers ${status}.`);
  }

  get code(): string {
    return this.problem.code ?? "";
  }

  get violations(): Violation[] {
    return this.problem.violations ?? [];
  }
}

/** The API cannot be reached: no network, or the service is away. */
export class UnreachableError extends Error {
  constructor() {
    super("The service cannot be reached. Check the connection and try again.");
  }
}
