"""The workflows as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
FILES = sorted(GITHUB.glob("workflows/*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a workflow."""

    workflow: str
    name: str
    body: dict[str, Any]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Its steps; a job that calls another workflow has none."""
        steps: list[dict[str, Any]] = self.body.get("steps", [])
        return steps

    @property
    def calls(self) -> str | None:
        """The file name of the workflow that it calls, if it does."""
        return Path(self.body["uses"]).name if "uses" in self.body else None

    def text(self) -> str:
        """Return everything its steps run or use, for looking for words."""
        return "\n".join(f"{step.get('uses', '')}\n{step.get('run', '')}" for step in self.steps)


def read(file: Path) -> dict[str, Any]:
    """Return a workflow or an action."""
    document: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    # In YAML 1.1, which the parser reads, `on` is a word for true.
    return {"on" if key is True else key: value for key, value in document.items()}


def jobs() -> list[Job]:
    """Return the jobs of all workflows."""
    return [
        Job(file.name, name, body) for file in FILES for name, body in read(file)["jobs"].items()
    ]


def needed_by(job: Job) -> list[Job]:
    """Return all jobs of its workflow that have to succeed before it starts."""
    names = job.body.get("needs", [])
    direct = [
        one
        for one in jobs()
        if one.workflow == job.workflow
        and one.name in ([names] if isinstance(names, str) else names)
    ]
    return [*direct, *(one for before in direct for one in needed_by(before))]


def commands() -> Iterator[tuple[str, str]]:
    """Yield what is run, with the name of the file that says so."""
    for job in jobs():
        yield from ((job.workflow, step["run"]) for step in job.steps if "run" in step)
    for file in ACTIONS:
        steps = read(file)["runs"]["steps"]
        yield from ((file.parent.name, step["run"]) for step in steps if "run" in step)


def variables() -> set[str]:
    """Return the names of all configuration variables that are read."""
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    return {name for text in texts for name in re.findall(r"\bvars\.([A-Z_]+)", text)}
