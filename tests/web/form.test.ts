/** The form of a schema: filled with a value, and made into one again. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { complaintsOf } from "../../web/src/form/complaints";
import { member, valueOf } from "../../web/src/form/field";
import { asJson, fieldOf, newItem, write } from "../../web/src/form/fill";
import type { Json, Schema } from "../../web/src/types";

const EDGES: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["edges"],
  properties: {
    edges: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["from"],
        properties: { from: { type: "string", minLength: 1 }, weight: { type: ["number", "null"], maximum: 9 } },
      },
    },
    effort: { type: "string", enum: ["Quick", "Optimised"], default: "Quick" },
  },
};

function kept(schema: Schema, value: Json): Json | undefined {
  return valueOf(fieldOf(schema, value));
}

test("every example of every algorithm is in its form what it was, with the defaults", () => {
  const folders = readdirSync("algorithms", { withFileTypes: true }).filter((one) => one.isDirectory());
  let count = 0;
  for (const { name } of folders) {
    if (!readdirSync(`algorithms/${name}`).includes("input.schema.json")) continue;
    const schema = JSON.parse(readFileSync(`algorithms/${name}/input.schema.json`, "utf8")) as Schema;
    const defaults = Object.entries(schema.properties ?? {}).filter(([, one]) => one.default !== undefined);
    for (const example of schema.examples ?? []) {
      const field = fieldOf(schema, example);
      assert.equal(field.kind, "group", name);
      assert.deepEqual(valueOf(field), { ...Object.fromEntries(defaults.map(([key, one]) => [key, one.default])), ...(example as object) });
      assert.deepEqual(complaintsOf(field, ""), [], name);
      count += 1;
    }
  }
  assert.ok(count > 40);
});

test("what no control shows is edited as JSON, and nothing of it gets lost", () => {
  const odd: [Schema, Json][] = [
    [{ oneOf: [{ type: "string" }, { type: "number" }] }, "either"],
    [{ type: ["string", "integer"] }, 3],
    [{}, { any: [1, null, { thing: true }] }],
    [EDGES, { edges: [{ from: "a", color: "red" }], effort: "Quick" }],
    [EDGES, { edges: "none", effort: "Quick" }],
    [EDGES, { edges: [], effort: "Slow" }],
    [{ type: "number" }, "three"],
    [{ type: "array", items: { type: "array", items: { type: "number" } } }, [[1], "row"]],
  ];
  for (const [schema, value] of odd) assert.deepEqual(kept(schema, value), value);
});

test("arrays of texts, of numbers, of rows, of objects in objects are what they were", () => {
  const deep: Schema = {
    type: "object",
    properties: {
      names: { type: "array", items: { type: "string" } },
      numbers: { type: "array", items: { type: "number" } },
      clauses: { type: "array", items: { type: "array", items: { type: "integer" } } },
      parts: { type: "array", items: { type: "object", properties: { inner: EDGES, on: { type: "boolean" } } } },
    },
  };
  const value = {
    names: ["a, b", "", "c\nd"],
    numbers: [1e-7, -3, 1e21],
    clauses: [[1, -2, 3], [4], []],
    parts: [{ inner: { edges: [{ from: "x", weight: 0 }], effort: "Optimised" }, on: false }, {}],
  };
  const field = fieldOf(deep, value);
  assert.deepEqual(field.members.map(([, one]) => one.kind), ["list", "numbers", "matrix", "list"]);
  assert.deepEqual(valueOf(field), value);
  assert.deepEqual(valueOf(asJson(field)), value);
});

test("an optional member that is empty is left out, with a group around it", () => {
  const schema: Schema = {
    type: "object",
    properties: { limit: { type: "object", properties: { text: { type: "string" } }, required: ["text"] }, seed: { type: ["integer", "null"] } },
  };
  const field = fieldOf(schema, { seed: null });
  assert.deepEqual(valueOf(field), {});
  assert.deepEqual(complaintsOf(field, ""), []);
});

test("an empty form has the defaults, and a row to begin with", () => {
  const field = fieldOf(EDGES);
  assert.deepEqual(valueOf(field), { edges: [{ from: "" }], effort: "Quick" });
  assert.deepEqual(complaintsOf(field, "/input"), [{ pointer: "/input/edges/0/from", detail: "Fill this in." }]);
});

test("what is wrong is told where it is", () => {
  const field = fieldOf(EDGES, { edges: [{ from: "a", weight: 10 }] });
  assert.deepEqual(complaintsOf(field, ""), [{ pointer: "/edges/0/weight", detail: "This has to be 9 or less." }]);
  const bits = fieldOf({ type: "string", pattern: "^[01]+$", description: "Bits." }, "012");
  assert.match(complaintsOf(bits, "/bits")[0]?.detail ?? "", /Bits\./);
  const whole = fieldOf({ type: "array", items: { type: "integer" }, maxItems: 2 }, [1, 2.5]);
  assert.match(complaintsOf(whole, "")[0]?.detail ?? "", /whole number/);
  assert.match(complaintsOf({ ...asJson(field), text: "{" }, "")[0]?.detail ?? "", /not JSON/);
});

test("the last cells of a matrix's row may be empty, those between may not", () => {
  const matrix = fieldOf({ type: "array", items: { type: "array", items: { type: "number" } } }, [[1, 2], [3]]);
  assert.deepEqual(complaintsOf(matrix, ""), []);
  const first = matrix.items[0]?.items[0];
  assert.ok(first);
  first.text = "";
  assert.deepEqual(complaintsOf(matrix, ""), [{ pointer: "/0/0", detail: "Fill this in." }]);
});

test("a choice takes the values that it has, of any type", () => {
  const field = fieldOf({ enum: [1, "1", null, true] }, "1");
  assert.equal(valueOf(field), "1");
  write(field, "TRUE");
  assert.equal(valueOf(field), true);
});

test("an item more has the defaults of an item", () => {
  const list = fieldOf({ type: "array", items: { type: "object", properties: { size: { type: "integer", default: 4 } } } }, []);
  list.items.push(newItem(list));
  assert.deepEqual(valueOf(list), [{ size: 4 }]);
  assert.equal(member(list.items[0] ?? list, "size")?.text, "4");
});
