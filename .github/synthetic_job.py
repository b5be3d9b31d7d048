"""Run a command and write to Application Insights whether it succeeded, as an availability result.

`synthetic_job.py infra/hooks/smoke-test.sh` is one synthetic job: the smoke test submits a job
through the gateway and waits for its end. QJOBS_INSIGHTS_CONNECTION_STRING says where the result
goes; it is an address and opens nothing, so the token of whoever is signed in to `az` comes along.
The exit code is the command's, or 1 if its result could not be written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NAME = "synthetic-job"
"""What the results are called: infra/app/queries/synthetic-jobs.kql asks for it."""

_SCOPE = "https://monitor.azure.com/.default"
_LONGEST_MESSAGE = 500
_PAUSES = (1.0, 5.0)
"""Seconds before the second and the third attempt to write a result."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the command went."""

    begun: datetime
    seconds: float
    code: int
    message: str


def run(command: Sequence[str]) -> Outcome:
    """Run a command, let its output through, and return how it went."""
    begun = datetime.now(UTC)
    clock = time.monotonic()
    done = subprocess.run(  # noqa: S603 - the workflow's own command
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    print(done.stdout, end="", flush=True)  # noqa: T201 - the command's output
    lines = done.stdout.strip().splitlines() or [""]
    message = lines[-1][-_LONGEST_MESSAGE:]
    return Outcome(begun, time.monotonic() - clock, done.returncode, message)


def envelope(outcome: Outcome, instrumentation_key: str) -> dict[str, Any]:
    """Return an outcome as the ingestion service takes it."""
    identifier = uuid.uuid4().hex
    return {
        "ver": 1,
        "name": "Microsoft.ApplicationInsights.Availability",
        "time": outcome.begun.isoformat().replace("+00:00", "Z"),
        "iKey": instrumentation_key,
        "tags": {"ai.cloud.role": NAME, "ai.operation.id": identifier},
        "data": {
            "baseType": "AvailabilityData",
            "baseData": {
                "ver": 2,
                "id": identifier,
                "name": NAME,
                "duration": duration(outcome.seconds),
                "success": outcome.code == 0,
                "runLocation": os.environ.get("RUNNER_NAME", "elsewhere"),
                "message": outcome.message,
            },
        },
    }


def duration(seconds: float) -> str:
    """Return a number of seconds as days.hours:minutes:seconds.microseconds."""
    whole, micros = divmod(round(seconds * 1_000_000), 1_000_000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return f"{day:02}.{hour:02}:{minute:02}:{second:02}.{micros:06}"


def parse(connection_string: str) -> Mapping[str, str]:
    """Return the members of a connection string, their names in lower case."""
    pairs = (part.partition("=") for part in connection_string.split(";") if part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def access_token() -> str:
    """Return a token for the ingestion service, of the identity that `az` is signed in as.

    Raises:
        subprocess.CalledProcessError: `az` has none.
    """
    words = ["account", "get-access-token", "--scope", _SCOPE, "--query", "accessToken"]
    done = subprocess.run(  # noqa: S603 - fixed words
        ["az", *words, "--output", "tsv"],  # noqa: S607 - where PATH finds it
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def write(item: Mapping[str, Any], endpoint: str, token: str) -> None:
    """Send one item.

    Raises:
        OSError: The service cannot be reached, or refuses the item.
    """
    request = urllib.request.Request(  # noqa: S310 - the address that the deployment gave
        f"{endpoint.rstrip('/')}/v2.1/track",
        data=json.dumps([item]).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        said = json.load(answer)
    if said.get("itemsAccepted") != 1:
        raise OSError(f"the item was not accepted: {said}")


def main(command: Sequence[str]) -> int:
    """Run the command, write its result, and return the exit code."""
    if not command or command[0] in {"-h", "--help"}:
        print(__doc__)  # noqa: T201 - its output
        return 0 if command else 2
    address = parse(os.environ["QJOBS_INSIGHTS_CONNECTION_STRING"])
    # First: what GitHub says of the job is good for minutes, and a token got with it for an hour.
    token = access_token()
    outcome = run(command)
    item = envelope(outcome, address["instrumentationkey"])
    for pause in (*_PAUSES, None):
        try:
            write(item, address["ingestionendpoint"], token)
        except OSError as error:
            print(f"synthetic_job: {error}", file=sys.stderr)  # noqa: T201 - its output
            if pause is None:
                return 1
            time.sleep(pause)
        else:
            break
    return outcome.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
