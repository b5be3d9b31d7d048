"""`python -m tools.included_examples`: writes the programs of docs/clients.md anew.

Where the document links a file of examples/ or of tests/generators/programs/ and a block of code
follows, the block is the file.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "clients.md"
_INCLUDED = re.compile(
    r"^(?P<head>\[(?P<path>(?:examples|tests/generators/programs/\w+)/[\w.]+)\]"
    r"\(\.\./(?P=path)\)\n\n```\w+\n)"
    r"(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


def programs(text: str) -> dict[str, str]:
    """Return the programs in the text of a document, by the paths of their files."""
    return {match["path"]: match["code"] for match in _INCLUDED.finditer(text)}


def with_examples(text: str, root: Path) -> str:
    """Return the text with every program as its file in the checkout at *root* is.

    Raises:
        FileNotFoundError: The text names a file that is not there.
    """

    def block(match: re.Match[str]) -> str:
        code = (root / match["path"]).read_text(encoding="utf-8")
        return f"{match['head']}{code}```"

    return _INCLUDED.sub(block, text)


def main() -> int:
    """Write the document anew; return the exit code."""
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(with_examples(text, ROOT), encoding="utf-8")
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
