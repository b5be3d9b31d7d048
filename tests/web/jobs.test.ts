// A job in words: how its run compares with another one, how much was read, what it is at the moment.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unlikeCircuits } from "../../web/src/job/sameness";
import type { JobOutcome } from "../../web/src/types";

const run = (twoQubitGates: number, depth: number, count: number): JobOutcome =>
  ({ circuits: { qubits: 4, depth, twoQubitGates }, provenance: { circuits: Array(count).fill({}) } }) as unknown as JobOutcome;

test("runs whose circuits differ say so, by what tells them apart most clearly", () => {
  assert.equal(
    unlikeCircuits(run(84, 30, 5), run(20, 12, 5)),
    "The other run's circuits are not the same (84 gates on two qubits here, 20 there), so not all of the difference is noise.",
  );
  assert.match(unlikeCircuits(run(20, 12, 1), run(20, 12, 3)), /\(1 circuit here, 3 there\)/);
  assert.match(unlikeCircuits(run(20, 12, 1), run(20, 11, 1)), /\(12 gates deep here, 11 there\)/);
});

test("runs with the same circuits differ by noise alone, and nothing is said", () => {
  assert.equal(unlikeCircuits(run(20, 12, 5), run(20, 12, 5)), "");
});
