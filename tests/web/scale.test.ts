/** Axes of pictures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { margin, ticks } from "../../web/src/pictures/scale";

test("ticks are round numbers between the ends", () => {
  assert.deepEqual(ticks(0, 1, 4), [0, 0.5, 1]);
  assert.deepEqual(ticks(-3, 12, 5), [0, 5, 10]);
});

test("values that differ by rounding alone are one value, with room on both sides", () => {
  const value = 0.1 + 0.2;
  assert.deepEqual(ticks(0.3, value, 4), [0.3]);
  assert.equal(margin(0.3, value, 0.1), value * 0.1);
  assert.equal(margin(0, 0, 0.1), 0.1);
});
