from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = json.loads((ROOT / "infra" / "app" / "region-names.json").read_text(encoding="utf-8"))


def test_a_region_is_called_as_it_is_written() -> None:
    """Service health's name without blanks, in lower case, is the name in templates."""
    assert NAMES
    assert {
        name: shown for name, shown in NAMES.items() if shown.lower().replace(" ", "") != name
    } == {}


def test_the_regions_of_workspaces_are_known() -> None:
    """Trouble where the workspace is reaches whoever watches."""
    template = (ROOT / "infra" / "quantum" / "main.bicep").read_text(encoding="utf-8")
    allowed = re.search(r"@allowed\(\[([^\]]+)\]\)\n[^\n]+\nparam location string", template)

    assert allowed
    assert set(re.findall(r"'(\w+)'", allowed[1])) <= NAMES.keys()
