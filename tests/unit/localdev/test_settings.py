"""The settings that the functions get on a laptop."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import functions
from localdev.stack import keyless, parts
from qjobs import settings

ROOT = Path(__file__).parents[3]
# What begins with EMULATOR is for the emulator.
_SETTING = re.compile(r"""["%](QJOBS_(?!EMULATOR_)[A-Z_]+)["%]""")


def named_in(*files: Path) -> set[str]:
    """Return the settings that are named in files."""
    return {name for file in files for name in _SETTING.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize(
    "file",
    [Path(parts.__file__), Path(keyless.__file__), ROOT / "local.settings.json.example"],
    ids=lambda file: file.name,
)
def test_nothing_is_set_that_nobody_reads(file: Path) -> None:
    """Every setting that the stack or the example sets is one that the product reads."""
    readers = Path(settings.__file__), *Path(functions.__path__[0]).glob("*.py")

    given = named_in(file)

    assert given
    assert given - named_in(*readers) == set()
