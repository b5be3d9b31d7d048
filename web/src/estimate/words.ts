/** Times and money, as people say them. */
import type { TargetEstimate } from "../types";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A wait in the largest unit that fits, rounded. */
export function waitOf(seconds: number): string {
  if (seconds < 1) return "no wait";
  return `about ${span(seconds)}`;
}

/** How old a figure is. */
export function ageOf(time: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  return seconds < 10 ? "as of now" : `as of ${span(seconds)} ago`;
}

export function moneyOf(amount: number, currency: string): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  return `${amount.toLocaleString("en", digits)} ${currency}`;
}

/** The cost of a job at one target. */
export function costOf({ fits, cost }: TargetEstimate): string {
  if (!cost) return fits ? "known only after the run" : "–";
  if (cost.atMost === 0) return "free";
  const most = moneyOf(cost.atMost, cost.currency);
  if (cost.planned === cost.atMost) return cost.exact ? most : `about ${most}`;
  return `${cost.exact ? "" : "about "}${moneyOf(cost.planned, cost.currency)}, at most ${most}`;
}

export function countOf(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

function span(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * MINUTE) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 36 * HOUR) return `${Math.round(seconds / HOUR)} h`;
  return countOf(Math.round(seconds / DAY), "day");
}
