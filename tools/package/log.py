"""Build log: contents, sizes, licences and cold start of the package."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from tools.figures import Figure, table
from tools.package.build import Build
from tools.package.licences import READINGS
from tools.package.sizes import installed_sizes, package_sizes


def build_log(built: Build, figures: Sequence[Figure]) -> Iterator[RenderableType]:
    """Yield the parts of the log of *built*, whose cold start is *figures*."""
    yield Text(f"{built.stem}.zip, built with Python {platform.python_version()}")
    yield Text(f"sha256 {hashlib.sha256(built.archive).hexdigest()}\n")
    yield package_sizes(built.files, built.archive)
    yield ""
    yield installed_sizes(built.requirements.packages)
    yield ""
    yield Text(f"licences: {_licences(built)}")
    for name, reading in READINGS.items():
        yield Text(f"{name}: {reading.licence}; {reading.why}")
    if figures:
        yield ""
        yield table(figures)


def _licences(built: Build) -> str:
    declared = Counter(licence for name, licence in built.licences.items() if name not in READINGS)
    told = [f"{count} {licence}" for licence, count in declared.most_common()]
    return ", ".join([*told, f"{len(READINGS)} read by hand"])
