"""Duration of the steps of a loop, each of which needs the counts of the one before."""

from __future__ import annotations

import statistics
from http import HTTPStatus
from pathlib import Path

from localdev.stack.endpoints import Access
from tools.bench import jobs
from tools.bench.timing import latencies
from tools.figures import Figure, Target
from tools.loop_app import LOOP, make_app

STEPS = 25
BODY = {
    "input": {"probability": 0.3, "steps": STEPS},
    "shots": jobs.SHOTS,
    "target": {"id": "local.sim.aer"},
}
TARGET = Target(60)


def app(folder: Path) -> Path:
    """Return the function app with an algorithm that loops."""
    return make_app(folder / "app")


async def measure(access: Access, repetitions: int, aer: float) -> list[Figure]:
    """Run loops one after the other, each in one request.

    Args:
        access: how to call the API
        repetitions: loops
        aer: milliseconds that the bare simulation of a step takes

    """
    async with jobs.connect(access) as client:

        async def loop() -> None:
            address = f"algorithms/{LOOP}/jobs"
            await jobs.call(client, "POST", address, HTTPStatus.OK, json=BODY, headers=jobs.WAIT)

        await loop()
        whole = await latencies(loop, repetitions)
    step = statistics.median(whole) / STEPS - aer
    return [Figure(f"a step of a loop of {STEPS}, over bare Aer", step, "ms", None, TARGET)]
