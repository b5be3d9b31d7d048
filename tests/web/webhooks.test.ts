// What is said of a webhook and of its pings.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../web/src/types";
import { meaning, pingResult } from "../../web/src/webhooks/words";

const ping = (status: string, ...httpStatus: number[]): Delivery =>
  ({ status, nextAttemptAt: null, attempts: httpStatus.map((one) => ({ httpStatus: one, failure: null, milliseconds: 5 })) }) as unknown as Delivery;

test("a ping says what became of its last attempt", () => {
  assert.equal(pingResult(null), "");
  assert.equal(pingResult(ping("Pending")), "A ping is on its way …");
  assert.equal(pingResult(ping("Delivered", 500, 204)), "Your server accepted the ping: 204 in 5 ms.");
  assert.equal(pingResult(ping("Failed", 500)), "The ping was not accepted: 500 in 5 ms.");
});

test("a ping that is sent again says when", () => {
  assert.match(pingResult({ ...ping("Pending", 500), nextAttemptAt: "2026-01-01T00:00:00Z" }), /500 in 5 ms\. The next attempt is .*202[56]/);
});

test("the state of a webhook says what makes it active", () => {
  assert.match(meaning({ status: "Unverified" } as never), /becomes active when your server accepts a ping/);
  assert.match(meaning({ status: "Disabled", disabledReason: "Gone" } as never), /410 Gone.*becomes active/);
});
