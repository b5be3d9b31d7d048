import os
import sys
import time
import uuid

import httpx

client = httpx.Client(headers={"Authorization": f"Bearer {os.environ['QJOBS_TOKEN']}"}, timeout=60)


def call(method, url, **options):
    while True:
        answer = client.request(method, url, **options)
        if answer.status_code not in {429, 502, 503, 504}:
            break
        time.sleep(int(answer.headers["Retry-After"]))
    finished_first = method == "DELETE" and answer.status_code == 409
    if answer.is_error and not finished_first:
        sys.exit(answer.text)
    return answer


submitted = call(
    "POST",
    f"{os.environ['QJOBS_URL']}/algorithms/ghz/jobs",
    json={"input": {"qubits": 3}, "shots": 500},
    headers={"Idempotency-Key": str(uuid.uuid4())},
)
job = submitted.headers["Operation-Location"]
call("DELETE", job.partition("?")[0])
while "Retry-After" in (answer := call("GET", job, headers={"Prefer": "wait=30"})).headers:
    time.sleep(int(answer.headers["Retry-After"]))
print(answer.json()["status"])
