"""Licence audit of the deployed packages."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution

from license_expression import ExpressionError, get_spdx_licensing  # type: ignore[import-untyped]

from tools.package.requirements import Package

ALLOWED = {
    "0BSD": "asks for nothing",
    "Apache-2.0": "asks to keep notices; grants patents",
    "BSD-2-Clause": "asks to keep notices",
    "BSD-3-Clause": "asks to keep notices",
    "CC0-1.0": "asks for nothing",
    "ISC": "asks to keep notices",
    "MIT": "asks to keep notices",
    "MIT-0": "asks for nothing",
    "MPL-2.0": "asks to publish changes of its own files; we make none",
    "PSF-2.0": "asks to keep notices",
    "Zlib": "asks to mark changes; we make none",
}
"""The licences that a package may have, by their SPDX names, and what each wants of us."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Licence of a package that was read by hand, because its metadata does not name it fully."""

    licence: str
    why: str
    evidence: tuple[str, ...]
    """What the text has to contain, so that a new version with another text is read again."""


_WITH_FORTRAN = (
    "its wheel also has OpenBLAS, LAPACK and the runtime of GCC; the exception of that lets "
    "programs of any licence use it"
)
READINGS = {
    "isodate": Reading(
        "BSD-3-Clause",
        "its metadata has the text of the licence, not its name",
        ("Redistributions in binary form", "Neither the name of"),
    ),
    "numpy": Reading(
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0 AND BSD-3-Clause-Open-MPI AND "
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        _WITH_FORTRAN,
        ("BSD-3-Clause-Open-MPI", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ),
    "scipy": Reading(
        "BSD-3-Clause AND BSD-3-Clause-Open-MPI AND GPL-3.0-or-later WITH GCC-exception-3.1 AND "
        "LGPL-2.1-or-later",
        f"{_WITH_FORTRAN}; libquadmath is a shared library that anybody can replace",
        (
            "BSD-3-Clause-Open-MPI",
            "GPL-3.0-or-later WITH GCC-exception-3.1",
            "LGPL-2.1-or-later",
        ),
    ),
}
"""Packages that were read and found fit by hand, allowed though not in the table above."""

_SPELLINGS = {"Apache 2.0": "Apache-2.0", "MIT License": "MIT"}
"""What metadata says instead of SPDX names."""

_CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""The classifiers that mean one licence; `BSD License`, for one, means several."""

_SPDX = get_spdx_licensing()


class LicenceError(Exception):
    """A package has no licence that is known and allowed; one line per violation."""


def audit(packages: Iterable[Package]) -> dict[str, str]:
    """Return the licence of every package as an SPDX expression, by the package's name.

    Raises:
        LicenceError: it names every package that may not be deployed.

    """
    licences: dict[str, str] = {}
    violations: list[str] = []
    for package in packages:
        try:
            licences[package.name] = _licence(package)
        except LicenceError as error:
            violations.append(f"{package.name} {package.version}: {error}")
    if violations:
        raise LicenceError("\n".join(violations))
    return licences


def _licence(package: Package) -> str:
    if reading := READINGS.get(package.name):
        text = _texts(package.distribution)
        missing = [words for words in reading.evidence if words not in text]
        if missing and sys.platform == "linux":  # wheels for others have other libraries in them
            raise LicenceError(f"its licence was read by hand, but now lacks {missing[0]!r}")
        return reading.licence
    licence = _declared(package.distribution)
    # All that a choice offers have to be allowed too: nobody has to record which was chosen.
    if refused := [key for key in _SPDX.license_keys(licence) if key not in ALLOWED]:
        raise LicenceError(f"{licence} is not allowed because of {', '.join(refused)}")
    return licence


def _declared(installed: Distribution) -> str:
    """Return the licence in the metadata: the newest field that names one."""
    fields = installed.metadata
    told = [*fields.get_all("License-Expression", []), *fields.get_all("License", [])]
    told += [_CLASSIFIERS.get(one, "") for one in fields.get_all("Classifier", [])]
    for text in told:
        try:
            parsed = _SPDX.parse(_SPELLINGS.get(text, text), validate=True)
        except ExpressionError:
            continue
        if parsed is not None:
            return str(parsed.render())
    raise LicenceError("its metadata names no licence: read it and add it to the readings")


def _texts(installed: Distribution) -> str:
    names = ("LICENSE", "LICENCE", "COPYING")
    files = (file for file in installed.files or () if file.name.upper().startswith(names))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
