"""Lifecycle rules delete nothing that a job may need, or that says that there was one."""

from __future__ import annotations

from collections.abc import Iterator

from qjobs.domain.job import LONGEST_LIFE, REMEMBERED
from tools.bicep.deployed import Deployed, deployed
from tools.bicep.evaluation import possible
from tools.bicep.finding import Finding
from tools.bicep.frames import Bound, Tree
from tools.bicep.ranges import number
from tools.bicep.values import Record, Sequential

_POLICY = "Microsoft.Storage/storageAccounts/managementPolicies"
_PATH = ("definition", "actions", "baseBlob", "delete")
_DAYS = "daysAfterModificationGreaterThan"
# A step or a program is written once, before the queue; a key, when the job is accepted.
_LEAST = {"quantum": LONGEST_LIFE.days, "app": (LONGEST_LIFE + REMEMBERED).days}


def check_retention(tree: Tree) -> Iterator[Finding]:
    """Yield rules that delete too early: before the longest queue, or whatever the setting says."""
    for policy in deployed(tree, _POLICY):
        least = _LEAST["quantum" if policy.layer == "quantum" else "app"]
        for days in _days(policy):
            can = number(days.expression, days.frame.template)
            if can.least is None or can.least <= least:
                text = f"what is {can.least} days old may be needed: wait for more than {least}"
                yield Finding(days.expression.place, text)
            if can.most is not None:
                yield Finding(days.expression.place, "add retentionDays, for which jobs are kept")


def _days(policy: Deployed) -> Iterator[Bound]:
    for rules in policy.at("properties", "policy", "rules"):
        for rule in rules.items if isinstance(rules, Sequential) else ():
            values = list(possible(rule))
            for name in _PATH:
                values = [
                    inner
                    for value in values
                    if isinstance(value, Record) and name in value.members
                    for inner in possible(value.members[name])
                ]
            for value in values:
                if isinstance(value, Record) and _DAYS in value.members:
                    yield value.members[_DAYS]
