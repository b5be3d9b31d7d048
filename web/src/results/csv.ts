/** Counts as a table for other programs. */
import { total, wilson } from "../pictures/statistics";

const HEADER = ["circuit", "reading", "count", "share", "lower95", "upper95"];

/** All circuits, numbered from 1, with Wilson's interval of each share (RFC 4180). */
export function countsAsCsv(circuits: Record<string, number>[]): string {
  const rows = circuits.flatMap((counts, place) => {
    const shots = total(counts);
    return Object.entries(counts)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([reading, count]) => [place + 1, reading, count, count / shots, ...wilson(count, shots)]);
  });
  return [HEADER, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
