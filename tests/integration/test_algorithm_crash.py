"""An algorithm that crashes, in the whole local stack."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator

import httpx
import pytest

from emulator_support.patience import PATIENCE
from localdev.repository import ROOT
from localdev.stack.endpoints import access_to
from localdev.stack.part import Options, Profile
from localdev.stack.stack import Stack
from tests.conftest import STACK_SETTINGS

APP = ("functions", "qjobs", "algorithms", "apim")
FILES = ("function_app.py", "host.json")

# What they do in `start` and in `resume`, on top of what the GHZ algorithm does.
CRASHES = {
    "aborts": ("os.abort()", ""),
    "aborts_late": ("", "os.abort()"),
    "is_killed": ("os.kill(os.getpid(), signal.SIGKILL)", ""),
    "eats_memory": ("bytearray(4 << 30)", ""),
}
MODULE = """
import os, signal
from algorithms.ghz.algorithm import GHZCheck

class Crashing(GHZCheck):
    def start(self, inputs):
        {0}
        return super().start(inputs)

    def resume(self, inputs, state, outcomes):
        {1}
        return super().resume(inputs, state, outcomes)

algorithm = Crashing()
"""
REASONS = {
    "aborts": "aborts ended its process twice: exit status -6",
    "aborts_late": "aborts_late ended its process twice: exit status -6",
    "is_killed": "is_killed ended its process twice: exit status -9",
    "eats_memory": "eats_memory failed with MemoryError",
}
JOBS = [*CRASHES, "ghz", "aborts", "ghz", "aborts", "ghz"]
"""The Functions host itself ends at the third death of its worker."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start a stack whose app has algorithms that crash beside the real ones."""
    app = tmp_path_factory.mktemp("app")
    for folder in APP:
        shutil.copytree(ROOT / folder, app / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, app / file)
    for name, bodies in CRASHES.items():
        shutil.copytree(app / "algorithms" / "ghz", app / "algorithms" / name)
        (app / "algorithms" / name / "algorithm.py").write_text(MODULE.format(*bodies))
        described = app / "algorithms" / name / "algorithm.json"
        described.write_text(described.read_text().replace('"ghz"', f'"{name}"'))
    options = Options(
        tmp_path_factory.mktemp("stack"),
        app=app,
        profile=Profile.KEYS,
        settings=STACK_SETTINGS,
    )
    with Stack(options) as running:
        yield running


async def test_an_algorithm_that_crashes_fails_its_own_jobs_alone(stack: Stack) -> None:
    """Each such job fails with a reason, those beside it succeed, and the host never dies."""
    before = stack.pid("functions")
    access = access_to(stack.facts)
    async with httpx.AsyncClient(
        base_url=access.url, headers=access.headers, timeout=PATIENCE
    ) as client:

        async def outcome(algorithm: str) -> tuple[str, str, str]:
            submitted = await client.post(f"algorithms/{algorithm}/jobs", json={"input": {}})
            assert submitted.status_code == 202, submitted.text
            while True:
                url = submitted.headers["operation-location"]
                job = (await client.get(url, headers={"prefer": "wait=30"})).json()
                if job["finishedAt"]:
                    error = job["error"] or {}
                    return job["status"], error.get("code", ""), error.get("message", "")

        outcomes = await asyncio.gather(*map(outcome, JOBS))
    stack.check()

    assert stack.pid("functions") == before
    for algorithm, (status, code, detail) in zip(JOBS, outcomes, strict=True):
        if algorithm == "ghz":
            assert status == "Succeeded"
        else:
            assert (status, code) == ("Failed", "algorithm-failed")
            assert REASONS[algorithm] in detail
