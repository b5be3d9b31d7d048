const { QJOBS_URL, QJOBS_TOKEN } = process.env;
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

async function call(url, { headers, ...options } = {}) {
  for (;;) {
    const answer = await fetch(url, {
      ...options,
      headers: { Authorization: `Bearer ${QJOBS_TOKEN}`, ...headers },
    });
    if (![429, 502, 503, 504].includes(answer.status)) {
      if (!answer.ok) throw new Error(await answer.text());
      return answer;
    }
    await sleep(answer.headers.get("Retry-After"));
  }
}

let answer = await call(`${QJOBS_URL}/algorithms/ghz/jobs`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify({ input: { qubits: 3 }, shots: 500 }),
});
const location = answer.headers.get("Location");
for (;;) {
  answer = await call(location, { headers: { Prefer: "wait=30" } }); // follows the redirect
  if (!answer.headers.has("Retry-After")) break;
  await sleep(answer.headers.get("Retry-After"));
}
const document = await answer.json();
console.log(JSON.stringify(document, null, 2));
if (document.status !== "Succeeded") throw new Error("the job did not succeed");
