"""`python -m tools.included_examples`: writes the files of examples/ into docs/clients.md.

Where the document links a file of examples/ and a block of code follows, the block is the file.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "clients.md"
_INCLUDED = re.compile(
    r"^(?P<head>\[examples/(?P<name>[\w.]+)\]\(\.\./examples/(?P=name)\)\n\n```\w+\n)"
    r"(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


def programs(text: str) -> dict[str, str]:
    """Return the programs in the text of a document, by the names of their files."""
    return {match["name"]: match["code"] for match in _INCLUDED.finditer(text)}


def with_examples(text: str, folder: Path) -> str:
    """Return the text with every program as its file in *folder* is.

    Raises:
        FileNotFoundError: The text names a file that is not there.
    """

    def block(match: re.Match[str]) -> str:
        code = (folder / match["name"]).read_text(encoding="utf-8")
        return f"{match['head']}{code}```"

    return _INCLUDED.sub(block, text)


def main() -> int:
    """Write the document anew; return the exit code."""
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(with_examples(text, ROOT / "examples"), encoding="utf-8")
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
