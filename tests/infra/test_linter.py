"""The compiler's linter warns whoever deploys, and stops the pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def levels(file: str) -> Mapping[str, str]:
    """Return the level of each rule in a configuration of the linter."""
    core = json.loads((ROOT / file).read_text(encoding="utf-8"))["analyzers"]["core"]
    assert core["enabled"]
    return {name: rule["level"] for name, rule in core["rules"].items()}


def test_a_rule_stops_no_deployment() -> None:
    """Each release of azd brings its own compiler, whose rules may find more than ours does."""
    assert set(levels("infra/bicepconfig.json").values()) == {"warning"}


def test_the_pipeline_has_the_same_rules_as_errors() -> None:
    """It lints with the configuration that it copies over that of the templates."""
    strict = levels(".github/bicep/bicepconfig.json")

    assert set(strict.values()) == {"error"}
    assert strict.keys() == levels("infra/bicepconfig.json").keys()
