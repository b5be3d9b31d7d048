/** What a person is told of a request that failed. */
import { ProblemError, UnreachableError } from "../problem";

/** Whether the same request may succeed later, so that it is repeated. */
export function passes(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.status >= 500 || error.status === 429;
}

export function troubleOf(error: unknown): string {
  if (error instanceof UnreachableError) return "The service cannot be reached. It is tried again by itself.";
  const message = error instanceof Error ? error.message : String(error);
  return passes(error) ? `${message} It is tried again by itself.` : message;
}
