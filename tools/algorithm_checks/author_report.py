"""The report for the author of an algorithm: Markdown with plots, for a terminal as well."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.markdown import Markdown

from qjobs.domain.algorithm import Counts, JSONObject
from qjobs.drawing.page import Series
from tools.algorithm_checks import plots
from tools.algorithm_checks.cost import TargetCost, costs
from tools.algorithm_checks.rehearsal import Rehearsal
from tools.algorithm_checks.resources import Resources, of_each, resources

_MOST_CIRCUITS = 4
"""Whose counts are drawn."""
_LONGEST_JSON = 1200
_IMAGE = re.compile(r"^!\[.*\)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trial:
    """One example, run without noise and with it."""

    noiseless: Rehearsal
    noisy: Rehearsal | str
    """The reason, where it was not run or not to its end."""

    @property
    def runs(self) -> dict[Series, Rehearsal]:
        """The runs that there are, by their look in a plot."""
        noisy = {} if isinstance(self.noisy, str) else {plots.NOISY: self.noisy}
        return {plots.NOISELESS: self.noiseless, **noisy}

    @property
    def failure(self) -> str | None:
        """The reason for which the example does not pass, if it does not."""
        return next((run.failure for run in self.runs.values() if run.failure), None)


def write(folder: Path, trials: Sequence[Trial]) -> str:
    """Write the report of one algorithm into a folder, in the place of the last; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = [f"# {trials[0].noiseless.example.algorithm}\n"]
    for trial in trials:
        images = dict(_plots(trial))
        for name, image in images.items():
            (folder / name).write_text(image, encoding="utf-8")
        parts += sections(trial, list(images))
    report = "\n".join(parts)
    (folder / "report.md").write_text(report, encoding="utf-8")
    return report


def shown(report: str) -> Markdown:
    """Return a report for a terminal, which shows no images."""
    return Markdown(_IMAGE.sub("", report), code_theme="bw")


def sections(trial: Trial, images: Sequence[str]) -> Iterator[str]:
    """Yield the sections on one example, each as Markdown."""
    example = trial.noiseless.example
    yield f"## Example {example.number}\n"
    yield f"{_code(example.input)}\n"
    yield f"{example.shots:,} shots where a step asks for no others, seed {example.seed}.\n"
    yield from _outcome("Without noise", trial.noiseless)
    if isinstance(trial.noisy, str):
        yield f"**With noise:** skipped: {trial.noisy}.\n"
    else:
        yield from _outcome("With noise", trial.noisy)
    yield from _convergence(trial)
    yield from (f"![{name.removesuffix('.svg')}]({name})\n" for name in images)
    if trial.noiseless.steps:
        yield f"### Resources of example {example.number}\n"
        yield _resources(trial.noiseless)
        yield f"### Cost of example {example.number}\n"
        yield from _costs(list(costs(trial.noiseless)))


def _outcome(name: str, run: Rehearsal) -> Iterator[str]:
    steps = f"{len(run.steps)} step{'' if len(run.steps) == 1 else 's'}"
    if run.failure is None:
        yield f"**{name}:** passed after {steps}, each computed twice with the same answer.\n"
        yield f"{_code(run.result)}\n"
        return
    yield f"**{name}:** failed after {steps}: {_escaped(run.failure)}\n"
    if run.trace:
        yield f"```text\n{run.trace}\n```\n"


def _convergence(trial: Trial) -> Iterator[str]:
    told = [
        f"{series.name} {_value(found[0])} to {_value(found[-1])}"
        for series, run in trial.runs.items()
        if (found := plots.values(run))
    ]
    if told:
        yield f"Value of `progress`: {'; '.join(told)}.\n"
    elif len(trial.noiseless.steps) > 1:
        yield "No step has a `progress` with a value, so there is no plot of its convergence.\n"


def _value(one: plots.Value) -> str:
    step, value, error = one
    return f"{value:.5g}{f' ± {error:.2g}' if error else ''} (step {step})"


def _plots(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each image of an example."""
    example, runs = trial.noiseless.example, trial.runs
    title, name = f"{example.algorithm}, example {example.number}", f"example-{example.number}"
    found = {series: values for series, run in runs.items() if (values := plots.values(run))}
    if any(len(values) > 1 for values in found.values()):
        yield f"{name}-convergence.svg", plots.convergence(f"{title}: value of each step", found)
    last = {series: run.steps[-1].outcomes for series, run in runs.items() if run.steps}
    circuits = max((len(outcomes) for outcomes in last.values()), default=0)
    for circuit in range(min(circuits, _MOST_CIRCUITS)):
        counts: Mapping[Series, Counts] = {
            series: outcomes[circuit]
            for series, outcomes in last.items()
            if circuit < len(outcomes)
        }
        which = f"circuit {circuit + 1} of {circuits} in the last step"
        yield f"{name}-counts-{circuit + 1}.svg", plots.counts(f"{title}: {which}", counts)


def _resources(run: Rehearsal) -> str:
    rows = [
        [f"{first}" if first == last else f"{first} to {last}, each", *_cells(each)]
        for first, last, each in of_each(run.steps)
    ]
    rows.append(["all", *_cells(resources(run.steps))])
    head = ["steps", "circuits", "shots", "qubits", "depth", "two-qubit", "gates"]
    table = _table(head, rows, numbers=range(1, 6))
    qubits, steps = run.example.most_qubits, run.example.rules.most_steps
    return f"{table}\n`limits.qubits` is {qubits}, `limits.steps` {steps}.\n"


def _cells(each: Resources) -> list[str]:
    gates = ", ".join(f"{name} {count:,}" for name, count in sorted(each.gates.items()))
    numbers = (each.circuits, each.shots, each.qubits, each.depth, each.entangling_gates)
    return [*(f"{number:,}" for number in numbers), gates or "-"]


def _costs(every: Sequence[TargetCost]) -> Iterator[str]:
    yield (
        "All steps, if they had run there instead, at the published prices. An algorithm that "
        "makes its circuits for the target may make others there.\n"
    )
    paid = sorted(
        ((one.cost, one) for one in every if one.cost and one.cost.at_most),
        key=lambda pair: pair[0].expected,
    )
    rows = [
        [
            f"`{one.target}`",
            *(f"{amount:,.2f} {cost.currency}" for amount in (cost.expected, cost.at_most)),
            _escaped(f"{one.price.source}, {one.price.date}"),
        ]
        for cost, one in paid
    ]
    yield _table(["target", "expected", "at most", "by"], rows, numbers=(1, 2))
    others: dict[str, list[str]] = {}
    for one in every:
        if not (one.cost and one.cost.at_most):
            reason = (one.reason or "Free.").removeprefix(f"{one.target} ")
            others.setdefault(reason, []).append(f"`{one.target}`")
    yield from (
        f"- {', '.join(targets)}: {_escaped(reason[0].lower() + reason[1:])}"
        for reason, targets in others.items()
    )
    yield ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    rule = ["---:" if column in numbers else "---" for column in range(len(head))]
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, rule, *rows))


def _code(document: JSONObject | None) -> str:
    text = json.dumps(document, ensure_ascii=False)
    if len(text) > _LONGEST_JSON:
        text = f"{text[:_LONGEST_JSON]} ... ({len(text):,} characters)"
    return f"```json\n{text}\n```"


def _escaped(text: str) -> str:
    """Return *text* without what Markdown would read as its own."""
    return re.sub(r"([\\|<`*_])", r"\\\1", text).replace("\n", " ")
