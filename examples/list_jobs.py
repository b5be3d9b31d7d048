import os
import sys
import time

import httpx

client = httpx.Client(headers={"Authorization": f"Bearer {os.environ['QJOBS_TOKEN']}"}, timeout=60)
end = time.monotonic() + 600


def wait(seconds, reason):
    if time.monotonic() + seconds > end:
        sys.exit(f"given up: {reason}")
    time.sleep(seconds)


def get(url):
    while True:
        try:
            answer = client.get(url)
        except httpx.TransportError as error:
            wait(1, error)
            continue
        if answer.status_code in {429, 502, 503, 504}:
            wait(int(answer.headers["Retry-After"]), answer.text)
        elif answer.is_error:
            sys.exit(answer.text)
        else:
            return answer


page = f"{os.environ['QJOBS_URL']}/jobs?algorithm=ghz&top=2"  # two, to show more than one page
while page:
    answer = get(page).json()
    for job in answer["value"]:
        print(job["id"], job["status"], job["createdAt"])
    page = answer["nextLink"]
