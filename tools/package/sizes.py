"""Sizes of the package and of the installed requirements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.table import Table

from tools.figures import columns
from tools.package.requirements import Package

_SHOWN = 5


def package_sizes(files: Mapping[str, bytes], archive: bytes) -> Table:
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


def installed_sizes(packages: Iterable[Package]) -> Table:
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
