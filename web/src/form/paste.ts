/** Cells out of the clipboard: what spreadsheets, CSV files and lists of lines put there. */
import type { Field } from "./field";
import { newItem, pad, write } from "./fill";

/** The rows of a pasted text; null if it is a single cell. */
export function cellsOf(text: string, columns: number): string[][] | null {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  if (lines.length === 1 && !text.includes("\t")) return null;
  if (text.includes("\t")) return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
  for (const separator of [",", ";", /\s+/]) {
    const rows = lines.map((line) => line.split(separator).map((cell) => cell.trim()));
    if (columns > 1 && rows.every((row) => row.length > 1)) return rows;
  }
  return lines.map((line) => [line.trim()]);
}

/** Fills rows of a table or a matrix from a cell on, and adds those that it takes. */
export function paste(field: Field, row: number, column: number, cells: string[][]): void {
  const names = field.items[0]?.members.map(([name]) => name.toLowerCase()) ?? [];
  const heading = cells[0]?.every((cell) => names.includes(cell.toLowerCase())) ?? false;
  for (const [index, texts] of (heading ? cells.slice(1) : cells).entries()) {
    while (field.items.length <= row + index) field.items.push(newItem(field));
    const width = column + texts.length;
    if (field.kind === "matrix") pad(field, width);
    const target = field.items[row + index];
    for (const [offset, text] of texts.entries()) {
      const cell = field.kind === "matrix" ? target?.items[column + offset] : target?.members[column + offset]?.[1];
      if (cell) write(cell, text);
    }
  }
}
