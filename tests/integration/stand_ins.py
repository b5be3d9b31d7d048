"""Command line tools that only note what they are asked, for hooks to call."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "infra" / "hooks"
SUBSCRIPTION = "00000000-0000-0000-0000-00000000000a"
FAKE = """#!/bin/sh
printf '%s\\n' "$(basename "$0") $*" >> "$CALLS"
case "$(basename "$0") $*" in
{cases}
esac
"""


def quoted(pattern: str) -> str:
    """Return a pattern of the shell in which only stars mean something."""
    return "*".join(f"'{part}'" for part in pattern.split("*"))


@dataclass
class Tools:
    """The tools, and what they answer to calls that begin as given; an answer of None is a no."""

    folder: Path
    answers: dict[str, str | None] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    """Tools besides az and azd."""
    project: Path = ROOT
    """Where azure.yaml is, or the folder of a service whose hook is run."""
    hooks: Path = HOOKS

    def run(
        self, script: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a hook as azd does, in the project's folder."""
        cases = "\n".join(
            f"{quoted(pattern)}*) {'exit 3' if answer is None else f"printf '%b' '{answer}\\n'"} ;;"
            for pattern, answer in self.answers.items()
        )
        for tool in ("az", "azd", *self.others):
            path = self.folder / tool
            path.write_text(FAKE.format(cases=cases or "none) ;;"))
            path.chmod(0o755)
        known = {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "CALLS": str(self.folder / "calls"),
            "AZURE_ENV_NAME": "trial",
            "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
            "AZURE_LOCATION": "eastus",
            "QJOBS_HOOK_PAUSE": "0",
        }
        return subprocess.run(
            ["sh", str(self.hooks / script), *arguments],
            cwd=self.project,
            env=known | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, beginning: str) -> list[str]:
        """Return what was called, in order."""
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(beginning)]
