// Counts of readings: intervals, bars, the distance of two distributions, and the file of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ends, scale, ticks } from "../../web/src/pictures/scale";
import { bars, drawnReadings, OTHERS, totalVariation, wilson } from "../../web/src/pictures/statistics";
import { countsAsCsv } from "../../web/src/results/csv";

const near = (value: number, wanted: number): void => assert.ok(Math.abs(value - wanted) < 1e-6, `${value} is not ${wanted}`);

test("Wilson's interval of 58 in 100 is that of the textbook formula", () => {
  const [lower, upper] = wilson(58, 100);
  near(lower, 0.4820649);
  near(upper, 0.6720162);
});

test("an interval never leaves 0 to 1, and says nothing of no readings", () => {
  assert.equal(wilson(0, 10)[0], 0);
  assert.equal(wilson(10, 10)[1], 1);
  assert.deepEqual(wilson(0, 0), [0, 1]);
});

test("the most frequent readings are drawn, and the others have one bar together", () => {
  const counts = { "00": 5, "01": 3, "10": 1, "11": 1 };
  const readings = drawnReadings([counts], 2);
  assert.deepEqual(readings, ["00", "01"]);
  const drawn = bars(counts, readings);
  assert.deepEqual(drawn.map((bar) => [bar.reading, bar.count]), [["00", 5], ["01", 3], [OTHERS, 2]]);
  near(drawn.reduce((sum, bar) => sum + bar.share, 0), 1);
});

test("no bar of others where all readings are drawn", () => {
  assert.equal(bars({ "0": 4, "1": 6 }, ["0", "1"]).length, 2);
});

test("of two series with unlike totals shares count, not readings", () => {
  assert.deepEqual(drawnReadings([{ a: 900, b: 100 }, { c: 10 }], 2), ["c", "a"]);
});

test("the total variation distance is 0 for equal shares and 1 for nothing in common", () => {
  assert.equal(totalVariation({ "0": 1, "1": 1 }, { "0": 50, "1": 50 }), 0);
  assert.equal(totalVariation({ "0": 7 }, { "1": 3 }), 1);
  near(totalVariation({ "0": 6, "1": 4 }, { "0": 5, "1": 5 }), 0.1);
});

test("the file of counts has every circuit, in the order of readings, with quotes where it must", () => {
  const lines = countsAsCsv([{ "1": 1, "0": 3 }, { 'a,"b"': 2 }]).split("\r\n");
  assert.equal(lines[0], "circuit,reading,count,share,lower95,upper95");
  assert.match(lines[1] ?? "", /^1,0,3,0\.75,/);
  assert.match(lines[2] ?? "", /^1,1,1,0\.25,/);
  assert.match(lines[3] ?? "", /^2,"a,""b""",2,1,/);
  assert.equal(lines[4], "");
});

test("ticks are round numbers within the ends", () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-1.23, 0.4, 4), [-1, -0.5, 0]);
  assert.deepEqual(ticks(3, 3, 4), [3]);
});

test("values that differ by rounding alone have an axis all the same", () => {
  const value = 0.04207;
  const [lower, upper] = ends([value, value + 2e-17], 0.01);
  assert.ok(lower < value && upper > value);
  assert.ok(ticks(lower, upper, 4).length > 1);
  assert.deepEqual(ticks(value, value + 2e-17, 4), [value]);
  assert.deepEqual(ends([0, 0], 0.01).map((end) => Math.abs(end)), [0.6, 0.6]);
});

test("rounding is not magnified: values that are nearly the same are drawn above each other", () => {
  const values = [-1.8572751, -1.85727503];
  const [lower, upper] = ends(values, 0.01);
  assert.ok(upper - lower > 0.0185);
  const places = values.map(scale(lower, upper, 16, 584));
  assert.ok(Math.abs((places[0] ?? 0) - (places[1] ?? 0)) < 1);
  assert.deepEqual(ends([0, 10], 0.01), [-1, 11]);
});
