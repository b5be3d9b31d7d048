"""`python -m tools.consumption_policies`: writes the policies for the Consumption tier.

That tier has no `rate-limit-by-key`. Its policies are those of the v2 tiers without what stands
between the two marks there; a document without marks is the same in every tier.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from localdev.repository import ROOT

_NOTE = "<!-- Written by `python -m tools.consumption_policies`: change policies/ instead. -->\n"
_MARKED = re.compile(r"\n *<!-- v2 tiers -->\n.*?<!-- end of v2 tiers -->(?=\n)", re.DOTALL)


def reduced(apim: Path) -> Iterator[tuple[Path, str]]:
    """Yield the documents that differ in the Consumption tier: path and text."""
    policies = apim / "policies"
    for document in sorted(policies.rglob("*.xml")):
        text = document.read_text(encoding="utf-8")
        rest = _MARKED.sub("", text)
        if rest != text:
            yield apim / "consumption" / document.relative_to(policies), _NOTE + rest


def main() -> None:
    """Write the documents of `apim/consumption/`."""
    for file, text in reduced(ROOT / "apim"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    main()
