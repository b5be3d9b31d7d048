/** A submission on its way: into the form and out of it, as a link, with its key, with its price. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayCost, questionOf } from "../../web/src/estimate/confirmation";
import { ageOf, costOf, waitOf } from "../../web/src/estimate/words";
import { tokenCommand } from "../../web/src/snippets/token";
import { knownOf, linkTo, submissionIn } from "../../web/src/submit/link";
import { keyOf } from "../../web/src/submit/sending";
import { complaintsOfSheet, isJson, sheetOf, submissionOfSheet, toggleJson } from "../../web/src/submit/sheet";
import { nameOf } from "../../web/src/submit/where";
import type { Algorithm, Estimate, Submission, Target } from "../../web/src/types";

const ALGORITHM = {
  id: "a b",
  shots: { default: 100, minimum: 1, maximum: 1000 },
  target: { mode: "NoisySimulator" },
  inputSchema: { type: "object", properties: { text: { type: "string" } }, additionalProperties: false },
} as unknown as Algorithm;
const FULL = {
  input: { text: "?&#%+ ü \" ' \\ \u{1F600}" },
  target: { id: "ionq.qpu" },
  shots: 7,
  seed: 0,
  name: "mine",
  tags: ["a", "b:c"],
  deadline: "PT10M",
  budget: { amount: 5, currency: "USD" },
  options: { debias: true },
  notify: { webhooks: [] },
};

test("a whole submission is in the form what it was, whatever the page shows of it", () => {
  const sheet = sheetOf(ALGORITHM, FULL);
  assert.deepEqual(submissionOfSheet(sheet), FULL);
  assert.deepEqual(complaintsOfSheet(sheet), []);
  toggleJson(sheet, ALGORITHM);
  assert.ok(isJson(sheet));
  assert.deepEqual(submissionOfSheet(sheet), FULL);
  toggleJson(sheet, ALGORITHM);
  assert.ok(!isJson(sheet));
  assert.deepEqual(submissionOfSheet(sheet), FULL);
});

test("an empty form is the algorithm's own target and shots", () => {
  assert.deepEqual(submissionOfSheet(sheetOf(ALGORITHM, {})), { input: {}, target: { mode: "NoisySimulator" }, shots: 100 });
});

test("what is not written as it has to be is told how, without signs of a markup", () => {
  const about = (run: Record<string, unknown>): unknown => complaintsOfSheet(sheetOf(ALGORITHM, run as never));
  assert.deepEqual(about({ deadline: "10 minutes" }), [
    { pointer: "/deadline", detail: "Write a length of time such as PT10M for ten minutes, PT2H for two hours or P1D for a day." },
  ]);
  assert.deepEqual(about({ budget: { amount: 5, currency: "dollars" } }), [
    { pointer: "/budget/currency", detail: "Write three capital letters, such as USD." },
  ]);
});

test("an amount of a budget needs a currency before anything is sent", () => {
  const about = (budget: Record<string, number | string>): unknown => complaintsOfSheet(sheetOf(ALGORITHM, { budget }));
  assert.deepEqual(about({ amount: 5 }), [{ pointer: "/budget/currency", detail: "Say what the amount is in, such as USD." }]);
  assert.deepEqual(about({ amount: 5, currency: "USD" }), []);
  assert.deepEqual(about({ shots: 5 }), []);
});

test("a link carries a submission through an address", () => {
  const link = new URL(linkTo("https://page.example/", "a b", FULL as unknown as Submission));
  const [path, query] = link.hash.split("?", 2);
  assert.equal(path, "#/algorithms/a%20b");
  assert.deepEqual(submissionIn(new URLSearchParams(query).get("body") ?? ""), FULL);
  assert.throws(() => submissionIn("[1]"));
  assert.throws(() => submissionIn("{"));
  assert.deepEqual(knownOf({ input: {}, foo: 1 }), [{ input: {} }, ["foo"]]);
});

test("one filled form has one key, and another form another one", () => {
  const draft = { submission: {} };
  const first = keyOf(draft, { input: { text: "a" } });
  assert.equal(keyOf(draft, { input: { text: "a" } }), first);
  assert.notEqual(keyOf(draft, { input: { text: "b" } }), first);
});

test("a person is asked where more than a little is to be paid, or nobody knows how much", () => {
  const at = (kind: string, cost: unknown): Estimate =>
    ({ target: { id: "t" }, targets: [{ target: { id: "t", kind, averageQueueTime: 7200 }, fits: true, cost }] }) as unknown as Estimate;
  const hardware: Submission = { input: {}, target: { mode: "Hardware" } };
  const price = { currency: "USD", planned: 9, atMost: 12, exact: false };
  assert.equal(questionOf(at("Hardware", price), hardware, []), "This job costs about 9.00 USD, and 12.00 USD at most on t. The wait there is about 2 h.");
  assert.equal(questionOf(at("Hardware", { ...price, atMost: 10 }), hardware, []), null);
  assert.match(questionOf(at("Hardware", null), hardware, []) ?? "", /known only after the run/);
  assert.equal(questionOf(at("Simulator", null), hardware, []), null);
  assert.match(questionOf(null, hardware, []) ?? "", /not known/);
  assert.equal(questionOf(null, { input: {}, target: { mode: "Simulator" } }, []), null);
  const target = { id: "t", kind: "Simulator" } as unknown as Target;
  assert.equal(mayCost({ input: {}, target: { id: "t" } }, [target]), false);
  assert.equal(mayCost({ input: {}, target: { id: "other" } }, [target]), true);
});

test("the command that gets a token is that of the place where the page is", () => {
  const scopes = ["api://1234/jobs.read", "api://1234/jobs.submit"];
  assert.equal(tokenCommand({ emulated: true, scopes }, "bob"), "export QJOBS_TOKEN=$(.venv/bin/python -m localdev token --caller bob)");
  assert.match(tokenCommand({ emulated: true, scopes }, "it's I"), /--caller 'it'\\''s I'\)$/);
  assert.equal(
    tokenCommand({ scopes }, "bob"),
    "export QJOBS_TOKEN=$(az account get-access-token --scope api://1234/.default --query accessToken -o tsv)",
  );
});

test("a target is called by its size, and a syntax checker by what it does not do", () => {
  const targets = [
    { id: "a.sim", kind: "Simulator", qubits: 20, available: false },
    { id: "a.check", kind: "SyntaxChecker", qubits: 20, available: true },
  ] as unknown as Target[];
  assert.deepEqual(["a.sim", "a.check", "other"].map((id) => nameOf(id, targets)), [
    "a.sim (20 qubits, not available now)",
    "a.check (checks the program, runs nothing)",
    "other",
  ]);
});

test("waits, ages and costs are told in round words", () => {
  assert.deepEqual([0, 20, 125, 3 * 3600, 3 * 86400].map(waitOf), ["no wait", "about 20 s", "about 2 min", "about 3 h", "about 3 days"]);
  assert.equal(ageOf("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:05:00Z")), "as of 5 min ago");
  const cost = (planned: number, atMost: number, exact: boolean): string =>
    costOf({ fits: true, cost: { currency: "USD", planned, atMost, exact } } as never);
  assert.deepEqual([cost(0, 0, true), cost(3, 3, true), cost(3, 4.5, false)], ["free", "3.00 USD", "about 3.00 USD, at most 4.50 USD"]);
  assert.equal(costOf({ fits: true, cost: null } as never), "known only after the run");
});
