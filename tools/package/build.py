"""Reproducible build of the package and its bill of materials from the repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.package.archive import pack
from tools.package.bill_of_materials import bill_of_materials
from tools.package.bundle import read_bundle
from tools.package.bytecode import compiled
from tools.package.licences import audit
from tools.package.release import Release, release
from tools.package.requirements import Requirements, read_requirements


@dataclass(frozen=True, slots=True)
class Build:
    """A package that may be deployed."""

    release: Release
    files: Mapping[str, bytes]
    """What is in the zip: sources and bytecode, by path."""
    archive: bytes
    """The zip."""
    requirements: Requirements
    """What is installed beside it."""
    licences: Mapping[str, str]
    """Of the requirements, by name."""

    @property
    def stem(self) -> str:
        """The common first part of the names of its files."""
        return f"qjobs-{self.release.version}"

    def write(self, folder: Path) -> None:
        """Write the zip and the bill of materials to *folder*."""
        bill = bill_of_materials(self.release, self.archive, self.requirements, self.licences)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.stem}.zip").write_bytes(self.archive)
        (folder / f"{self.stem}.cdx.json").write_text(bill, encoding="utf-8", newline="\n")


def build(root: Path) -> Build:
    """Return the package of the repository at *root*.

    Raises:
        RequirementError: the requirements are not exactly what is needed.
        LicenceError: a package has no licence that is known and allowed.
        BytecodeError: this is not the Python that is deployed.
        SyntaxError: a module cannot be compiled.

    """
    requirements = read_requirements(root)
    licences = audit(requirements.packages)
    state = release(root)
    sources = read_bundle(root)
    files = sources | compiled(sources)
    return Build(state, files, pack(files, state.moment), requirements, licences)
