"""Callers of the job API, for Locust: each submits jobs, waits as asked, reads results.

It ends by itself when QJOBS_LOAD_JOBS jobs are done. QJOBS_URL is the address of the API; without
it that of `make up ARGS="--ports fixed"`. QJOBS_TOKEN is an access token; without it azure-identity
gets one for QJOBS_SCOPE, on a machine in Azure with its managed identity. QJOBS_SUBSCRIPTION_KEY is
what a Consumption gateway asks for besides.
"""

from __future__ import annotations

import os
import time
import uuid
from http import HTTPStatus
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task
from locust.contrib.fasthttp import FastResponse
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import STATE_RUNNING, Runner

BODY = {"input": {"qubits": 3}, "shots": 100}
WAIT = {"Prefer": "wait=20"}
"""What every other job asks for: to be answered with its result."""
AGAIN = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Answers after which the same request is sent again, when Retry-After says."""


class Budget:
    """How many jobs are still to be submitted, and how many are under way."""

    def __init__(self, jobs: int) -> None:
        self.left = jobs
        self.under_way = 0

    def take(self) -> bool:
        """Return whether there is one more job to submit."""
        if self.left == 0:
            return False
        self.left -= 1
        self.under_way += 1
        return True

    def give_back(self) -> None:
        """Note the end of a job."""
        self.under_way -= 1

    @property
    def done(self) -> bool:
        """Whether all jobs have ended."""
        return self.left == 0 and self.under_way == 0


class JobFailedError(Exception):
    """A job ended without a result, or the service did what the contract does not say."""


BUDGET = Budget(int(os.environ.get("QJOBS_LOAD_JOBS", "50")))
LONGEST = float(os.environ.get("QJOBS_LOAD_JOB_SECONDS", "120"))
"""Seconds after which a job counts as failed."""


class Caller(FastHttpUser):
    """One client that has one job under way at a time."""

    host = os.environ.get("QJOBS_URL", "http://127.0.0.1:7070/quantum")
    wait_time = constant(0)

    def on_start(self) -> None:
        """Get what every request carries."""
        self.always = {"Authorization": f"Bearer {_token()}"}
        key = os.environ.get("QJOBS_SUBSCRIPTION_KEY")
        if key:
            self.always["Ocp-Apim-Subscription-Key"] = key

    @task
    def job(self) -> None:
        """Submit a job and read its result; every second one waits for it in place.

        Raises:
            StopUser: all jobs are taken.
        """
        if not BUDGET.take():
            raise StopUser
        begun = time.monotonic()
        error: Exception | None = None
        length = 0
        try:
            length = self._one_job(WAIT if BUDGET.left % 2 else {}, begun + LONGEST)
        except JobFailedError as failure:
            error = failure
        self.environment.events.request.fire(
            request_type="JOB",
            name="submitted to result read",
            response_time=(time.monotonic() - begun) * 1000,
            response_length=length,
            exception=error,
        )
        BUDGET.give_back()

    def _one_job(self, preference: dict[str, str], until: float) -> int:
        """Return how long the result is."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **preference}
        submitted = self._send("POST", "/algorithms/ghz/jobs", "submit", until, headers, BODY)
        result = submitted
        while result.status_code == HTTPStatus.ACCEPTED:
            _pause(result, until)
            result = self._send("GET", result.headers["Location"], "result", until, preference)
        _expect(result, HTTPStatus.OK)
        if result.json()["status"] != "Succeeded":
            raise JobFailedError(f"the job is {result.json()['status']}")
        return len(result.content or b"")

    def _send(  # noqa: PLR0913, PLR0917 - a request with its name
        self,
        method: str,
        address: str,
        name: str,
        until: float,
        headers: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> FastResponse:
        """Send a request, again and again while the service asks for that."""
        while True:
            with self.client.request(
                method,
                address,
                name=name,
                headers=self.always | (headers or {}),
                catch_response=True,
                json=body,
            ) as answer:
                if answer.status_code in AGAIN:
                    # A limit that does its work is no error of the service; one that lasts is.
                    answer.success()
            if answer.status_code not in AGAIN:
                return answer
            _pause(answer, until)


def _pause(answer: FastResponse, until: float) -> None:
    """Wait as long as an answer asks for, if it asks."""
    seconds = float(answer.headers.get("Retry-After", "0"))
    if time.monotonic() + seconds > until:
        raise JobFailedError(f"not done within {LONGEST:g} seconds: {answer.status_code}")
    time.sleep(seconds)


def _expect(answer: FastResponse, status: HTTPStatus) -> None:
    if answer.status_code != status:
        raise JobFailedError(f"{answer.status_code} instead of {status.value}: {answer.text}")


def _token() -> str:
    """Return an access token of the environment's, or of whoever this machine is."""
    given = os.environ.get("QJOBS_TOKEN")
    if given:
        return given
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - not on every machine

    return str(DefaultAzureCredential().get_token(os.environ["QJOBS_SCOPE"]).token)


@events.test_start.add_listener
def end_when_done(environment: Environment, **_: object) -> None:
    """Have the run end after the last job, and not before all callers are there."""
    if environment.runner is not None:
        gevent.spawn(_watch, environment.runner)


def _watch(runner: Runner) -> None:
    while not (BUDGET.done and runner.state == STATE_RUNNING):
        gevent.sleep(0.1)
    runner.quit()


@events.quitting.add_listener
def fail_if_jobs_are_left(environment: Environment, **_: object) -> None:
    """Fail a run that ended before all jobs were done."""
    if not BUDGET.done:
        environment.process_exit_code = 1
