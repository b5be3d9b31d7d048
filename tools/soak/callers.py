"""Callers of the API: they repeat failed requests if that is safe, and note every response."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from localdev.stack.endpoints import access_to
from localdev.stack.facts import StackFacts
from tools.soak.journal import Entry, Journal
from tools.soak.workload import CALLERS, PlannedJob, Wait

FINAL = frozenset({"Succeeded", "Failed", "Canceled"})
_CONNECTIONS = 24
"""Of each caller."""
_AT_ONCE = 32
"""Submissions under way: on a slow machine a run takes longer, and is no heavier."""
_PATIENCE = 40.0
"""Seconds until a request is given up."""
_MOST_TRIES = 400
"""More than there is time for: who has a key goes on until the submission is answered."""
_PAUSE = 0.5
_LONGEST_PAUSE = 3.0
_WAIT = {"prefer": "wait=15"}


@dataclass(frozen=True, slots=True)
class Response:
    """A response of the API."""

    status: int
    headers: Mapping[str, str]
    document: Any

    @property
    def passing(self) -> bool:
        """Whether it is worth another try."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.status >= HTTPStatus(500)

    @property
    def job_id(self) -> str | None:
        """The job that the response to a submission is about."""
        for name in ("Operation-Location", "Content-Location"):
            if where := self.headers.get(name):
                return where.partition("/jobs/")[2].partition("/")[0]
        return None


@dataclass(frozen=True, slots=True)
class Callers:
    """The callers of a stack, each with connections of its own."""

    sessions: Mapping[str, ClientSession]

    async def follow(self, entry: Entry) -> None:
        """Do everything else that is planned for a job that has been submitted."""
        job = entry.job
        if job.other_body:
            response = await self._repeated(job, "POST", _path(job), json=job.another_body())
            if response is not None:
                entry.other_body.append(response.status)
        if not entry.ids:
            return
        (job_id, *_) = entry.ids
        if job.cancel_after is not None:
            await asyncio.sleep(job.cancel_after)
            response = await self._repeated(job, "DELETE", f"jobs/{job_id}", keyed=False)
            if response is not None:
                entry.canceled.append(response.status)
        if job.wait is Wait.ON_STATUS:
            await self._follow(entry, job_id)

    async def submit(self, entry: Entry) -> None:
        """Submit a job, once or twice at the same moment."""
        await asyncio.gather(*(self._submit(entry) for _ in range(2 if entry.job.twice else 1)))

    async def _submit(self, entry: Entry) -> None:
        job = entry.job
        headers = _WAIT if job.wait is Wait.ON_SUBMIT else {}
        # Without a key a request that may have taken effect must not be sent again.
        tries = _MOST_TRIES if job.key is not None else 1
        response = await self._repeated(
            job, "POST", _path(job), tries, json=job.body(), headers=headers
        )
        if response is None:
            return
        if (job_id := response.job_id) is None:
            entry.refusals.append(response.status)
            return
        entry.ids.add(job_id)
        self._note_end(entry, response)

    async def _follow(self, entry: Entry, job_id: str) -> None:
        for _ in range(_MOST_TRIES):
            response = await self._repeated(
                entry.job, "GET", f"jobs/{job_id}", keyed=False, headers=_WAIT
            )
            if response is not None and self._note_end(entry, response):
                return

    async def check(self, entry: Entry) -> None:
        """Note the status of a job by the API."""
        for job_id in entry.ids:
            response = await self._repeated(entry.job, "GET", f"jobs/{job_id}", keyed=False)
            if response is not None and response.status == HTTPStatus.OK:
                entry.shown = response.document["status"]
            else:
                entry.shown = f"{response.status if response else 'nothing'}"

    async def listed(self, caller: str) -> set[str]:
        """Return the ids in a caller's whole list."""
        ids: set[str] = set()
        params: dict[str, str] = {"top": "100"}
        while True:
            async with self.sessions[caller].get("jobs", params=params) as response:
                response.raise_for_status()
                page = await response.json()
            ids |= {job["id"] for job in page["value"]}
            if not (token := page.get("continuationToken")):
                return ids
            params["continuationToken"] = token

    def _note_end(self, entry: Entry, response: Response) -> bool:
        """Note a final status; a failure in place of a result has none, but says so itself."""
        document = response.document if isinstance(response.document, dict) else {}
        status = document.get("status")
        if status in FINAL:
            entry.told.add(status)
        return status in FINAL or HTTPStatus(400) <= response.status < HTTPStatus(500)

    async def _repeated(  # noqa: PLR0913 - a request, and how often it is sent
        self,
        job: PlannedJob,
        method: str,
        path: str,
        tries: int = _MOST_TRIES,
        *,
        keyed: bool = True,
        headers: Mapping[str, str] | None = None,
        **options: Any,  # noqa: ANN401 - aiohttp's
    ) -> Response | None:
        """Return the first response that does not ask for another try; None if there is none."""
        key = {"idempotency-key": job.key} if keyed and job.key is not None else {}
        session = self.sessions[job.caller]
        for _ in range(tries):
            pause = _PAUSE
            try:
                async with session.request(
                    method, path, headers={**key, **(headers or {})}, **options
                ) as received:
                    text = await received.text()
                response = Response(received.status, received.headers, _json(text))
                if not response.passing or response.job_id is not None:
                    return response
                pause = float(received.headers.get("Retry-After", _PAUSE))
            except (ClientError, TimeoutError):
                pass
            await asyncio.sleep(min(pause, _LONGEST_PAUSE))
        return None


def _path(job: PlannedJob) -> str:
    return f"algorithms/{job.recipe.algorithm}/jobs"


def _json(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except ValueError:
        return None


_LONGEST_RUN = 24 * 3600
"""Seconds for which the tokens of a run are valid: on a busy machine it takes hours."""


@asynccontextmanager
async def connect(facts: StackFacts) -> AsyncIterator[Callers]:
    """Connect all callers to the gateway of a stack."""
    sessions: dict[str, ClientSession] = {}
    try:
        for caller in CALLERS:
            access = access_to(facts, caller, _LONGEST_RUN)
            sessions[caller] = ClientSession(
                f"{access.url}/",
                headers=access.headers,
                connector=TCPConnector(limit=_CONNECTIONS),
                timeout=ClientTimeout(total=_PATIENCE),
            )
        yield Callers(sessions)
    finally:
        for session in sessions.values():
            await session.close()


async def submit_all(callers: Callers, journal: Journal) -> None:
    """Submit every job at its time, or later if too many are under way, and follow it."""
    loop = asyncio.get_running_loop()
    started, places = loop.time(), asyncio.Semaphore(_AT_ONCE)

    async def one(entry: Entry) -> None:
        await asyncio.sleep(max(0.0, started + entry.job.at - loop.time()))
        async with places:
            await callers.submit(entry)
        entry.sent = True
        await callers.follow(entry)

    await asyncio.gather(*map(one, journal))


async def check_all(callers: Callers, journal: Journal) -> None:
    """Note the status of each job by the API, and its place in the list of its caller."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(entry: Entry) -> None:
        async with places:
            await callers.check(entry)

    await asyncio.gather(*map(one, journal))
    lists = {caller: await callers.listed(caller) for caller in callers.sessions}
    for entry in journal:
        entry.listed = entry.ids <= lists[entry.job.caller]
