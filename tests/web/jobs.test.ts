// A job in words: how its run compares with another one, how much was read, what it is at the moment.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shots } from "../../web/src/job/facts";
import { progress } from "../../web/src/job/progress";
import { unlikeCircuits } from "../../web/src/job/sameness";
import type { Job, JobOutcome } from "../../web/src/types";

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

test("shots say how many were read where that is not what was asked for", () => {
  const of = (totals: object, steps = 1): string =>
    shots({ shots: 1000 } as Job, { provenance: { totals, steps, circuits: [{}, {}] } } as unknown as JobOutcome);
  assert.equal(of({ circuits: 24, shots: 904_551 }, 3), "1,000 asked for; 904,551 read in all");
  assert.equal(of({ circuits: 2, shots: 2000 }), "1,000");
  assert.equal(of({ circuits: 10, shots: 2000 }), "1,000", "the target reads 200 at once");
  assert.equal(shots({ shots: 1000 } as Job, null), "1,000");
});

test("a job that has nothing to tell of its progress has no heading for it", () => {
  const at = (circuitsTotal: number): Job =>
    ({ status: "Queued", progress: { iteration: 1, iterationsPlanned: 1, circuitsDone: 0, circuitsTotal, value: null } }) as unknown as Job;
  const nothing = Symbol.for("lit-nothing");
  assert.equal(progress(at(0), [], 600), nothing);
  assert.notEqual(progress(at(3), [], 600), nothing);
});
