"""Serialization of a job as JSON that fits into the metadata of a blob."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from qjobs.domain import times
from qjobs.domain.algorithm import Progress
from qjobs.domain.job import Failure, Job, Status
from qjobs.domain.money import Money
from qjobs.domain.plan import CircuitSize
from qjobs.domain.record_text import record_json
from qjobs.domain.target import Mode, TargetRequest
from qjobs.domain.target_choice import TargetChoice
from qjobs.domain.trace_context import valid_trace_parent

VERSION = 4
LARGEST_RECORD = 7680
"""Bytes of a record. All metadata of a blob has 8,192 at most, and the HTTP client reads no header
of more than 8,190. What a caller or a provider can make longer is bounded where it is made."""


def encode(job: Job) -> str:
    """Return the record of *job*, which is a valid header too.

    Raises:
        ValueError: it is larger than storage takes.

    """
    requested, target, error = job.requested_target, job.target, job.error
    members = {
        "version": VERSION,
        "id": job.id,
        "owner": job.owner,
        "algorithm": job.algorithm,
        "status": job.status,
        "name": job.name,
        "tags": job.tags,
        "key": job.key,
        "createdAt": times.to_text(job.created_at),
        "updatedAt": times.to_text(job.updated_at),
        "finishedAt": times.to_text_or_none(job.finished_at),
        "retentionSeconds": job.retention.total_seconds(),
        "deadline": times.to_text_or_none(job.deadline),
        "due": times.to_text_or_none(job.due),
        "requestedTarget": {"mode": requested.mode, "id": requested.id},
        "target": target
        and {
            "id": target.id,
            "provider": target.provider,
            "mode": target.mode,
            "reason": target.reason,
            "queueSeconds": target.queue_seconds,
            "asOf": times.to_text_or_none(target.as_of),
            "device": target.device,
        },
        "shots": job.shots,
        "seed": job.seed,
        "step": job.step,
        "visits": job.visits,
        "placedAt": times.to_text_or_none(job.placed_at),
        "waitingSince": times.to_text_or_none(job.waiting_since),
        "circuitsDone": job.circuits_done,
        "circuitsTotal": job.circuits_total,
        "estimatedCompletion": times.to_text_or_none(job.estimated_completion),
        "submittedAt": times.to_text_or_none(job.submitted_at),
        "startedAt": times.to_text_or_none(job.started_at),
        "progress": job.progress and asdict(job.progress),
        "cost": job.cost and asdict(job.cost),
        "estimate": job.estimate and asdict(job.estimate),
        "size": job.size and asdict(job.size),
        "error": error
        and {
            "code": error.code,
            "title": error.title,
            "detail": error.detail,
            "pointer": error.pointer,
        },
        "untold": job.untold,
        "webhooks": job.webhooks,
        "erased": job.erased,
        "traceParent": job.trace_parent,
    }
    text = record_json(members)
    if len(text) > LARGEST_RECORD:
        raise ValueError(f"the record of {job.id} has {len(text)} bytes")
    return text


def decode(text: str) -> Job:
    """Return the job of a record.

    Raises:
        ValueError: it is no JSON, or a record of another version.

    """
    record = json.loads(text)
    if record["version"] != VERSION:
        raise ValueError(f"a record of version {record['version']}, not of {VERSION}")
    target, error, requested = record["target"], record["error"], record["requestedTarget"]
    return Job(
        id=record["id"],
        owner=record["owner"],
        algorithm=record["algorithm"],
        status=Status(record["status"]),
        name=record["name"],
        tags=tuple(record["tags"]),
        key=record["key"],
        created_at=times.from_text(record["createdAt"]),
        updated_at=times.from_text(record["updatedAt"]),
        finished_at=_moment(record["finishedAt"]),
        retention=timedelta(seconds=record["retentionSeconds"]),
        deadline=_moment(record["deadline"]),
        due=_moment(record["due"]),
        requested_target=TargetRequest(_mode(requested["mode"]), requested["id"]),
        target=target
        and TargetChoice(
            target["id"],
            target["provider"],
            _mode(target["mode"]),
            target["reason"],
            target["queueSeconds"],
            # Not there in a record that was written before they were kept.
            _moment(target.get("asOf")),
            target.get("device"),
        ),
        shots=record["shots"],
        seed=record["seed"],
        step=record["step"],
        visits=record["visits"],
        placed_at=_moment(record["placedAt"]),
        waiting_since=_moment(record["waitingSince"]),
        circuits_done=record["circuitsDone"],
        circuits_total=record["circuitsTotal"],
        estimated_completion=_moment(record["estimatedCompletion"]),
        submitted_at=_moment(record["submittedAt"]),
        started_at=_moment(record["startedAt"]),
        progress=record["progress"] and Progress(**record["progress"]),
        cost=record["cost"] and Money(**record["cost"]),
        size=record["size"] and CircuitSize(**record["size"]),
        estimate=record["estimate"] and Money(**record["estimate"]),
        error=error and Failure(error["code"], error["title"], error["detail"], error["pointer"]),
        # Not there in a record that was written before callers were told.
        untold=record.get("untold", False),
        webhooks=_ids(record.get("webhooks")),
        erased=record["erased"],
        # Not there in a record that was written before it was kept.
        trace_parent=valid_trace_parent(record.get("traceParent")),
    )


def _moment(text: str | None) -> datetime | None:
    return times.from_text(text) if text else None


def _ids(listed: list[str] | None) -> tuple[str, ...] | None:
    return None if listed is None else tuple(listed)


def _mode(text: str | None) -> Mode | None:
    return Mode(text) if text else None
