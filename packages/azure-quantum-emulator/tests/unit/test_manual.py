"""The manual says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.reference import TABLES, filled
from azure_quantum_emulator.targets.catalogue import all_targets

DOCUMENT = Path(__file__).parents[2] / "docs" / "manual.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_code() -> None:
    """`python -m azure_quantum_emulator.reference` would change nothing."""
    assert filled(TEXT) == TEXT


def test_every_table_is_in_the_document() -> None:
    """No table is forgotten."""
    assert set(re.findall(r"<!-- table: (\w+) -->", TEXT)) == set(TABLES)


def test_the_example_configuration_is_one() -> None:
    """The settings of the document are accepted as they are."""
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    Scenario.from_json(json.loads(example), all_targets())
