"""The work of an accepted job, stored as the content of its blob until there is a result."""

from __future__ import annotations

from dataclasses import dataclass

from qjobs.domain.algorithm import Inputs, JSONObject
from qjobs.domain.budget import Budget
from qjobs.domain.job import Job
from qjobs.domain.target_facts import TargetFacts


@dataclass(frozen=True, slots=True)
class JobInput:
    """The part of a submission that only the engine needs."""

    input: JSONObject
    """Checked against the algorithm's schema, its defaults filled in."""
    options: JSONObject
    """Passed on to the provider."""
    budget: Budget | None = None

    @property
    def document(self) -> JSONObject:
        """The form in which it is stored."""
        budget = self.budget and self.budget.document
        return {"input": self.input, "options": self.options, "budget": budget}

    @classmethod
    def of(cls, document: JSONObject) -> JobInput:
        """Return the input that is stored as *document*."""
        budget = document["budget"]
        return cls(document["input"], document["options"], budget and Budget(**budget))

    def inputs(self, job: Job, target: TargetFacts | None) -> Inputs:
        """Return the input of *job* for its *target* in the form that algorithms get."""
        return Inputs(self.input, job.shots, job.seed, target)
