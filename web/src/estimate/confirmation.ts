/** Whether a submission is worth a question before it goes out. */
import type { Estimate, Submission, Target } from "../types";
import { moneyOf, waitOf } from "./words";

/** Above this, in whatever currency, a person is asked. */
export const ASK_ABOVE = 10;

/** The question to ask before a job is submitted; null if none is needed. */
export function questionOf(estimate: Estimate | null, submission: Submission, targets: Target[]): string | null {
  if (!estimate) {
    if (!mayCost(submission, targets)) return null;
    return "What this job will cost is not known now, because there is no estimate. It may run on a quantum computer.";
  }
  const chosen = estimate.targets.find((one) => one.target.id === estimate.target.id);
  if (!chosen) return null;
  const { target, cost } = chosen;
  const wait = `The wait there is ${waitOf(target.averageQueueTime).replace("no wait", "short")}.`;
  if (!cost) {
    if (target.kind === "Simulator" || target.kind === "NoisySimulator") return null;
    return `${target.id} is a quantum computer whose price for this job is known only after the run. ${wait}`;
  }
  if (cost.atMost <= ASK_ABOVE) return null;
  const planned = moneyOf(cost.planned, cost.currency);
  const most = cost.atMost === cost.planned ? "" : `, and ${moneyOf(cost.atMost, cost.currency)} at most`;
  return `This job costs ${cost.exact ? "" : "about "}${planned}${most} on ${target.id}. ${wait}`;
}

/** Whether a job could run where it is paid for. */
export function mayCost(submission: Submission, targets: Target[]): boolean {
  const { id, mode } = submission.target ?? {};
  if (!id) return mode !== "Simulator" && mode !== "NoisySimulator";
  const kind = targets.find((target) => target.id === id)?.kind;
  return kind !== "Simulator" && kind !== "NoisySimulator" && kind !== "SyntaxChecker";
}
