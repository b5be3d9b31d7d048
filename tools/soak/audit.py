"""The audit: the rules for the whole state after a run, and the findings that break them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from qjobs.domain.identifiers import key_digest
from qjobs.domain.job import FINAL, Status
from qjobs.methods.evidence import without_times
from tools.soak.journal import CONFLICT, Entry, Journal
from tools.soak.messages import POISON
from tools.soak.parts import REASON
from tools.soak.state import PROVIDER_ENDS, ProviderJobState, Record, State

type References = Mapping[str, Mapping[str, Any]]
"""By recipe, the content that a run without faults stored."""
_SESSION_ENDS = frozenset({"Succeeded", "Failed", "TimedOut"})
_PENDING = frozenset(Status) - FINAL
_CANCELED = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule."""

    rule: str
    """One of `RULES`."""
    subject: str
    """A job, a provider job, a blob, a queue."""
    detail: str


@dataclass(frozen=True)
class Case:
    """The evidence: all state, all that callers were told, and results without faults."""

    state: State
    journal: Journal
    references: References

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The callers' side by the name of the job."""
        return {entry.job.label: entry for entry in self.journal}

    @cached_property
    def provider_jobs(self) -> dict[str, list[ProviderJobState]]:
        """The provider's jobs by the id of the job that their name says."""
        found = defaultdict(list)
        for job in self.state.provider_jobs:
            found[job.name.rpartition(" ")[2]].append(job)
        return found

    def planned(self) -> Iterator[tuple[Record, Entry]]:
        """Yield every record with the callers' side of it."""
        for record in self.state.records.values():
            if (entry := self.entries.get(record.job.name or "")) is not None:
                yield record, entry


type Found = Iterator[tuple[str, str]]
"""Subjects and details."""


def _lost(case: Case) -> Found:
    """Every accepted job has its record, and the API shows it, alone and in a list."""
    for entry in case.journal:
        for job_id in entry.ids - case.state.records.keys():
            yield job_id, f"{entry.job.label} was accepted, and has no record"
        if entry.listed is False:
            yield entry.job.label, f"{', '.join(entry.ids)}: not in its caller's list"
    # In a run that was given up, jobs have moved on since the API was asked.
    moving = _PENDING if case.state.pending else frozenset()
    for record, entry in case.planned():
        known = {None, record.job.status} | moving
        if record.job.id in entry.ids and entry.shown not in known:
            yield record.job.id, f"the API shows {entry.shown}, not {record.job.status}"


def _refused(case: Case) -> Found:
    """No valid submission is refused; one under a key is accepted in the end."""
    for entry in case.journal:
        if entry.refusals:
            yield entry.job.label, f"refused with {entry.refusals}"
        elif entry.job.key is not None and not entry.ids:
            yield entry.job.label, "never accepted, however often it was sent under its key"


def _not_final(case: Case) -> Found:
    """Every job is final."""
    for record in case.state.records.values():
        job = record.job
        if not job.final:
            yield job.id, f"{job.name} ({job.algorithm}) is still {job.status}, due {job.due}"


def _reason(case: Case) -> Found:
    """A job ends badly only for a reason of its caller's or its program's."""
    for record, entry in case.planned():
        job, planned = record.job, entry.job
        code, detail = (job.error.code, job.error.detail) if job.error else ("", "")
        if job.status is Status.FAILED:
            right = planned.recipe.fails and code == "provider-rejected" and REASON in detail
        elif job.status is Status.CANCELED and code == "deadline-exceeded":
            ended = job.deadline is not None and job.finished_at is not None
            right = ended and job.finished_at >= job.deadline  # type: ignore[operator]
        elif job.status is Status.CANCELED:
            right = planned.cancel_after is not None and code == "job-canceled"
        else:
            right = not (job.status is Status.SUCCEEDED and planned.recipe.fails)
        if not right:
            yield job.id, f"{planned.label} ({planned.recipe.name}): {job.status}: {code}: {detail}"


def _told(case: Case) -> Found:
    """The end of a job and the response to its cancellation, as callers saw them, stay true."""
    for record, entry in case.planned():
        job = record.job
        for status in entry.told - {job.status}:
            yield job.id, f"{entry.job.label} was said to be {status}, and is {job.status}"
        for answer in entry.canceled:
            if (answer in _CANCELED) != (job.status is Status.CANCELED):
                yield job.id, f"its cancellation was answered with {answer}; it is {job.status}"


def _doubled_job(case: Case) -> Found:
    """One submission is one job, and another body under its key is refused."""
    records = defaultdict(list)
    for record in case.state.records.values():
        records[record.job.name].append(record.job)
    for entry in case.journal:
        if len(entry.ids) > 1:
            yield entry.job.label, f"accepted as {', '.join(sorted(entry.ids))}"
        jobs = records[entry.job.label]
        if len(jobs) > 1:
            yield entry.job.label, f"has {len(jobs)} records: {', '.join(job.id for job in jobs)}"
        if entry.ids and any(status != CONFLICT for status in entry.other_body):
            yield entry.job.label, f"another body under its key: {entry.other_body}"
        for job in jobs if entry.job.key is not None else ():
            name = f"{job.owner}/{key_digest(entry.job.key or '')}"
            if (held := case.state.reservations.get(name)) != job.id:
                yield job.id, f"its key is reserved for {held}"


def _circuit(case: Case) -> Found:
    """There is exactly one provider job for each circuit of each step, and no other."""
    for record in case.state.records.values():
        job, circuits = record.job, case.state.circuits(record.job.id)
        there = [one.id for one in case.provider_jobs.get(job.id, ())]
        for provider_id in sorted(set(there) - circuits.keys()):
            yield job.id, f"the provider job {provider_id} is of no circuit of the job"
        for provider_id in sorted({one for one in there if there.count(one) > 1}):
            yield job.id, f"the provider job {provider_id} is there more than once"
        if job.status is Status.SUCCEEDED:
            for provider_id, step in circuits.items():
                if step <= job.step and provider_id not in there:
                    yield job.id, f"a circuit of step {step} has no provider job: {provider_id}"
                if step > job.step:
                    yield job.id, f"a circuit of step {step}, but the job ended in {job.step}"
    for named in case.provider_jobs.keys() - case.state.records.keys():
        for one in case.provider_jobs[named]:
            yield one.id, f"the provider job {one.name!r} is of no job"


def _left_running(case: Case) -> Found:
    """Nothing waits or runs at the provider."""
    for one in case.state.provider_jobs:
        if one.status not in PROVIDER_ENDS:
            record = case.state.records.get(one.name.rpartition(" ")[2])
            job = f"{record.job.name} is {record.job.status}" if record else "of no job"
            yield one.id, f"{one.status} at {one.target}: {one.name} ({job})"


def _session(case: Case) -> Found:
    """Every session is closed."""
    for session, status in case.state.sessions.items():
        if status not in _SESSION_ENDS:
            yield session, f"the session is {status}"


def _target(case: Case) -> Found:
    """All circuits of a job are at one target, which its record and its provenance name."""
    for record in case.state.records.values():
        job = record.job
        used = {one.target for one in case.provider_jobs.get(job.id, ())}
        if len(used) > 1:
            yield job.id, f"{job.name}: its circuits are at {', '.join(sorted(used))}"
        named = {job.target.id} if job.target else set()
        if record.content is not None:
            named.add(str(((record.content["provenance"] or {}).get("target") or {}).get("id")))
        for name in sorted(named - used) if used else ():
            yield job.id, f"{job.name} names {name}; its circuits are at {', '.join(sorted(used))}"


def _result(case: Case) -> Found:
    """A result is that of a run without faults, as far as its target repeats itself."""
    for record, entry in case.planned():
        recipe, content = entry.job.recipe, record.content
        if content is None:
            if record.job.status is Status.SUCCEEDED:
                yield record.job.id, "succeeded, and has no result"
            continue
        expected = case.references.get(recipe.name)
        if recipe.repeats and expected is not None:
            for member, there, here in (
                ("result", *map(without_times, (expected["result"], content["result"]))),
                ("counts", expected["counts"], content["counts"]),
            ):
                if here != there:
                    text = json.dumps(here)[:200]
                    yield record.job.id, f"{recipe.name}: another {member}: {text}"
        totals = [sum(counts.values()) for counts in content["counts"]]
        if totals != [record.job.shots] * recipe.circuits:
            yield record.job.id, f"{recipe.name}: {totals} readings of {record.job.shots} shots"


def _orphan(case: Case) -> Found:
    """No record is without its submission; no document, reservation or container without a job."""
    records = case.state.records
    for record in records.values():
        if record.job.name not in case.entries:
            yield record.job.id, f"{record.job.name} is the job of no submission"
    for name in case.state.unreadable:
        yield name, "cannot be read as a record"
    for name in case.state.documents:
        if name.split("/")[1] not in records:
            yield name, "a document of no job"
    for name, job_id in case.state.reservations.items():
        if job_id not in records:
            yield name, f"a reservation for {job_id}, which is no job"
    circuits = {one for job_id in records for one in case.state.circuits(job_id)}
    for provider_id in sorted(case.state.inputs - circuits):
        yield provider_id, "a container of no circuit in the storage of the workspace"
    for name in case.state.unknown_containers:
        yield name, "a container that the audit does not know: tools/soak/snapshot.py"


def _message(case: Case) -> Found:
    """No message is left, but for those under the lease of a host that was killed."""
    for queue in case.state.queues:
        if queue.name.endswith(POISON) and queue.total:
            yield queue.name, f"{queue.total} poisoned messages"
        if queue.visible:
            told = f"{len(queue.visible)} messages that nobody takes, such as"
            yield queue.name, f"{told} {queue.visible[0][:300]}"


def _mark(case: Case) -> Found:
    """A final job is not marked as one to come back to."""
    for record in case.state.records.values():
        if record.job.final and "due" in record.tags:
            yield record.job.id, f"{record.job.status}, and marked as due {record.tags['due']}"


RULES: Mapping[str, Callable[[Case], Found]] = {
    "lost": _lost,
    "refused": _refused,
    "stuck": _not_final,
    "failed for what passes": _reason,
    "told otherwise": _told,
    "doubled job": _doubled_job,
    "doubled or missing circuit": _circuit,
    "left running": _left_running,
    "session left open": _session,
    "other target": _target,
    "wrong result": _result,
    "orphan": _orphan,
    "message left": _message,
    "stale mark": _mark,
}
"""By the name under which what breaks it is reported."""


def audit(case: Case) -> list[Finding]:
    """Return everything that breaks a rule."""
    return [
        Finding(name, subject, detail)
        for name, rule in RULES.items()
        for subject, detail in rule(case)
    ]
