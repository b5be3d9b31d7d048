import crypto from "node:crypto";

const { QJOBS_URL, QJOBS_TOKEN } = process.env;
const end = Date.now() + 600_000;

async function wait(seconds, reason) {
  if (Date.now() + 1000 * seconds > end) throw new Error(`given up: ${reason}`);
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

async function call(url, { headers, ...options } = {}) {
  for (;;) {
    let answer;
    try {
      answer = await fetch(url, {
        ...options,
        headers: { Authorization: `Bearer ${QJOBS_TOKEN}`, Prefer: "wait=30", ...headers },
        signal: AbortSignal.timeout(60_000),
      });
    } catch (error) {
      await wait(1, error); // the key makes it safe to submit again
      continue;
    }
    if ([429, 502, 503, 504].includes(answer.status)) {
      await wait(answer.headers.get("Retry-After"), await answer.text());
    } else if (answer.ok) {
      return answer;
    } else {
      throw new Error(await answer.text());
    }
  }
}

let answer = await call(`${QJOBS_URL}/algorithms/ghz/jobs`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify({ input: { qubits: 3 }, shots: 500 }),
});
while (answer.status === 202) {
  await wait(answer.headers.get("Retry-After"), await answer.text());
  answer = await call(answer.headers.get("Location"));
}
console.log(JSON.stringify(await answer.json(), null, 2));
