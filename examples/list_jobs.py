import os
import sys
import time

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


parameters = {"algorithm": "ghz", "top": 2}  # two to a page, to show more than one
while True:
    page = call("GET", f"{os.environ['QJOBS_URL']}/jobs", params=parameters).json()
    for job in page["jobs"]:
        print(job["id"], job["status"], job["createdAt"])
    if page["continuationToken"] is None:
        break
    parameters["continuationToken"] = page["continuationToken"]
