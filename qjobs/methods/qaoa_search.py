"""Optimisation by QAOA as the steps of a job: one circuit, or a search for its best angles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject, Progress
from qjobs.methods import replay
from qjobs.methods.qaoa import AS_THEY_ARE, Ansatz
from qjobs.methods.spectrum import Sampled, Spectrum

EVALUATIONS = 16
"""Circuits of a search for angles; one more is run with the best."""
STEPS = EVALUATIONS + 1
_FIRST_STEP = 0.3
"""Of the search, as a factor of the angles."""
OPTIMISED = "Optimised"


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search."""

    reading: str
    """The best of all circuits."""
    feasible: int
    """The number of feasible readings of all circuits."""
    sampled: Sampled
    """The readings of the circuit with the best angles."""
    circuits: int


@dataclass(frozen=True, slots=True)
class Search:
    """Runs a circuit once (`Quick`), or searches two factors of its angles (`Optimised`).

    COBYLA minimises the mean of the feasible readings over the factors of the angles of cost and
    mixer. Then the circuit of the best angles runs once more, because the mean that made them the
    best is too good by chance.
    """

    inputs: Inputs
    ansatz: Ansatz
    spectrum: Spectrum
    result: Callable[[Found], JSONObject]

    def first(self) -> Execute:
        """Return the first step."""
        if self.inputs.input["effort"] != OPTIMISED:
            return Execute([self.ansatz.circuit()], progress=Progress(1, most=1))
        return self._evaluate({"known": [], "best": None, "feasible": 0, "sampled": None})

    def next(self, state: JSONObject, outcomes: Sequence[Counts]) -> Execute | Finish:
        """Return the step after the *outcomes* of one.

        Raises:
            AlgorithmError: no reading is feasible.

        """
        [counts] = outcomes
        sampled = Sampled.of(counts, self.spectrum)
        if not state:
            return Finish(self.result(Found(sampled.best, sampled.feasible, sampled, 1)))
        value = -sampled.mean if self.spectrum.maximised else sampled.mean
        last = state["point"] is None
        known = state["known"] if last else [*state["known"], [state["point"], value]]
        leads = last or value == replay.best(known)[1]
        state = {
            "known": known,
            "best": self._better(state["best"], sampled.best),
            "feasible": state["feasible"] + sampled.feasible,
            "sampled": asdict(sampled) if leads else state["sampled"],
        }
        return Finish(self._result_of(state, 1)) if last else self._evaluate(state)

    def _evaluate(self, state: JSONObject) -> Execute:
        search = replay.Minimiser(AS_THEY_ARE, _FIRST_STEP, EVALUATIONS)
        point = search.next_point(state["known"])
        factors = point or replay.best(state["known"])[0]
        steps = STEPS if point else len(state["known"]) + 1
        sampled = state["sampled"]
        return Execute(
            [self.ansatz.circuit((factors[0], factors[1]))],
            {**state, "point": point},
            progress=Progress(
                steps,
                value=sampled["mean"] if sampled else None,
                uncertainty=sampled["error"] if sampled else None,
            ),
            best=self._result_of(state, 0) if sampled else None,
        )

    def _result_of(self, state: JSONObject, more: int) -> JSONObject:
        sampled = Sampled(**state["sampled"])
        circuits = len(state["known"]) + more
        return self.result(Found(state["best"], state["feasible"], sampled, circuits))

    def _better(self, first: str | None, second: str) -> str:
        if first is None:
            return second
        values = [float(self.spectrum.values[int(one, 2)]) for one in (first, second)]
        better = values[1] > values[0] if self.spectrum.maximised else values[1] < values[0]
        return second if better else first
