from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone

from tools.package.archive import pack

MOMENT = datetime(2026, 11, 21, 10, 30, 8, tzinfo=UTC)
FILES = {"b/c.py": b"c", "a.py": b"a" * 1000}


def entries(archive: bytes) -> list[zipfile.ZipInfo]:
    """Return what the zip says about its files."""
    return zipfile.ZipFile(io.BytesIO(archive)).infolist()


def test_the_files_come_out_as_they_went_in() -> None:
    """A zip holds what was given and nothing else."""
    archive = zipfile.ZipFile(io.BytesIO(pack(FILES, MOMENT)))

    assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert archive.testzip() is None


def test_the_order_of_the_files_does_not_matter() -> None:
    """The same files in another order are the same bytes, sorted by path."""
    archive = pack(FILES, MOMENT)

    assert pack(dict(reversed(FILES.items())), MOMENT) == archive
    assert [entry.filename for entry in entries(archive)] == ["a.py", "b/c.py"]


def test_the_time_is_the_moment_in_utc() -> None:
    """The zone in which a moment is told does not show."""
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=-9)))

    assert pack(FILES, elsewhere) == pack(FILES, MOMENT)
    assert {entry.date_time for entry in entries(pack(FILES, MOMENT))} == {
        (2026, 11, 21, 10, 30, 8)
    }


def test_a_moment_before_1980_is_the_first_that_a_zip_knows() -> None:
    """An epoch of 0 gives a valid zip."""
    archive = pack(FILES, datetime.fromtimestamp(0, UTC))

    assert {entry.date_time for entry in entries(archive)} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_of_the_machine_is_in_the_entries() -> None:
    """System, mode, compression and extra fields are the same everywhere."""
    told = {
        (entry.create_system, entry.external_attr >> 16, entry.compress_type, entry.extra)
        for entry in entries(pack(FILES, MOMENT))
    }

    assert told == {(3, 0o100644, zipfile.ZIP_STORED, b"")}
