"""Jobs and machines of an input, and the schedules that readings stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qjobs.domain.algorithm import JSONObject
from qjobs.methods.limits import rejected

_TWO = 2


@dataclass(frozen=True, slots=True)
class Workshop:
    """Jobs and equal machines, by name. The longest job is on the first machine."""

    jobs: tuple[str, ...]
    durations: tuple[int, ...]
    machines: tuple[str, ...]

    @classmethod
    def of(cls, document: JSONObject) -> Workshop:
        """Return the workshop of an input.

        Raises:
            InputRejectedError: two jobs or two machines have the same name.

        """
        jobs = [job["name"] for job in document["jobs"]]
        _refuse_doubles(jobs, "jobs", "/input/jobs/{}/name")
        _refuse_doubles(document["machines"], "machines", "/input/machines/{}")
        # An integer may be written as 5.0.
        durations = [int(job["duration"]) for job in document["jobs"]]
        return cls(tuple(jobs), tuple(durations), tuple(document["machines"]))

    @property
    def longest(self) -> int:
        """The place of the longest job; of several, of the first."""
        return self.durations.index(max(self.durations))

    @property
    def others(self) -> list[int]:
        """The places of the other jobs, in the order of their qubits."""
        return [place for place in range(len(self.jobs)) if place != self.longest]

    @property
    def qubits_per_job(self) -> int:
        """One for two machines, else two."""
        return 1 if len(self.machines) == _TWO else 2

    @property
    def qubits(self) -> int:
        """Those of all jobs but the longest."""
        return self.qubits_per_job * len(self.others)

    @property
    def lower_bound(self) -> int:
        """The longest job, or the mean load: no schedule is shorter."""
        return max(*self.durations, -(-sum(self.durations) // len(self.machines)))

    def makespans(self) -> np.ndarray:
        """Return the makespan for each reading; NaN where it names a machine that is not there."""
        readings = np.arange(2**self.qubits)
        loads = np.zeros((2**self.qubits_per_job, len(readings)))
        loads[0] += self.durations[self.longest]
        for number, job in enumerate(self.others):
            machine = readings >> (number * self.qubits_per_job) & (2**self.qubits_per_job - 1)
            loads[machine, readings] += self.durations[job]
        makespans = loads.max(axis=0)
        makespans[loads[len(self.machines) :].any(axis=0)] = np.nan
        return makespans

    def assignment(self, reading: str) -> list[int]:
        """Return the machine of each job for a feasible reading."""
        number = int(reading, 2)
        machines = [0] * len(self.jobs)
        for job in self.others:
            machines[job] = number & (2**self.qubits_per_job - 1)
            number >>= self.qubits_per_job
        return machines

    def makespan(self, assignment: Sequence[int]) -> int:
        """Return the largest load."""
        loads = [0] * len(self.machines)
        for machine, duration in zip(assignment, self.durations, strict=True):
            loads[machine] += duration
        return max(loads)

    def longest_first(self) -> list[int]:
        """Return the assignment by the rule: the longest first, each to the least loaded machine.

        Its makespan is at most 4/3 - 1/(3 machines) of the optimum (Graham 1969).
        """
        loads, machines = [0] * len(self.machines), [0] * len(self.jobs)
        for job in sorted(range(len(self.jobs)), key=lambda one: -self.durations[one]):
            machines[job] = loads.index(min(loads))
            loads[machines[job]] += self.durations[job]
        return machines


def _refuse_doubles(names: Sequence[str], what: str, pointer: str) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise rejected(f"Two {what} have the name {name!r}.", pointer.format(place))
