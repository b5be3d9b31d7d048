"""Estimates of jobs as JSON."""

from __future__ import annotations

from functions.rendering import size_document
from functions.target_documents import choice_document, target_document
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.estimate import Estimate, Quantity, TargetEstimate


def estimate_document(estimate: Estimate) -> JSONObject:
    """Return the document of an estimate."""
    workload = estimate.workload
    return {
        "algorithm": estimate.algorithm,
        "shots": workload.shots,
        "resources": {**size_document(workload.size), "gates": workload.gates},
        "steps": _quantity(workload.steps),
        "circuits": _quantity(workload.circuits),
        "totalShots": _quantity(workload.total_shots),
        "target": choice_document(estimate.choice, estimate.requested),
        "refusal": estimate.refusal,
        "targets": [_target(one) for one in estimate.targets],
    }


def _quantity(quantity: Quantity) -> JSONObject:
    return {"planned": quantity.planned, "atMost": quantity.at_most}


def _target(estimate: TargetEstimate) -> JSONObject:
    cost = estimate.cost
    return {
        "target": target_document(estimate.target),
        "fits": estimate.misfit is None,
        "misfit": estimate.misfit,
        "cost": cost
        and {
            "currency": cost.currency,
            "planned": cost.planned,
            "atMost": cost.at_most,
            "exact": cost.exact,
        },
    }
