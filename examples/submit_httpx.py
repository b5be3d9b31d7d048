import json
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
    if answer.is_error:
        sys.exit(answer.text)
    return answer


answer = call(
    "POST",
    f"{os.environ['QJOBS_URL']}/algorithms/ghz/jobs",
    json={"input": {"qubits": 3}, "shots": 500},
    headers={"Idempotency-Key": str(uuid.uuid4())},
)
location = answer.headers["Location"]
while "Retry-After" in (answer := call("GET", location, headers={"Prefer": "wait=30"})).headers:
    time.sleep(int(answer.headers["Retry-After"]))
if answer.status_code == 303:
    answer = call("GET", answer.headers["Location"])
print(json.dumps(answer.json(), indent=2))
sys.exit(answer.json()["status"] != "Succeeded")
