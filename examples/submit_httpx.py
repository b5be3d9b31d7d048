import json
import os
import sys
import time
import uuid

import httpx

client = httpx.Client(headers={"Authorization": f"Bearer {os.environ['QJOBS_TOKEN']}"}, timeout=60)
end = time.monotonic() + 600


def wait(seconds, reason):
    if time.monotonic() + seconds > end:
        sys.exit(f"given up: {reason}")
    time.sleep(seconds)


def call(method, url, **options):
    while True:
        try:
            answer = client.request(method, url, **options)
        except httpx.TransportError as error:  # the key makes it safe to submit again
            wait(1, error)
            continue
        if answer.status_code in {429, 502, 503, 504}:
            wait(int(answer.headers["Retry-After"]), answer.text)
        elif answer.is_error:
            sys.exit(answer.text)
        else:
            return answer


answer = call(
    "POST",
    f"{os.environ['QJOBS_URL']}/algorithms/ghz/jobs",
    json={"input": {"qubits": 3}, "shots": 500},
    headers={"Idempotency-Key": str(uuid.uuid4()), "Prefer": "wait=30"},
)
while answer.status_code == 202:
    wait(int(answer.headers["Retry-After"]), answer.text)
    answer = call("GET", answer.headers["Location"], headers={"Prefer": "wait=30"})
print(json.dumps(answer.json(), indent=2))
