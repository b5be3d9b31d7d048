"""docs/adding-an-algorithm.md, followed word for word in a fresh checkout."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from tests.markdown import ROOT, table, tracked

DOCUMENT = "docs/adding-an-algorithm.md"
STAMPS = (".venv/.installed", "node_modules/.installed")
"""What `make` would install anew in a copy, whose files are newer."""


@dataclass(frozen=True)
class Block:
    """A block of the document."""

    language: str
    content: str


def blocks() -> list[Block]:
    """Return the blocks of the document, in their order."""
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    return [Block(*found) for found in re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", text)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what is tracked, with what is installed here."""
    for name in tracked():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    for name in (".venv", "node_modules"):
        (tmp_path / name).symlink_to(ROOT / name)
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True)
    return tmp_path


class Reader:
    """Somebody who does what the document says, in two terminals."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        emulator = checkout / "packages" / "azure-quantum-emulator" / "src"
        self.environment = os.environ | {"PYTHONPATH": str(emulator)}
        self.stack: subprocess.Popen[str] | None = None

    def run(self, script: str) -> str:
        """Run a block in the first terminal; return what it prints, as it is typed there."""
        if script == "make up\n":
            return self.start()
        kept = self.checkout / ".variables"
        old = " ".join(f"-o {stamp}" for stamp in STAMPS)
        make = f'make() {{ command make {old} "$@"; }}'
        read = f'if [ -e "{kept}" ]; then . "{kept}"; fi'
        write = f'set | grep -E "^(URL|AUTH|JOB)=" >"{kept}"'
        done = subprocess.run(
            ["bash", "-ec", f"{make}\n{read}\n{script}\n{write} || true"],
            cwd=self.checkout,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def edit(self, change: str) -> None:
        """Make a change of a file."""
        done = subprocess.run(
            ["git", "apply"], input=change, cwd=self.checkout, text=True, check=False
        )
        assert done.returncode == 0, change

    def start(self) -> str:
        """Start the stack in the second terminal, and paste its two lines into the first."""
        self.stack = subprocess.Popen(
            ["make", *(part for stamp in STAMPS for part in ("-o", stamp)), "up"],
            cwd=self.checkout,
            env=self.environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.stack.stdout is not None
        printed = ""
        for line in self.stack.stdout:
            printed += line
            if re.match(r"\s+(URL|AUTH)=", line):
                with (self.checkout / ".variables").open("a", encoding="utf-8") as file:
                    file.write(line.strip() + "\n")
            if "localdev trace JOB_ID" in line:
                return printed
        pytest.fail(f"the stack did not start: {printed}")

    def stop(self) -> None:
        """Press Ctrl-C in the second terminal."""
        if self.stack is not None:
            os.killpg(self.stack.pid, signal.SIGINT)
            self.stack.communicate(timeout=PATIENCE)


@pytest.fixture
def reader(checkout: Path) -> Iterator[Reader]:
    """Return a reader with a fresh checkout."""
    one = Reader(checkout)
    yield one
    one.stop()


def missing(expected: str, printed: str) -> list[str]:
    """Return the lines of an output in the document that were not printed, but for spaces.

    A line may end in dots, for what is another each time.
    """
    words = " ".join(re.sub(r"[│─]", " ", printed).split())
    return [
        line
        for line in expected.splitlines()
        if " ".join(line.removesuffix("...").split()) not in words
    ]


def test_every_step_does_what_the_document_says(reader: Reader) -> None:
    """Each command succeeds, each change fits the template, each output is printed.

    At the end the checkout is as it was.
    """
    printed = ""
    for block in blocks():
        if block.language == "sh":
            printed = reader.run(block.content)
        elif block.language == "diff":
            reader.edit(block.content)
        elif block.language == "text":
            assert missing(block.content, printed) == [], printed

    status = ["git", "status", "--porcelain"]
    left = subprocess.run(
        status, cwd=reader.checkout, capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(left) <= {"??", ".variables", ".venv", "node_modules"}


def test_it_has_every_kind_of_block() -> None:
    """What this file looks for is there: commands, changes, outputs, and the stack between them."""
    found = blocks()

    assert {block.language for block in found} == {"sh", "diff", "text", "python"}
    assert Block("sh", "make up\n") in found
    assert any(pair[0].language == "sh" and pair[1].language == "text" for pair in pairwise(found))


def test_an_output_that_was_not_printed_is_found() -> None:
    """Spaces and lines of tables do not matter, nor what dots stand for; words do."""
    assert missing("a  b\nc 1\n", "x a b\n │ c   1 │") == []
    assert missing("a b\nc 2\n", "a b c 1") == ["c 2"]
    assert missing("a 2...\na 3...\n", "a 2.75") == ["a 3..."]


def test_the_files_and_members_are_those_of_the_template() -> None:
    """The table has the files that `new` makes, and the code is the template's."""
    template = ROOT / "localdev" / "algorithm_template"
    rows: Sequence[list[str]] = list(table(DOCUMENT, "1. Make the folder"))
    named = {row[0].strip("`") for row in rows}
    (excerpt,) = [block.content for block in blocks() if block.language == "python"]

    assert named == {path.name for path in template.glob("*.*")} - {"__init__.py"}
    assert excerpt in (template / "algorithm.py").read_text(encoding="utf-8")
    for name in ("input.schema.json", "result.schema.json"):
        (row,) = [row for row in rows if name in row[0]]
        schema = (template / name).read_text(encoding="utf-8")
        members = re.findall(r"^    \"(\w+)\": {$", schema, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row[1]) == members
