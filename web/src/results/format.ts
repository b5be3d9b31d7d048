/** Numbers, times and names, as people read them. */
import { html, type TemplateResult } from "lit-html";
import type { Json } from "../types";

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const TIME = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A number with six digits at most; very large and very small ones by a power of ten. */
export function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return WHOLE.format(value);
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e15)) return value.toExponential(3);
  return NUMBER.format(value);
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
}

/** So many of something: `1 gate`, `2 gates`. */
export function plural(count: number, one: string): string {
  return `${number(count)} ${count === 1 ? one : `${one}s`}`;
}

/** A value without members: text, number, yes or no. */
export function scalar(value: Json): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return number(value);
  return String(value);
}

/** The name of a member, in words: `meanByChance` is "Mean by chance". */
export function label(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function money(amount: number, currency: string | null): string {
  const figure = amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  return currency ? `${figure} ${currency}` : figure;
}

/** A length of time: `0.4 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400) return two(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  return two(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

function two(large: number, unit: string, small: number, smaller: string): string {
  return small ? `${large} ${unit} ${small} ${smaller}` : `${large} ${unit}`;
}

/** A point in time, in the time zone of the reader. */
export function when(time: string): TemplateResult {
  return html`<time datetime=${time}>${TIME.format(new Date(time))}</time>`;
}

/** A description of a schema: plain text in which names stand between back quotes. */
export function prose(text: string): (string | TemplateResult)[] {
  return text.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));
}
