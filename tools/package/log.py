"""Build log: contents, sizes, licences and cold start of the package."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tools.figures import Figure, columns, table
from tools.package.build import Build
from tools.package.licences import READINGS
from tools.package.requirements import Package

_SHOWN = 5
"""Packages that have a row of their own."""


def build_log(built: Build, figures: Sequence[Figure]) -> Iterator[RenderableType]:
    """Yield the parts of the log of *built*, whose cold start is *figures*."""
    yield Text(f"{built.stem}.zip, built with Python {platform.python_version()}")
    yield Text(f"sha256 {hashlib.sha256(built.archive).hexdigest()}\n")
    yield _package_sizes(built.files, built.archive)
    yield ""
    yield _installed_sizes(built.requirements.packages)
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


def _package_sizes(files: Mapping[str, bytes], archive: bytes) -> Table:
    """Return a table of the zip's contents, by top-level folder."""
    table = columns("in the package", "files", "sources, KB", "bytecode, KB")
    tops = sorted({path.partition("/")[0] for path in files})
    parts = {top: [path for path in files if path.partition("/")[0] == top] for top in tops}
    for name, paths in (parts | {"unpacked": list(files)}).items():
        bytecode = sum(len(files[path]) for path in paths if path.endswith(".pyc"))
        sources = sum(len(files[path]) for path in paths) - bytecode
        table.add_row(name, str(len(paths)), f"{sources / 1e3:,.0f}", f"{bytecode / 1e3:,.0f}")
    table.add_row("the zip, stored", "1", f"{len(archive) / 1e3:,.0f}", "")
    return table


def _installed_sizes(packages: Iterable[Package]) -> Table:
    """Return a table of the disk space of the requirements, the largest first."""
    sizes = sorted(((_installed_bytes(one), one.name) for one in packages), reverse=True)
    others = sum(size for size, _ in sizes[_SHOWN:])
    table = columns("installed beside it", "MB")
    for size, name in (
        *sizes[:_SHOWN],
        (others, f"{len(sizes) - _SHOWN} others"),
        (others + sum(size for size, _ in sizes[:_SHOWN]), f"all {len(sizes)} packages"),
    ):
        table.add_row(name, f"{size / 1e6:,.1f}")
    return table


def _installed_bytes(package: Package) -> int:
    """Return the size of the files that pip noted for *package*."""
    files = (Path(str(file.locate())) for file in package.distribution.files or ())
    return sum(file.stat().st_size for file in files if file.is_file())
