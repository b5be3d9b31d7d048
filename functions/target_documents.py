"""Targets and choices of one as JSON."""

from __future__ import annotations

from qjobs.domain import times
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.price_formula import formula
from qjobs.domain.target import Target, TargetRequest
from qjobs.domain.target_choice import TargetChoice
from qjobs.domain.target_facts import Price


def target_document(target: Target) -> JSONObject:
    """Return the document of a target of the workspace."""
    facts = target.facts
    return {
        "id": target.id,
        "provider": target.provider,
        "kind": facts.kind if facts else target.mode,
        "mode": target.mode,
        "qubits": target.qubits,
        "largestShots": facts.largest_shots if facts else None,
        "available": target.available,
        "averageQueueTime": target.queue_seconds,
        "asOf": times.to_text(target.as_of),
        "price": price_document(facts.price) if facts and facts.price else None,
    }


def price_document(price: Price) -> JSONObject:
    """Return the document of a price."""
    return {
        "currency": price.currency,
        "formula": formula(price),
        "source": price.source,
        "asOf": price.date,
    }


def choice_document(target: TargetChoice | None, requested: TargetRequest) -> JSONObject:
    """Return the document of the target that was chosen, or of what was asked for before that."""
    if target is None:
        nothing = {"provider": None, "device": None, "asOf": None, "reason": None}
        return {"id": requested.id, "mode": requested.mode, **nothing}
    return {
        "id": target.id,
        "provider": target.provider,
        "mode": target.mode,
        "device": target.device,
        "asOf": times.to_text_or_none(target.as_of),
        "reason": target.reason,
    }
