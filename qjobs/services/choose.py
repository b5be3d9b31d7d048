"""The choice of a target for the first step of a job, by its programs and its algorithm."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from qjobs.domain.errors import NoSuitableTargetError
from qjobs.domain.job import Job
from qjobs.domain.job_input import JobInput
from qjobs.domain.options import mitigates_errors
from qjobs.domain.plan import Plan
from qjobs.domain.price import Cost, cost_of
from qjobs.domain.target import Mode
from qjobs.domain.target_choice import TargetChoice, choose_target
from qjobs.domain.target_facts import TargetFacts
from qjobs.ports import Catalogue, QuantumProvider

_PRICED = (Mode.HARDWARE, Mode.SIMULATOR)
"""The modes that choose the target that is paid: a noisy simulator is chosen by its device."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose the target of a job, which all its steps run on, within its budget if there is one."""

    catalogue: Catalogue
    provider: QuantumProvider

    async def __call__(
        self,
        job: Job,
        job_input: JobInput,
        plan: Plan | None = None,
        without: Collection[str] = (),
    ) -> TargetChoice:
        """Return the target for a job.

        Args:
            job: its request for a target counts
            job_input: with the options of the provider, some of which change the price
            plan: the first step; None before there is one
            without: ids of targets that have turned out to be gone, or not to fit

        Raises:
            NoSuitableTargetError: no target of the workspace can run it.

        """
        needs = self.catalogue.submission_rules(job.algorithm).needs
        targets = [one for one in await self.provider.targets() if one.id not in without]

        def cost_at(facts: TargetFacts) -> Cost | None:
            if plan is None:
                return None
            programs = zip(plan.programs, plan.shots_of(job.shots), strict=True)
            return cost_of(facts, programs, mitigated=mitigates_errors(job_input.options))

        if plan is not None:
            needs = needs.of(plan.programs)
        wanted, budget = job.requested_target, job_input.budget
        if plan is not None and budget is not None and wanted.mode in _PRICED:
            within = [one for one in targets if one.facts and budget.pays(cost_at(one.facts))]
            with suppress(NoSuitableTargetError):  # else the figures of the first choice are told
                return choose_target(wanted, within, needs, cost_at)
        return choose_target(wanted, targets, needs, cost_at)
