/** Errors at their fields, and cells out of a spreadsheet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { valueOf } from "../../web/src/form/field";
import { fieldOf } from "../../web/src/form/fill";
import { cellsOf, paste } from "../../web/src/form/paste";
import { place, pointersOf, wordsOf } from "../../web/src/form/pointer";
import type { Schema } from "../../web/src/types";

const ROWS: Schema = {
  type: "array",
  items: { type: "object", properties: { "from/to": { type: "string" }, weight: { type: "number" } } },
};

test("a violation is shown at its field, or at the nearest one around it", () => {
  const known = new Set(pointersOf(fieldOf(ROWS, [{ weight: 1 }]), "/input/rows"));
  const placed = place(
    [
      { pointer: "/input/rows/0/from~1to", detail: "A." },
      { pointer: "/input/rows/0/weight/3", detail: "B." },
      { pointer: "/input/rows/7/weight", detail: "C." },
      { pointer: "/other", detail: "D." },
      { parameter: "idempotency-key", detail: "E." },
    ],
    known,
  );
  assert.deepEqual(Object.fromEntries(placed), {
    "/input/rows/0/from~1to": "A.",
    "/input/rows/0/weight": "3: B.",
    "/input/rows": "7/weight: C.",
    "": "other: D. idempotency-key: E.",
  });
});

test("a place is told in the words of the form", () => {
  const field = fieldOf({ type: "object", properties: { riskAversion: { type: "number" }, rows: { ...ROWS, title: "The rows" } } }, { rows: [{}, {}] });
  assert.equal(wordsOf(field, "/riskAversion"), "Risk aversion");
  assert.equal(wordsOf(field, "/rows/1/weight"), "The rows, row 2, Weight");
});

test("lines of a spreadsheet fill rows from a cell on, without their headings", () => {
  const field = fieldOf(ROWS, [{ "from/to": "a", weight: 1 }]);
  const cells = cellsOf("from/to\tweight\nb\t2\r\nc\t-3\n", 2);
  assert.ok(cells);
  paste(field, 0, 0, cells);
  assert.deepEqual(valueOf(field), [
    { "from/to": "b", weight: 2 },
    { "from/to": "c", weight: -3 },
  ]);
});

test("lines of numbers widen a matrix", () => {
  const field = fieldOf({ type: "array", items: { type: "array", items: { type: "number" } } }, [[9]]);
  paste(field, 0, 0, cellsOf("1 2\n3 4", 2) ?? []);
  assert.deepEqual(valueOf(field), [
    [1, 2],
    [3, 4],
  ]);
});

test("a single cell is left to the browser", () => {
  assert.equal(cellsOf("one cell, with a comma", 3), null);
  assert.deepEqual(cellsOf("a;1\nb;2", 2), [
    ["a", "1"],
    ["b", "2"],
  ]);
});
