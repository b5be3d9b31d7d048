"""Runs of examples on simulators, as rows of the evidence that their results have."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from qjobs.domain.algorithm import JSONObject
from qjobs.ports import AlgorithmRunner
from tools.algorithm_checks.example import Example
from tools.algorithm_checks.noisy import rehearse_noisy
from tools.algorithm_checks.rehearsal import Provider, Rehearsal, rehearse
from tools.algorithm_checks.simulator import NOISELESS, NOISY
from tools.algorithm_figures.markdown import code, shortened, table

HEAD = (
    *("example", "simulator", "seconds", "steps", "verified"),
    *("uncertainty, or gap", "classical", "baseline"),
)
CHANCE = ("optimal", "by chance", "better than chance")
"""More columns, of an optimisation: its best reading may be the optimum by chance alone."""


class ExampleFailedError(Exception):
    """An example that has to have a result has none."""


async def measured(examples: list[Example], algorithms: AlgorithmRunner, provider: Provider) -> str:
    """Return the table of all *examples* of one algorithm, each run without noise and with it.

    Raises:
        ExampleFailedError: one of them gives no result without noise.

    """
    rows = []
    for example in examples:
        started = time.perf_counter()
        noiseless = await rehearse(example, algorithms, provider, NOISELESS)
        seconds = time.perf_counter() - started
        if noiseless.failure:
            raise RuntimeError(
                f"{example.algorithm}, example {example.number}: {noiseless.failure}"
            )
        rows.append(_row(example.number, NOISELESS, seconds, noiseless))
        started = time.perf_counter()
        noisy = await rehearse_noisy(noiseless, algorithms)
        rows.append(_row(example.number, NOISY, time.perf_counter() - started, noisy))
    head = (*HEAD, *CHANCE)[: max(map(len, rows))]
    return table(head, [row + ["-"] * (len(head) - len(row)) for row in rows])


def _row(number: int, simulator: str, seconds: float, run: Rehearsal | str) -> list[str]:
    head = [str(number), code(simulator)]
    reason = run if isinstance(run, str) else run.failure
    if reason or isinstance(run, str):
        return [*head, *["-"] * 2, f"not run: {reason}", *["-"] * 3]
    return [
        *head,
        f"{seconds:.1f}",
        str(len(run.steps)),
        *evidence_cells(run.result or {}),
        *chance_cells(run.result or {}),
    ]


def evidence_cells(result: JSONObject) -> Iterator[str]:
    """Yield the evidence of a result, each member in a few words."""
    yield {"Verified": "yes", "NotVerified": "no"}[result["verified"]["status"]]
    if "uncertainty" in result:
        interval = result["uncertainty"]
        ends = f"{interval['lower']:.4g} to {interval['upper']:.4g}"
        yield f"{ends} ({100 * interval['confidence']:.4g} %)"
    else:
        yield f"gap {100 * result['gap']:.3g} %, bound {result['bound']:.6g}"
    value = _rounded(result["comparison"]["value"])
    yield shortened(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), 40)
    yield f"{result['baseline']['value']:.6g}"


def chance_cells(result: JSONObject) -> Iterator[str]:
    """Yield the share of optimal readings beside that of random ones, where a result has them."""
    readings = result.get("readings")
    if isinstance(readings, dict) and "betterThanChance" in readings:
        yield f"{100 * readings['optimal']:.3g} %"
        yield f"{100 * readings['optimalByChance']:.3g} %"
        yield {"Shown": "shown", "NotShown": "not shown"}[readings["betterThanChance"]]


def _rounded(value: object) -> object:
    """Return a value of JSON with six digits of each number."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(f"{value:.6g}")
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return value
