"""The app under test: the one of this repository, and algorithms of several steps beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from localdev.commands.new import TEMPLATE
from localdev.repository import ROOT

STEPS = "ghz_steps"
"""The id of an algorithm that is added: three steps of several circuits."""
LOOP = TEMPLATE.name
"""The id of another one, the template of new algorithms: up to thirty steps of one circuit."""
_FOLDERS = ("functions", "qjobs", "algorithms", "apim")
_FILES = ("function_app.py", "host.json")
_MODULE = '''"""The GHZ check in three steps, of which the last one counts."""

from algorithms.ghz.algorithm import GHZCheck
from qjobs.domain.algorithm import Execute


class Steps(GHZCheck):
    def start(self, inputs):
        return Execute(super().start(inputs).circuits, {"step": 0})

    def resume(self, inputs, state, outcomes):
        if state["step"] < 2:
            return Execute(super().start(inputs).circuits, {"step": state["step"] + 1})
        return super().resume(inputs, state, outcomes)


algorithm = Steps()
'''


def make_app(folder: Path) -> Path:
    """Copy the function app to *folder*, add the algorithms, and return the folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copytree(TEMPLATE, folder / "algorithms" / LOOP, ignore=ignored)
    for name in _FILES:
        shutil.copy(ROOT / name, folder / name)
    added = folder / "algorithms" / STEPS
    shutil.copytree(folder / "algorithms" / "ghz", added)
    (added / "algorithm.py").write_text(_MODULE, encoding="utf-8")
    manifest = added / "algorithm.json"
    described = json.loads(manifest.read_text(encoding="utf-8"))
    described |= {"id": STEPS, "limits": {**described["limits"], "steps": 3}}
    manifest.write_text(json.dumps(described), encoding="utf-8")
    return folder
