// Results by their shape: which number the evidence is about, how values are shown and written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { place } from "../../web/src/job/failure";
import { addressOf, filterOf } from "../../web/src/job/filter";
import { titleOf } from "../../web/src/pictures/file";
import { evidenceOf } from "../../web/src/results/evidence";
import { duration, label, number, percent } from "../../web/src/results/format";
import { results } from "../../web/src/job/difference";
import type { JobRecord } from "../../web/src/job/record";
import { columns, ordered, runs, scalars, shapeOf } from "../../web/src/results/shape";

const uncertainty = { lower: 0.4, upper: 0.6, confidence: 0.95 };
const about = (description: string): object => ({ properties: { shots: {}, uncertainty: { description } } });

test("the evidence is about the member that the schema names in back quotes", () => {
  const result = { shots: 0.5, agreement: { share: 0.55 }, uncertainty };
  assert.deepEqual(evidenceOf(about("Interval of `agreement.share`."), result).answer, { path: "agreement.share", value: 0.55 });
});

test("or about the member that it names in words", () => {
  const result = { shots: 0.5, fidelity: { value: 0.58 }, uncertainty };
  assert.deepEqual(evidenceOf(about("The interval of the fidelity."), result).answer, { path: "fidelity.value", value: 0.58 });
});

test("a number outside of the interval is not the answer", () => {
  assert.equal(evidenceOf(about("Of the answer."), { shots: 1000, uncertainty }).answer, null);
});

test("the answer of an optimisation is the number that is as far from the bound as the gap says", () => {
  const result = { expectedReturn: 7, objective: 11, bound: 10, gap: 0.1 };
  assert.deepEqual(evidenceOf(undefined, result).answer, { path: "objective", value: 11 });
});

test("a classical count is not drawn on the line of a share", () => {
  const schema = { properties: { comparison: { properties: { value: { type: "integer" } } } } };
  const result = { share: 0.5, uncertainty, comparison: { method: "Enumeration", value: 3, seconds: 0.1 } };
  assert.equal(evidenceOf(schema, result).classical?.comparable, false);
});

test("what is no share is not drawn on the line of a share", () => {
  const result = { uncertainty, comparison: { value: 10 }, baseline: { value: 0.5 } };
  const evidence = evidenceOf(undefined, result);
  assert.equal(evidence.classical?.comparable, false);
  assert.equal(evidenceOf(undefined, { ...result, comparison: { value: 0.5 } }).classical?.comparable, true);
});

test("the shape of a value decides how it is shown", () => {
  const shapes = [null, "a", "a\nb", 1, true, [], {}, [1, 2], [{ a: 1 }], [[1, 2], [3, 4]], [["a"], ["b", "c"]], { a: 1 }];
  assert.deepEqual(shapes.map(shapeOf), [
    "nothing", "scalar", "text", "scalar", "scalar", "nothing", "nothing", "list", "table", "matrix", "lists", "section",
  ]);
});

test("members come in the order of the schema, and those that it does not name after them", () => {
  const schema = { properties: { b: {}, a: {} } };
  assert.deepEqual(ordered(schema, { c: 1, a: 2, b: 3 }).map(([name]) => name), ["b", "a", "c"]);
});

test("members are shown in their order, lists of single values among the facts", () => {
  const members = Object.entries({ assets: ["Cedar", "Elm"], sides: [["Ada"], ["Bob", "Cy"]], none: [], rows: [{ a: 1 }], value: 3, on: true });
  assert.deepEqual(runs(members).map(({ kind, members: own }) => [kind, ...own.map(([name]) => name)]), [
    ["facts", "assets", "sides"],
    ["part", "rows"],
    ["facts", "value", "on"],
  ]);
});

test("two results are compared by their lists as well, to the last value of them", () => {
  const of = (result: object): JobRecord => ({ outcome: { result } }) as unknown as JobRecord;
  const numbers = Array.from({ length: 30 }, (_, place) => place);
  const first = { sides: [["Ada"], ["Bob", "Cy"]], assets: ["Elm"], numbers, rows: [{ a: 1 }] };
  const rows = results(of(first), of({ ...first, assets: ["Cedar", "Elm"], numbers: [...numbers.slice(0, 29), 7] }));
  assert.deepEqual(rows.map(({ name, differs }) => [name, differs]), [["Sides", false], ["Assets", true], ["Numbers", true]]);
  assert.deepEqual([rows[0]?.first, rows[1]?.second], ["Ada; Bob, Cy", "Cedar, Elm"]);
  assert.match(rows[2]?.first ?? "", /19, … \(30 in all\)$/);
});

test("a column that is empty in every row is left out", () => {
  assert.deepEqual(columns({ properties: { a: {}, b: {} } }, [{ a: 1, b: null }, { a: null, c: 2 }]), ["a", "c"]);
});

test("single values of any depth are compared by their path", () => {
  const found = scalars({ energy: -1, state: { search: "None", angles: [1] }, rows: [{ a: 1 }] });
  assert.deepEqual([...found], [["energy", -1], ["state.search", "None"]]);
});

test("numbers, shares, names and lengths of time are written for people", () => {
  assert.deepEqual([1234567, 0.1234567, 0.00000123, 1e20].map(number), ["1,234,567", "0.123457", "1.230e-6", "1.000e+20"]);
  assert.deepEqual([0, 0.0004, 0.125, 1].map(percent), ["0.0 %", "0.04 %", "12.5 %", "100.0 %"]);
  assert.deepEqual(["meanByChance", "NotShown", "two_qubits"].map(label), ["Mean by chance", "Not shown", "Two qubits"]);
  assert.deepEqual(
    [412, 12_400, 125_000, 11_400_000, 187_200_000, -5].map(duration),
    ["0.4 s", "12 s", "2 min 5 s", "3 h 10 min", "2 d 4 h", "0.0 s"],
  );
});

test("a drawing is called by its title, or by its label; entities are read", () => {
  assert.equal(titleOf('<svg aria-label="x"><title>&lt;3 and &quot;&amp;&#39;</title><desc>Half</desc></svg>'), '<3 and "&\'. Half');
  assert.equal(titleOf('<svg viewBox="0 0 1 1" aria-label="A cut"></svg>'), "A cut");
  assert.equal(titleOf("<svg></svg>"), null);
});

test("a pointer is read as a way through the form, counted from 1", () => {
  assert.equal(place("/input/edges/0/from"), "Input › Edges › 1 › From");
  assert.equal(place("/input/a~1b"), "Input › A/b");
});

test("a filter is kept in the address, and an unknown status is none", () => {
  const filter = filterOf(new URLSearchParams("status=Running&tag=a b"));
  assert.deepEqual(filter, { algorithm: "", status: "Running", tag: "a b" });
  assert.equal(addressOf(filter), "#/jobs?status=Running&tag=a+b");
  assert.equal(addressOf(filterOf(new URLSearchParams("status=Odd"))), "#/jobs");
});
