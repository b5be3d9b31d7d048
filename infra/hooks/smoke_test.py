"""After a deployment: one job through the gateway, as an application would run it.

It needs Python 3.9 and the Azure CLI, which gives it a token; nothing is installed for it.

exit codes: 0 the job succeeded; 1 it did not, or nothing answered in time; 2 wrong command line
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any, NamedTuple

FINAL = ("Succeeded", "Failed", "Canceled")
LATER = (401, 403, 404, 429, 500, 502, 503, 504)
"""What a deployment answers while roles, policies and instances are on their way."""
PAUSE = 5.0  # seconds


class Answer(NamedTuple):
    """An answer of the API."""

    status: int
    headers: Any
    body: Any


class SmokeError(Exception):
    """The deployment does not do what it is for."""


def token(audience: str) -> str:
    """Return a token for the API of whoever is signed in with the Azure CLI.

    Raises:
        SmokeError: there is none.

    """
    az = shutil.which("az")
    if az is None:
        raise SmokeError("az is missing: set API_TOKEN, or install https://aka.ms/azure-cli")
    command = [az, "account", "get-access-token", "--scope", f"{audience}/.default"]
    command += ["--query", "accessToken", "--output", "tsv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SmokeError(f"az gives no token for {audience}: {done.stderr.strip()}")
    return done.stdout.strip()


def call(method: str, url: str, headers: dict[str, str], body: object = None) -> Answer:
    """Return the answer to a request; one that cannot be had has the status 503."""
    content = None if body is None else json.dumps(body).encode()
    if content is not None:
        headers = {**headers, "content-type": "application/json"}
    request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the caller's url
            return Answer(answer.status, answer.headers, _json(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, _json(error.read()))
    except (OSError, ValueError) as error:
        return Answer(503, {}, {"detail": str(error)})


def _json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(content)
    except ValueError:
        return {"detail": content[:200].decode("utf-8", "replace")}


def patiently(
    deadline: float, method: str, url: str, headers: dict[str, str], body: object = None
) -> Answer:
    """Return the first answer that is not one of a deployment on its way.

    Raises:
        SmokeError: there was none in time.

    """
    while True:
        answer = call(method, url, headers, body)
        if answer.status not in LATER:
            return answer
        if time.monotonic() >= deadline:
            raise SmokeError(f"{method} {url}: {answer.status} {_detail(answer)}")
        say(f"{answer.status} {_detail(answer)}; again in {PAUSE:g} s")
        time.sleep(PAUSE)


def smoke(arguments: argparse.Namespace) -> None:
    """Run one job to its end.

    Raises:
        SmokeError: it did not succeed.

    """
    url = arguments.url.rstrip("/")
    deadline = time.monotonic() + arguments.timeout
    patiently(deadline, "GET", f"{url}/health", {})
    say(f"{url} answers")
    bearer = os.environ.get("API_TOKEN") or token(arguments.audience)
    headers = {"authorization": f"Bearer {bearer}"}
    target = {"id": arguments.target} if arguments.target else {"mode": "simulator"}
    body = {"input": {"qubits": 3}, "shots": 100, "target": target, "name": "smoke test"}
    # The same key for every attempt: however often it is sent, it is one job.
    keyed = {**headers, "idempotency-key": f'"smoke-{os.getpid()}-{int(time.time())}"'}
    accepted = patiently(deadline, "POST", f"{url}/algorithms/ghz/jobs", keyed, body)
    if accepted.status != 202:  # noqa: PLR2004 - Accepted
        raise SmokeError(f"the job was not accepted: {accepted.status} {_detail(accepted)}")
    job = accepted.body
    say(f"job {job['id']} was accepted")
    while job["status"] not in FINAL:
        if time.monotonic() >= deadline:
            raise SmokeError(f"job {job['id']} is still {job['status']}: try a longer --timeout")
        where = accepted.headers["Operation-Location"]
        job = patiently(deadline, "GET", where, {**headers, "prefer": "wait=20"}).body
        say(f"{job['status']} at {(job.get('target') or {}).get('id')}")
    if job["status"] != "Succeeded":
        raise SmokeError(f"the job is {job['status']}: {json.dumps(job.get('error'))}")
    result = patiently(deadline, "GET", f"{url}/jobs/{job['id']}/result", headers).body
    say(f"result: {json.dumps(result['result'])}")
    say(f"provenance: {json.dumps(result['provenance'])}")


def say(line: str) -> None:
    """Print a line at once, so that who waits can see it."""
    print(line, flush=True)  # noqa: T201 - a command


def _detail(answer: Answer) -> str:
    body = answer.body if isinstance(answer.body, dict) else {}
    faults = [f"{one.get('pointer')}: {one.get('detail')}" for one in body.get("errors", ())]
    return "; ".join(faults) or str(body.get("detail") or body.get("title") or "")


def main() -> int:
    """Run the test as the command line and the environment say; return the exit code."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n\nexit")[0],
        epilog=(__doc__ or "").partition("\n\n")[2].partition("\n\n")[2],
    )
    add = parser.add_argument
    add("--url", default=os.environ.get("API_URL"), help="of the API; or the variable API_URL")
    add("--audience", default=os.environ.get("API_AUDIENCE"), help="of tokens; or API_AUDIENCE")
    add("--target", default=os.environ.get("SMOKE_TARGET"), help="such as ionq.qpu; a simulator")
    add("--timeout", type=float, default=900, metavar="SECONDS", help="for all of it; 900")
    arguments = parser.parse_args()
    if not arguments.url or not (arguments.audience or os.environ.get("API_TOKEN")):
        parser.error("give --url and --audience, or run it through azd: azd hooks run postdeploy")
    try:
        smoke(arguments)
    except SmokeError as error:
        print(f"The smoke test failed: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    except KeyboardInterrupt:
        return 130
    say("The deployment works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
