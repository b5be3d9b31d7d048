from __future__ import annotations

from pathlib import Path

from tools.package.licences import READINGS, audit
from tools.package.requirements import read_requirements

ROOT = Path(__file__).parents[2]


def test_everything_deployed_is_pinned_needed_and_complete() -> None:
    """requirements.txt names one version of everything requirements.in needs, and nothing else."""
    assert len(read_requirements(ROOT).packages) > len(read_requirements(ROOT).wanted)


def test_everything_deployed_has_an_allowed_licence() -> None:
    """No package comes in whose licence nobody has looked at."""
    packages = read_requirements(ROOT).packages

    assert audit(packages).keys() == {one.name for one in packages}


def test_no_reading_is_of_a_package_that_is_gone() -> None:
    """The table of licences read by hand has no leftovers."""
    assert READINGS.keys() <= {one.name for one in read_requirements(ROOT).packages}
