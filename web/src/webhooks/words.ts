/** Webhooks and deliveries in words. */
import type { Delivery, Webhook } from "../types";

type Attempt = Delivery["attempts"][number];

const FAILURES: Record<string, string> = {
  NoPublicAddress: "the address is not a public one, so it is never reached",
  ConnectionFailed: "no connection: is the server running, and its port open?",
  TlsFailed: "the certificate of the server cannot be trusted",
  TimedOut: "no response within 15 seconds",
  InvalidAnswer: "the response is not HTTP",
};

const EVENTS: Record<string, string> = {
  "qjobs.job.succeeded": "Job succeeded",
  "qjobs.job.failed": "Job failed",
  "qjobs.job.canceled": "Job canceled",
  "qjobs.webhook.ping": "Ping",
};

export const ON_ITS_WAY = "A ping is on its way …";

/** What a status of a webhook means for its owner, and what to do about it. */
export function meaning(webhook: Webhook): string {
  if (webhook.status === "Active") return "It is told of every job that ends.";
  const ping = "It becomes active when your server accepts a ping with a status of 2xx.";
  if (webhook.status === "Unverified") return `Nothing but pings is sent to it yet. ${ping}`;
  const why =
    webhook.disabledReason === "Gone"
      ? "Your server answered 410 Gone, so nothing is sent to it any more."
      : "Nothing was accepted for five days, so nothing is sent to it any more.";
  return `${why} ${ping}`;
}

export function eventName(type: string): string {
  return EVENTS[type] ?? type;
}

/** The outcome of one attempt: its status or the reason why there is none, and how long it took. */
export function outcome(attempt: Attempt): string {
  const took = duration(attempt.milliseconds);
  if (attempt.failure) return `${FAILURES[attempt.failure] ?? attempt.failure} (${took})`;
  return `${attempt.httpStatus}${remark(attempt.httpStatus ?? 0)} in ${took}`;
}

function remark(status: number): string {
  if (status >= 200 && status < 300) return "";
  if (status >= 300 && status < 400) return ": redirects are not followed";
  if (status === 401 || status === 403) return ": your server refuses it; does it verify with the newest secret?";
  if (status === 410) return " Gone: the webhook is disabled";
  return "";
}

export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** What became of a ping so far; empty without one. */
export function pingResult(delivery: Delivery | null): string {
  const last = delivery?.attempts.at(-1);
  if (!delivery) return "";
  if (!last) return ON_ITS_WAY;
  if (delivery.status === "Delivered") return `Your server accepted the ping: ${outcome(last)}.`;
  const again = delivery.nextAttemptAt ? ` The next attempt is ${moment(delivery.nextAttemptAt)}.` : "";
  return `The ping was not accepted: ${outcome(last)}.${again}`;
}

export function moment(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** The local time for a control of the type datetime-local. */
export function localTime(time: Date): string {
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
