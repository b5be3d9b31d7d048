"""Scheduling on equal machines by the quantum approximate optimisation algorithm."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from algorithms.machine_scheduling.cost import SquaredLoads
from algorithms.machine_scheduling.schedule import picture, schedule
from algorithms.machine_scheduling.workshop import Workshop
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.target_facts import Kind
from qjobs.methods import evidence
from qjobs.methods.ising import Ising
from qjobs.methods.limits import check_size
from qjobs.methods.mixers import FlipMixer, Mixer, ThreeWayMixer
from qjobs.methods.qaoa import Ansatz, Cost, layers_for
from qjobs.methods.qaoa_search import Found, Search
from qjobs.methods.spectrum import Solutions, Spectrum, optimisation

_MOST_JOBS = {
    1: {
        Kind.SIMULATOR: 17,
        Kind.NOISY_SIMULATOR: 11,
        Kind.HARDWARE: 12,
        Kind.SYNTAX_CHECKER: 17,
    },
    2: {Kind.SIMULATOR: 9, Kind.NOISY_SIMULATOR: 6, Kind.HARDWARE: 7, Kind.SYNTAX_CHECKER: 9},
}
"""By the qubits of a job."""
_SCHEDULES = Solutions("schedule", "schedules")
_TWO, _THREE = 2, 3


class MachineScheduling:
    """One or two qubits for each job but the longest, read as the number of its machine."""

    def start(self, inputs: Inputs) -> Execute:
        """Return the first circuit.

        Raises:
            InputRejectedError: there are too many jobs for the target, or two of the same name.

        """
        workshop = Workshop.of(inputs.input)
        most = _MOST_JOBS[workshop.qubits_per_job]
        what = f"jobs on {len(workshop.machines)} machines"
        check_size(inputs, len(workshop.jobs), most, what, "/input/jobs")
        return _search(inputs, workshop).first()

    def resume(
        self, inputs: Inputs, state: JSONObject, outcomes: Sequence[Counts]
    ) -> Execute | Finish:
        """Return the schedule, or the next circuit of the search for angles.

        Raises:
            AlgorithmError: no reading is a schedule.

        """
        return _search(inputs, Workshop.of(inputs.input)).next(state, outcomes)


algorithm = MachineScheduling()


def _search(inputs: Inputs, workshop: Workshop) -> Search:
    cost, mixer = _cost(workshop), _mixer(workshop)
    ansatz = Ansatz(workshop.qubits, cost, mixer, layers_for(inputs, cost, mixer))
    spectrum = Spectrum(workshop.makespans())
    _, comparison = evidence.compared(
        "The longest job first, each to the machine with the least load (Graham 1969).",
        lambda: workshop.makespan(workshop.longest_first()),
    )

    def result(found: Found) -> JSONObject:
        assignment = workshop.assignment(found.reading)
        makespan = workshop.makespan(assignment)
        machines = schedule(workshop, assignment)
        return {
            "makespan": makespan,
            "schedule": machines,
            "lowerBound": workshop.lower_bound,
            "readings": found.sampled.readings(spectrum),
            "layers": ansatz.layers,
            "twoQubitGates": ansatz.two_qubit_gates,
            "circuits": found.circuits,
            **optimisation(spectrum, makespan, found.feasible, _SCHEDULES),
            "comparison": comparison,
            "svg": picture(machines, makespan, spectrum.best),
        }

    return Search(inputs, ansatz, spectrum, result)


def _cost(workshop: Workshop) -> Cost:
    """Return the sum of squared loads."""
    fixed = workshop.durations[workshop.longest]
    durations = [workshop.durations[job] for job in workshop.others]
    if len(workshop.machines) > _TWO:
        return SquaredLoads(fixed, durations)
    # The square of the difference of two loads, with a spin for the machine of each job.
    couplings = {
        (j, k): float(durations[j] * durations[k])
        for j, k in itertools.combinations(range(len(durations)), 2)
    }
    return Ising(tuple(float(fixed * duration) for duration in durations), couplings)


def _mixer(workshop: Workshop) -> Mixer:
    if len(workshop.machines) == _THREE:
        return ThreeWayMixer([(2 * job, 2 * job + 1) for job in range(len(workshop.others))])
    return FlipMixer(workshop.qubits)
