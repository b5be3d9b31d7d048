from __future__ import annotations

import sys
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from tools.package.licences import READINGS, LicenceError, audit
from tools.package.requirements import Package


def package(folder: Path, metadata: str, name: str = "thing", text: str = "") -> Package:
    """Return a package with these lines of metadata and this licence text."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}\n", encoding="utf-8"
    )
    (info / "LICENSE.txt").write_text(text, encoding="utf-8")
    (info / "RECORD").write_text(f"{info.name}/LICENSE.txt,,\n", encoding="utf-8")
    installed: Distribution = PathDistribution(info)
    return Package(name, "1.0", installed, ())


KNOWN = (
    ("License-Expression: MIT", "MIT"),
    ("License-Expression: mit and Zlib", "MIT AND Zlib"),
    ("License-Expression: Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause"),
    ("License: Apache 2.0", "Apache-2.0"),
    ("License: see file\nClassifier: License :: OSI Approved :: MIT License", "MIT"),
    ("License: ISC\nClassifier: License :: OSI Approved :: BSD License", "ISC"),
)


@pytest.mark.parametrize(("metadata", "licence"), KNOWN)
def test_the_licence_comes_from_the_metadata(tmp_path: Path, metadata: str, licence: str) -> None:
    """The newest field that says something clear counts."""
    assert audit([package(tmp_path, metadata)]) == {"thing": licence}


UNKNOWN = (
    "",
    "License: UNKNOWN",
    "License: Redistribution and use in source and binary forms ...",
    "Classifier: License :: OSI Approved :: BSD License",
    "Classifier: License :: OSI Approved",
)


@pytest.mark.parametrize("metadata", UNKNOWN)
def test_unclear_metadata_is_no_licence(tmp_path: Path, metadata: str) -> None:
    """Nothing is guessed: somebody has to read the licence."""
    with pytest.raises(LicenceError, match=r"thing 1\.0: its metadata names no licence"):
        audit([package(tmp_path, metadata)])


REFUSED = (
    ("GPL-3.0-or-later", "GPL-3.0-or-later"),
    ("MIT AND AGPL-3.0-only", "AGPL-3.0-only"),
    ("MIT OR GPL-2.0-only", "GPL-2.0-only"),
    ("GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-3.0-or-later, GCC-exception-3.1"),
)


@pytest.mark.parametrize(("licence", "culprit"), REFUSED)
def test_a_licence_that_is_not_in_the_table_is_refused(
    tmp_path: Path, licence: str, culprit: str
) -> None:
    """Every part of an expression has to be allowed."""
    with pytest.raises(LicenceError, match=f"is not allowed because of {culprit}$"):
        audit([package(tmp_path, f"License-Expression: {licence}")])


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Whoever updates packages sees everything there is to read."""
    with pytest.raises(LicenceError) as caught:
        audit([package(tmp_path, "", "one"), package(tmp_path, "", "other")])

    assert [line.split()[0] for line in str(caught.value).splitlines()] == ["one", "other"]


def test_a_reading_stands_as_long_as_the_text_has_what_was_read(tmp_path: Path) -> None:
    """What somebody read goes before the metadata."""
    reading = READINGS["isodate"]
    text = "\n".join(reading.evidence)

    assert audit([package(tmp_path, "License: MIT", "isodate", text)]) == {
        "isodate": reading.licence
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the readings are of wheels for Linux")
def test_a_reading_falls_with_the_text(tmp_path: Path) -> None:
    """A new version with another text has to be read again."""
    with pytest.raises(LicenceError, match="now lacks"):
        audit([package(tmp_path, "License: MIT", "isodate", "All rights reserved.")])
